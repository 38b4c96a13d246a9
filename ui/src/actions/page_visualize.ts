import { texts } from '../texts/actions'
import type { Action, GlobalContext } from './action'

export const goVisualize: Action<GlobalContext> = {
  id: 'page_visualize',
  label: texts.goToVisualize,
  keywords: texts.pageChartsGraphsVisualizations,
  shortcut: 'g v',
  run: context => context.go('/visualize'),
}
