import { texts } from '../texts/actions'
import type { Action, ViewContext } from './action'

export const focusSearch: Action<ViewContext> = {
  id: 'search_focus',
  label: texts.search,
  keywords: texts.queryKqlLuceneFind,
  shortcut: '/',
  run: context => context.focusSearch(),
}
