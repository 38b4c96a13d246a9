import { setTheme } from '../state/theme'
import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const systemTheme: Action<GlobalContext> = {
  id: 'theme_system',
  label: texts.followTheSystemsTheme,
  keywords: texts.coloursDarkLightAuto,
  run: () => setTheme('system'),
}
