import { texts } from '../texts/actions'
import type { Action } from './action'

export const toggleRow: Action = {
  id: 'row_toggle',
  label: texts.openOrCloseTheEvent,
  keywords: texts.expandDocumentDetails,
  shortcut: 'Enter',
  run: context => context.toggleSelected(),
}
