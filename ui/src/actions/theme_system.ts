import { setTheme } from '../state/theme'
import type { Action, GlobalContext } from './action'

export const systemTheme: Action<GlobalContext> = {
  id: 'theme_system',
  label: "Follow the system's theme",
  keywords: 'colours dark light auto',
  run: () => setTheme('system'),
}
