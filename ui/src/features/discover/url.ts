// Everything that a shared link must reproduce, as the query part of /discover.
// Defaults are left out, so that links stay short; unknown parameters are ignored.

import { type Filter, formatFilter, parseFilter } from '../../lib/filters'
import { DEFAULT_RANGE, defaultRange, type TimeRange } from '../../lib/time/range'
import type { Millis } from '../../lib/time/units'

/** What the results are shown as. */
export const TABS = ['events', 'patterns', 'fields', 'compare'] as const
export type Tab = (typeof TABS)[number]

export type Language = 'kql' | 'lucene'

/** When the page searches again by itself: as events arrive, every so often, or (null) only on demand. */
export type RefreshMode = 'live' | Millis | null

export interface DiscoverState {
  /** Null: chosen from the indices there are. */
  index: string | null
  query: string
  language: Language
  range: TimeRange
  filters: Filter[]
  /** Null: chosen from the data. */
  columns: string[] | null
  /** How rows are ordered; null has the newest first. */
  sort: { field: string; order: 'asc' | 'desc' } | null
  /** The field the histogram is stacked by; 'auto' chooses from the data, null does not stack. */
  breakdown: string | 'auto' | null
  refreshMode: RefreshMode
  /** Whether the histogram also shows the period before. */
  previous: boolean
  tab: Tab
  /** The field whose patterns are shown; null chooses from the data. */
  patternField: string | null
  /** What this search is compared with: its period before, or (a list) the values of a field: its name, and once they are chosen the former and the present. */
  against: string[] | null
  /** The id of the saved search that was opened or saved last. */
  saved: string | null
}

export const DEFAULT_STATE: DiscoverState = {
  index: null,
  query: '',
  language: 'kql',
  range: DEFAULT_RANGE,
  filters: [],
  columns: null,
  sort: null,
  breakdown: 'auto',
  refreshMode: null,
  previous: false,
  tab: 'events',
  patternField: null,
  against: null,
  saved: null,
}

/** Shorter would outrun the searches themselves. */
const MIN_REFRESH: Millis = 1000

/** Reads a query part, with or without its question mark. Damaged parts fall back to their defaults. */
export function parseDiscoverUrl(search: string): DiscoverState {
  const params = new URLSearchParams(search)
  const columns = params.get('columns')
  const by = params.get('by')
  return {
    index: params.get('index') || null,
    query: params.get('q') ?? '',
    language: params.get('lang') === 'lucene' ? 'lucene' : 'kql',
    range: { from: params.get('from') || defaultRange().from, to: params.get('to') || defaultRange().to },
    filters: params.getAll('f').flatMap(text => parseFilter(text) ?? []),
    columns: columns === null ? null : parseList(columns),
    sort: parseSort(params.get('sort')),
    breakdown: by === null || by === '' ? 'auto' : by === 'none' ? null : by,
    refreshMode: parseRefresh(params.get('refresh')),
    previous: params.get('previous') === 'yes',
    tab: TABS.find(tab => tab === params.get('tab')) ?? 'events',
    patternField: params.get('pattern') || null,
    against: parseAgainst(params.get('against')),
    saved: params.get('saved') || null,
  }
}

/** The query part without a question mark; empty when everything is at its default. */
export function formatDiscoverUrl(state: DiscoverState): string {
  const params = new URLSearchParams()
  if (state.index !== null) params.set('index', state.index)
  if (state.query !== '') params.set('q', state.query)
  if (state.language !== 'kql') params.set('lang', state.language)
  if (state.range.from !== defaultRange().from || state.range.to !== defaultRange().to) {
    params.set('from', state.range.from)
    params.set('to', state.range.to)
  }
  for (const filter of state.filters) params.append('f', formatFilter(filter))
  if (state.columns !== null) params.set('columns', formatList(state.columns))
  if (state.sort !== null) params.set('sort', `${state.sort.order === 'asc' ? '' : '-'}${state.sort.field}`)
  if (state.breakdown !== 'auto') params.set('by', state.breakdown ?? 'none')
  if (state.refreshMode === 'live') params.set('refresh', 'live')
  else if (state.refreshMode !== null) params.set('refresh', `${state.refreshMode / 1000}s`)
  if (state.previous) params.set('previous', 'yes')
  if (state.tab !== 'events') params.set('tab', state.tab)
  if (state.patternField !== null) params.set('pattern', state.patternField)
  if (state.saved !== null) params.set('saved', state.saved)
  if (state.against !== null) params.set('against', formatList(state.against))
  // Stars, colons, slashes, commas and @ are legal in a query part and read better bare.
  return params.toString().replace(/%(2A|3A|2F|2C|40|21)/g, code => decodeURIComponent(code))
}

/** A field, with a minus before it for the greatest first. */
function parseSort(text: string | null): DiscoverState['sort'] {
  const [, minus, field] = /^(-?)(.+)$/.exec(text ?? '') ?? []
  return field === undefined ? null : { field, order: minus === '-' ? 'desc' : 'asc' }
}

function parseAgainst(text: string | null): string[] | null {
  const parts = parseList(text ?? '')
  return parts.length === 1 || parts.length === 3 ? parts : null
}

function parseRefresh(text: string | null): RefreshMode {
  if (text === 'live') return 'live'
  const match = /^(\d{1,5})s$/.exec(text ?? '')
  return match ? Math.max(MIN_REFRESH, Number(match[1]) * 1000) : null
}

/** Names with commas between them; a comma or backslash of a name has a backslash before it. */
function formatList(names: readonly string[]): string {
  return names.map(name => name.replace(/[\\,]/g, '\\$&')).join(',')
}

function parseList(text: string): string[] {
  const names = text.match(/(?:[^\\,]|\\[\s\S]?)+/g) ?? []
  return names.map(name => name.replace(/\\([\s\S]?)/g, '$1')).filter(name => name !== '')
}
