import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const openPalette: Action<GlobalContext> = {
  id: 'palette_open',
  label: texts.allCommands,
  keywords: texts.paletteMenu,
  shortcut: 'mod+k',
  run: context => context.openPalette(),
}
