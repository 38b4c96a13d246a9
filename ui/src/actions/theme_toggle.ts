import { toggleTheme as toggle } from '../state/theme'
import type { Action, GlobalContext } from './action'

export const toggleTheme: Action<GlobalContext> = {
  id: 'theme_toggle',
  label: 'Switch between dark and light',
  keywords: 'theme colours night day',
  shortcut: 'd',
  run: () => toggle(),
}
