import { setTheme } from '../state/theme'
import type { Action } from './action'

export const systemTheme: Action = {
  id: 'theme_system',
  label: "Follow the system's theme",
  keywords: 'colours dark light auto',
  run: () => setTheme('system'),
}
