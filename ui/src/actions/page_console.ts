import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goConsole: Action<GlobalContext> = {
  id: 'page_console',
  label: texts.goToConsole,
  keywords: texts.pageDevToolsRequestsApi,
  shortcut: 'g c',
  run: context => context.go('/dev_tools/console'),
}
