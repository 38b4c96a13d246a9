// Everything that a link to the editor of charts reproduces: what is looked at, the chart as it is being changed, and the dashboard that it is for.

import { defaultRange, type TimeRange } from '../time/range'
import { readFilter, type VisFilter } from './filter'
import { asJson, asList, parseObject } from './json'
import { EMPTY_QUERY, type Vis, type VisQuery } from './model'
import { readVis } from './read'

/** The part of a visualization that the settings change. */
export type Draft = Pick<Vis, 'type' | 'params' | 'aggs'>

/** Where the editor was opened from, and where it goes back to. */
export interface Board {
  /** The id of the dashboard. */
  id: string
  /** The panel that is edited; null makes a new one. */
  panel: string | null
  /** The query part of the dashboard's address, without a question mark. */
  search: string
}

export interface EditorState {
  /** The saved visualization that it began as, or null. */
  id: string | null
  /** Null for a chart of the library. */
  board: Board | null
  /** The index pattern; null chooses one. */
  index: string | null
  range: TimeRange
  /** Null takes what the chart has, as with the filters, the title and the draft. */
  query: VisQuery | null
  filters: VisFilter[] | null
  title: string | null
  draft: Draft | null
}

export const EDITOR_PATH = '/visualize/editor'

export function parseEditorUrl(search: string): EditorState {
  const params = new URLSearchParams(search)
  const board = params.get('dashboard')
  const query = params.get('q')
  return {
    id: params.get('id') || null,
    board: board ? { id: board, panel: params.get('panel') || null, search: params.get('back') ?? '' } : null,
    index: params.get('index') || null,
    range: { from: params.get('from') || defaultRange().from, to: params.get('to') || defaultRange().to },
    query: query === null ? null : { query, language: params.get('lang') === 'lucene' ? 'lucene' : 'kuery' },
    filters: params.has('f') ? params.getAll('f').flatMap(text => readFilter(parseObject(text)) ?? []) : null,
    title: params.get('title'),
    draft: parseDraft(params.get('vis')),
  }
}

/** Damaged parts are left out, as with a saved object. */
function parseDraft(text: string | null): Draft | null {
  const state = text === null ? null : parseObject(text)
  if (state === null) return null
  const { type, params, aggs } = readVis({ visState: { ...asJson(state), aggs: asList(state.aggs) } })
  return type === 'unsupported' ? null : { type, params, aggs }
}

export function formatEditorUrl(state: EditorState): string {
  const params = new URLSearchParams()
  const { board, query, filters } = state
  if (state.id !== null) params.set('id', state.id)
  if (board !== null) {
    params.set('dashboard', board.id)
    if (board.panel !== null) params.set('panel', board.panel)
    if (board.search !== '') params.set('back', board.search)
  }
  if (state.index !== null) params.set('index', state.index)
  if (query !== null) params.set('q', query.query)
  if (query !== null && query.language !== EMPTY_QUERY.language) params.set('lang', query.language)
  // A dashboard's time is its own, also where it is the usual one.
  const usual = state.range.from === defaultRange().from && state.range.to === defaultRange().to
  if (board !== null || !usual) {
    params.set('from', state.range.from)
    params.set('to', state.range.to)
  }
  for (const filter of filters ?? []) params.append('f', JSON.stringify(filter))
  // No filter at all is something else than those that the chart has.
  if (filters?.length === 0) params.set('f', '')
  if (state.title !== null) params.set('title', state.title)
  if (state.draft !== null) {
    const { type, params: options, aggs } = state.draft
    params.set('vis', JSON.stringify({ type, params: options, aggs }))
  }
  const written = params.toString().replace(/%(2A|3A|2F|2C|40|21)/g, code => decodeURIComponent(code))
  return written === '' ? EDITOR_PATH : `${EDITOR_PATH}?${written}`
}
