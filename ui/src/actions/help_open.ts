import type { Action } from './action'

export const openHelp: Action = {
  id: 'help_open',
  label: 'Keyboard shortcuts',
  keywords: 'help keys',
  shortcut: '?',
  run: context => context.openHelp(),
}
