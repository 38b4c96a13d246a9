import { texts } from '../texts/actions'
import type { Action } from './action'

export const closeRows: Action = {
  id: 'rows_close',
  label: texts.closeAllOpenedEvents,
  keywords: texts.collapse,
  shortcut: 'Escape',
  run: context => context.closeDocuments(),
}
