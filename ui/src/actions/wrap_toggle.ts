import { texts } from '../texts/actions'
import type { Action } from './action'

export const toggleWrap: Action = {
  id: 'wrap_toggle',
  label: texts.wrapLongLinesOrCut,
  keywords: texts.tableLines,
  shortcut: 'w',
  run: context => context.toggleWrap(),
}
