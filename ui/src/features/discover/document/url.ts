// One document among its neighbours: /document?in=logs-2026.11.26&id=7f3&index=logs-*, and the search that it was found with.

import { DEFAULT_STATE, type DiscoverState, formatDiscoverUrl, parseDiscoverUrl } from '../url'

export interface DocumentState {
  /** The index that holds it. */
  index: string
  id: string
  /** The search that it was found with; its index pattern is where the neighbours come from. */
  search: DiscoverState
  /** Whether only neighbours that the search finds are shown. */
  kept: boolean
}

export function parseDocumentUrl(text: string): DocumentState {
  const params = new URLSearchParams(text)
  return {
    index: params.get('in') ?? '',
    id: params.get('id') ?? '',
    search: parseDiscoverUrl(text),
    kept: params.get('kept') === 'yes',
  }
}

export function formatDocumentUrl({ index, id, search, kept }: DocumentState): string {
  const own = new URLSearchParams({ in: index, id })
  if (kept) own.set('kept', 'yes')
  const rest = formatDiscoverUrl({ ...DEFAULT_STATE, ...pick(search) })
  return `/document?${own}${rest === '' ? '' : `&${rest}`}`
}

/** What matters here: not the time, for that is the document's own. */
function pick({ index, query, language, filters, columns }: DiscoverState) {
  return { index, query, language, filters, columns }
}
