import { toggleTheme as toggle } from '../state/theme'
import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const toggleTheme: Action<GlobalContext> = {
  id: 'theme_toggle',
  label: texts.switchBetweenDarkAndLight,
  keywords: texts.themeColoursNightDay,
  shortcut: 'd',
  run: () => toggle(),
}
