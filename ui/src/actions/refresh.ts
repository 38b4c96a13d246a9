import { texts } from '../texts/actions'
import type { Action, ViewContext } from './action'

export const refresh: Action<ViewContext> = {
  id: 'refresh',
  label: texts.searchAgain,
  keywords: texts.reloadUpdateNow,
  shortcut: 'r',
  run: context => context.refresh(),
}
