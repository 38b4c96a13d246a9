import type { Action, ViewContext } from './action'

export const focusSearch: Action<ViewContext> = {
  id: 'search_focus',
  label: 'Search',
  keywords: 'query kql lucene find',
  shortcut: '/',
  run: context => context.focusSearch(),
}
