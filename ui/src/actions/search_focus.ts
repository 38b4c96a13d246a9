import type { Action } from './action'

export const focusSearch: Action = {
  id: 'search_focus',
  label: 'Search',
  keywords: 'query kql lucene find',
  shortcut: '/',
  run: context => context.focusSearch(),
}
