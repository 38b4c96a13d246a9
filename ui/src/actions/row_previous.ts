import type { Action } from './action'

export const previousRow: Action = {
  id: 'row_previous',
  label: 'Previous event',
  keywords: 'up move select',
  shortcut: 'k',
  run: context => context.moveSelection(-1),
}
