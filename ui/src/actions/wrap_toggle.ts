import type { Action } from './action'

export const toggleWrap: Action = {
  id: 'wrap_toggle',
  label: 'Wrap long lines or cut them',
  keywords: 'table lines',
  shortcut: 'w',
  run: context => context.toggleWrap(),
}
