import { toggleDensity } from '../state/density'
import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const switchDensity: Action<GlobalContext> = {
  id: 'density_toggle',
  label: texts.tightOrRoomyRows,
  keywords: texts.densityCompactRelaxedTableHeight,
  run: toggleDensity,
}
