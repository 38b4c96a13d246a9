import type { Action } from './action'

export const nextRow: Action = {
  id: 'row_next',
  label: 'Next event',
  keywords: 'down move select',
  shortcut: 'j',
  run: context => context.moveSelection(1),
}
