import { texts } from '../texts/actions'
import type { Action } from './action'

export const nextRow: Action = {
  id: 'row_next',
  label: texts.nextEvent,
  keywords: texts.downMoveSelect,
  shortcut: 'j',
  run: context => context.moveSelection(1),
}
