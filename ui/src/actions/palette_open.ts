import type { Action } from './action'

export const openPalette: Action = {
  id: 'palette_open',
  label: 'All commands',
  keywords: 'palette menu',
  shortcut: 'mod+k',
  run: context => context.openPalette(),
}
