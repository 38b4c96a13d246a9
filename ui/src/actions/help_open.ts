import type { Action, GlobalContext } from './action'

export const openHelp: Action<GlobalContext> = {
  id: 'help_open',
  label: 'Keyboard shortcuts',
  keywords: 'help keys',
  shortcut: '?',
  run: context => context.openHelp(),
}
