import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goPipelineDebugger: Action<GlobalContext> = {
  id: 'page_pipeline_debugger',
  label: texts.goToPipelineDebugger,
  keywords: texts.pageDevToolsLogstash,
  shortcut: 'g e',
  run: context => context.go('/dev_tools/pipeline_debugger'),
}
