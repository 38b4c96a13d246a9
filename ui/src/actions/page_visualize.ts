import type { Action, GlobalContext } from './action'

export const goVisualize: Action<GlobalContext> = {
  id: 'page_visualize',
  label: 'Go to Visualize',
  keywords: 'page charts graphs visualizations',
  shortcut: 'g v',
  run: context => context.go('/visualize'),
}
