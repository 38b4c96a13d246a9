import { toggleTheme as toggle } from '../state/theme'
import type { Action } from './action'

export const toggleTheme: Action = {
  id: 'theme_toggle',
  label: 'Switch between dark and light',
  keywords: 'theme colours night day',
  shortcut: 'd',
  run: () => toggle(),
}
