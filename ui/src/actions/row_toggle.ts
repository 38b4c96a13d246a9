import type { Action } from './action'

export const toggleRow: Action = {
  id: 'row_toggle',
  label: 'Open or close the event',
  keywords: 'expand document details',
  shortcut: 'Enter',
  run: context => context.toggleSelected(),
}
