import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goProfiler: Action<GlobalContext> = {
  id: 'page_profiler',
  label: texts.goToQueryProfiler,
  keywords: texts.pageDevToolsProfileSlow,
  shortcut: 'g q',
  run: context => context.go('/dev_tools/profiler'),
}
