// Everything that a link to the editor reproduces: what is looked at, and the chart as it is being changed.

import { defaultRange, type TimeRange } from '../../lib/time/range'
import { readFilter, type VisFilter } from '../../lib/vis/filter'
import { asJson, asList, parseObject } from '../../lib/vis/json'
import { EMPTY_QUERY, type Vis, type VisQuery } from '../../lib/vis/model'
import { readVis } from '../../lib/vis/read'

/** The part of a visualization that is changed here. */
export type Draft = Pick<Vis, 'type' | 'params' | 'aggs'>

export interface EditorState {
  /** The saved visualization that it began as, or null. */
  id: string | null
  /** The index pattern; null chooses one. */
  index: string | null
  range: TimeRange
  query: VisQuery
  filters: VisFilter[]
  /** Null: as it is saved, or nothing yet. */
  draft: Draft | null
}

export const EDITOR_PATH = '/visualize/editor'

export function parseEditorUrl(search: string): EditorState {
  const params = new URLSearchParams(search)
  return {
    id: params.get('id') || null,
    index: params.get('index') || null,
    range: { from: params.get('from') || defaultRange().from, to: params.get('to') || defaultRange().to },
    query: { query: params.get('q') ?? '', language: params.get('lang') === 'lucene' ? 'lucene' : 'kuery' },
    filters: params.getAll('f').flatMap(text => readFilter(parseObject(text)) ?? []),
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
  if (state.id !== null) params.set('id', state.id)
  if (state.index !== null) params.set('index', state.index)
  if (state.query.query !== EMPTY_QUERY.query) params.set('q', state.query.query)
  if (state.query.language !== EMPTY_QUERY.language) params.set('lang', state.query.language)
  if (state.range.from !== defaultRange().from || state.range.to !== defaultRange().to) {
    params.set('from', state.range.from)
    params.set('to', state.range.to)
  }
  for (const filter of state.filters) params.append('f', JSON.stringify(filter))
  if (state.draft !== null) {
    const { type, params: options, aggs } = state.draft
    params.set('vis', JSON.stringify({ type, params: options, aggs }))
  }
  const query = params.toString().replace(/%(2A|3A|2F|2C|40|21)/g, code => decodeURIComponent(code))
  return query === '' ? EDITOR_PATH : `${EDITOR_PATH}?${query}`
}
