import type { Action } from './action'

export const closeRows: Action = {
  id: 'rows_close',
  label: 'Close all opened events',
  keywords: 'collapse',
  shortcut: 'Escape',
  run: context => context.closeDocuments(),
}
