import type { Action, GlobalContext } from './action'

export const goIndices: Action<GlobalContext> = {
  id: 'page_indices',
  label: 'Go to Indices',
  keywords: 'page management data streams mapping settings',
  shortcut: 'g i',
  run: context => context.go('/management/indices'),
}
