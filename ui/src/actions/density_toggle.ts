import { toggleDensity } from '../state/density'
import type { Action, GlobalContext } from './action'

export const switchDensity: Action<GlobalContext> = {
  id: 'density_toggle',
  label: 'Tight or roomy rows',
  keywords: 'density compact relaxed table height',
  run: toggleDensity,
}
