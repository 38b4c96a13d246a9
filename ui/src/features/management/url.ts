// What links to the management pages reproduce.

export const INDEX_TABS = ['overview', 'mapping', 'settings', 'aliases', 'segments'] as const
export type IndexTab = (typeof INDEX_TABS)[number]

export interface IndicesState {
  view: 'indices' | 'streams'
  /** The text that names are narrowed by. */
  find: string
  hidden: boolean
  /** The index or data stream that is open; null for none. */
  open: string | null
  tab: IndexTab
}

export function parseIndicesUrl(search: string): IndicesState {
  const params = new URLSearchParams(search)
  return {
    view: params.get('view') === 'streams' ? 'streams' : 'indices',
    find: params.get('find') ?? '',
    hidden: params.get('hidden') === '1',
    open: params.get('open'),
    tab: INDEX_TABS.find(tab => tab === params.get('tab')) ?? 'overview',
  }
}

/** The query part without a question mark; empty when everything is at its default. */
export function formatIndicesUrl(state: IndicesState): string {
  const params = new URLSearchParams()
  if (state.view !== 'indices') params.set('view', state.view)
  if (state.find !== '') params.set('find', state.find)
  if (state.hidden) params.set('hidden', '1')
  if (state.open !== null) params.set('open', state.open)
  if (state.tab !== 'overview') params.set('tab', state.tab)
  return params.toString()
}
