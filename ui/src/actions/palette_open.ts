import type { Action, GlobalContext } from './action'

export const openPalette: Action<GlobalContext> = {
  id: 'palette_open',
  label: 'All commands',
  keywords: 'palette menu',
  shortcut: 'mod+k',
  run: context => context.openPalette(),
}
