// Saved objects to visualizations and back: every form of visState that Kibana 5 to 8 and the documents around it write.

import { texts } from '../../texts/vis'
import { nearestToken } from './colours'
import { readFilter } from './filter'
import { asJson, asList, asText, entryOf, isJson, type Json, parseObject } from './json'
import { leftOut } from './left_out'
import { type Schema, VIS_TYPES, type Vis, type VisAgg, type VisQuery, type VisType } from './model'

export interface Reference {
  name: string
  type: string
  id: string
}

/** Names that mean a type of ours. */
const TYPE_NAMES: Record<string, VisType> = {
  vertical_bar: 'histogram',
  bar: 'histogram',
  donut: 'pie',
  data_table: 'table',
  'markdown-vis': 'markdown',
  heat_map: 'heatmap',
  input_control_vis: 'controls',
  tag_cloud: 'tagcloud',
}

const REFUSED: Record<string, string> = {
  metrics: texts.tsvbPanelsAreNotDrawn,
  vega: texts.vegaSpecifications,
  timelion: texts.timelionExpressions,
  lens: texts.thisLensChartCannot,
}

/** Reads the attributes of a saved object `visualization`. Never fails: what cannot be drawn has the type `unsupported` and a note. */
export function readVis(attributes: unknown, references: readonly Reference[] = []): Vis {
  const saved = asJson(attributes)
  const state = typeof saved.visState === 'string' ? parseObject(saved.visState) : asJson(saved.visState)
  const notes: string[] = []
  if (state === null) notes.push(texts.itsVisStateIsNotJson)
  const source = readSource(saved, references)
  const { type, params } = readType(state ?? {}, saved, notes)
  const aggs = readAggs(state?.aggs)
  notes.push(...leftOut({ type, params, aggs }))
  const vis: Vis = {
    title: asText(saved.title, asText(state?.title)),
    description: asText(saved.description),
    type: state === null ? 'unsupported' : type,
    params: type === 'controls' ? withViews(params, references) : withColours(params, saved.uiStateJSON),
    aggs,
    search: source,
    notes,
  }
  return documentsOf(withGeo(vis))
}

/** Controls name their data views by references. */
function withViews(params: Json, references: readonly Reference[]): Json {
  const controls = asList(params.controls).map((one): Json => {
    const { indexPatternRefName, ...control } = asJson(one)
    const view = references.find(r => r.name === indexPatternRefName && r.type === 'index-pattern')
    return view === undefined ? control : { ...control, indexPattern: view.id }
  })
  return { ...params, controls }
}

/** The colours that a person chose in Kibana, by the name of a series; our own choice stands above them. */
function withColours(params: Json, uiState: unknown): Json {
  const ui = asJson(typeof uiState === 'string' ? parseObject(uiState) : uiState)
  const chosen = Object.entries(asJson(asJson(ui.vis).colors ?? ui['vis.colors']))
  const taken = new Set<string>()
  const colours = chosen.slice(0, MAX_COLOURS).flatMap(([name, colour]): [string, string][] => {
    const token = nearestToken(asText(colour), taken)
    if (token === null) return []
    taken.add(token)
    return [[name, token]]
  })
  return colours.length === 0
    ? params
    : { ...params, colours: { ...Object.fromEntries(colours), ...asJson(params.colours) } }
}

/** As many as there are to tell apart. */
const MAX_COLOURS = 11

/** What is saved: Kibana's own attributes, with the data view as a reference. */
export function writeVis(vis: Vis): { attributes: Json; references: Reference[] } {
  const { query, filter, index } = vis.search
  const name = 'kibanaSavedObjectMeta.searchSourceJSON.index'
  return {
    attributes: {
      title: vis.title,
      description: vis.description,
      visState: JSON.stringify({
        title: vis.title,
        type: savedType(vis),
        params: vis.params,
        aggs: vis.aggs,
      }),
      uiStateJSON: '{}',
      version: 1,
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query, filter, ...(index !== null && { indexRefName: name }) }),
      },
    },
    references: index === null ? [] : [{ name, type: 'index-pattern', id: index }],
  }
}

/** A table of whole documents is saved as Kibana knows it. */
const savedType = (vis: Vis): string =>
  vis.type === 'top_hits_table' && documentsOf({ ...vis, type: 'table' }).type === vis.type
    ? 'table'
    : vis.type

function readSource(saved: Json, references: readonly Reference[]): Vis['search'] {
  const meta = asJson(saved.kibanaSavedObjectMeta).searchSourceJSON ?? saved.searchSourceJSON
  const source = typeof meta === 'string' ? (parseObject(meta) ?? {}) : asJson(meta)
  const named = references.find(r => r.name === source.indexRefName && r.type === 'index-pattern')
  const index = named?.id ?? (typeof source.index === 'string' ? source.index : null)
  return {
    query: readQuery(source.query),
    filter: asList(source.filter).flatMap(f => readFilter(f) ?? []),
    index,
  }
}

/** `{query, language}` of today, `{query_string: {query}}` and plain text of before, which were Lucene. */
export function readQuery(value: unknown): VisQuery {
  if (typeof value === 'string') return { query: value, language: 'lucene' }
  const query = asJson(value)
  if (typeof query.query === 'string')
    return {
      query: query.query,
      language: query.language === 'kuery' || query.language === 'kql' ? 'kuery' : 'lucene',
    }
  const text = asJson(asJson(query.query).query_string).query ?? asJson(query.query_string).query
  const everything = typeof text !== 'string' || text === '*'
  return everything ? { query: '', language: 'kuery' } : { query: text, language: 'lucene' }
}

function readType(state: Json, saved: Json, notes: string[]): { type: VisType; params: Json } {
  const name = asText(state.type, asText(saved.type))
  const params = asJson(state.params)
  if (name === 'map') return { type: params.mapType === 'Region Map' ? 'region_map' : 'tile_map', params }
  const type = entryOf(TYPE_NAMES, name) ?? VIS_TYPES.find(t => t === name)
  if (name === 'donut') return { type: 'pie', params: { isDonut: true, ...params } }
  if (type === undefined || type === 'unsupported') {
    notes.push(entryOf(REFUSED, name) ?? texts.thereIsNoChart(name))
    return { type: 'unsupported', params }
  }
  return { type, params }
}

const SCHEMAS: readonly string[] = [
  'metric',
  'segment',
  'group',
  'split',
  'bucket',
  'radius',
] satisfies Schema[]

export function readAggs(value: unknown): VisAgg[] {
  const used = new Set<string>()
  return asList(value).flatMap((one, at): VisAgg[] => {
    if (!isJson(one) || typeof one.type !== 'string') return []
    const wanted = typeof one.id === 'string' || typeof one.id === 'number' ? String(one.id) : ''
    // Names of aggregations may hold no brackets and no “>”.
    const id = /^[\w-]+$/.test(wanted) && !used.has(wanted) ? wanted : `a${at + 1}`
    used.add(id)
    return [
      {
        id,
        enabled: one.enabled !== false,
        type: one.type,
        schema: (SCHEMAS.includes(asText(one.schema)) ? one.schema : 'metric') as Schema,
        params: asJson(one.params),
      },
    ]
  })
}

/** A grid of a map is its segment, whatever schema it is saved under. */
function withGeo(vis: Vis): Vis {
  if (vis.type !== 'tile_map') return vis
  const aggs = vis.aggs.map((a): VisAgg => (isGeoGrid(a.type) ? { ...a, schema: 'segment' } : a))
  return { ...vis, aggs }
}

export const isGeoGrid = (type: string): boolean => type === 'geohash_grid' || type === 'geotile_grid'

/** A table of whole documents (`top_hits` of `_source`) is a list of documents. */
function documentsOf(vis: Vis): Vis {
  const hits = vis.aggs.find(a => a.enabled && a.type === 'top_hits' && a.params.field === '_source')
  const whole =
    vis.type === 'table' && hits !== undefined && vis.aggs.every(a => a === hits || a.type === 'filters')
  return whole ? { ...vis, type: 'top_hits_table' } : vis
}
