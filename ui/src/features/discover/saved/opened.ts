import { pinnedOf } from '../../../lib/filters'
import type { SavedObject } from '../../../lib/savedobjects'
import type { SearchContent } from '../../../lib/savedsearch'
import type { DiscoverState } from '../url'

/** The state that a saved object stands for; what is pinned stays. */
export function opened(
  object: SavedObject,
  content: SearchContent,
  state: DiscoverState,
): Partial<DiscoverState> {
  const { query, language, filters, range } = content
  const kept = pinnedOf(state.filters).filter(
    p => !filters.some(f => f.field === p.field && f.value === p.value),
  )
  const found = { query, language, filters: [...kept, ...filters], ...(range && { range }) }
  if (object.type === 'query') return found
  const { index, columns, breakdown } = content
  return { ...found, saved: object.id, columns, breakdown, tab: 'events', ...(index !== null && { index }) }
}
