import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goDiscover: Action<GlobalContext> = {
  id: 'page_discover',
  label: texts.goToDiscover,
  keywords: texts.pageLogsEvents,
  shortcut: 'g d',
  run: context => context.go('/discover'),
}
