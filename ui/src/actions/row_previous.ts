import { texts } from '../texts/actions'
import type { Action } from './action'

export const previousRow: Action = {
  id: 'row_previous',
  label: texts.previousEvent,
  keywords: texts.upMoveSelect,
  shortcut: 'k',
  run: context => context.moveSelection(-1),
}
