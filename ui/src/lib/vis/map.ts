// Kibana's maps of several layers as coordinate maps: each layer of documents is a grid of circles.

import { texts } from '../../texts/vis'
import { nearestToken } from './colours'
import { readFilter } from './filter'
import { asJson, asList, asNumber, asText, isJson, type Json, parseObject } from './json'
import { newVis, type Vis, type VisAgg } from './model'
import { queryFilters } from './query'
import { type Reference, readQuery } from './read'

/** More layers than a map that can be read. */
const MAX_LAYERS = 8

/** Sources that are pictures of the earth, which every map has its own of. */
const GROUND: ReadonlySet<string> = new Set([
  'EMS_TMS',
  'KIBANA_TILEMAP',
  'WMS',
  'EMS_XYZ',
  'MVT_SINGLE_LAYER',
])

/** Reads the attributes of a saved object `map`. Never fails: what has no circles to show has the type `unsupported` and a note. */
export function readMap(attributes: unknown, references: readonly Reference[]): Vis {
  const saved = asJson(attributes)
  const base = { title: asText(saved.title), description: asText(saved.description) }
  const layers = parseList(saved.layerListJSON)
  if (layers === null) return { ...newVis('unsupported'), ...base, notes: [texts.itsMapCannotBeRead] }
  const state = parsed(saved.mapStateJSON)
  const drawn = layers
    .filter(l => l.visible !== false)
    .flatMap(l => layerOf(l, references) ?? [])
    .slice(0, MAX_LAYERS)
  const left = layers.filter(l => layerOf(l, references) === null && !isGround(l)).map(nameOf)
  const typed = queryFilters(readQuery(state.query))
  const notes = [
    ...(typed === null ? [texts.itsQueryCannotBeRead] : []),
    ...(drawn.some(l => l.path) ? [texts.pathsAsTheirEnds] : []),
    ...(left.length > 0 ? [texts.layersLeftOut(left.join(', '))] : []),
  ]
  const [first, ...others] = drawn
  if (!first) return { ...newVis('unsupported'), ...base, notes: [texts.itHasNoLayerOfDocuments, ...notes] }
  const { lat, lon } = asJson(state.center)
  return {
    ...newVis('tile_map', first.aggs, {
      mapCenter: [asNumber(lat) ?? 0, asNumber(lon) ?? 0],
      mapZoom: Math.min(8, Math.max(0, asNumber(state.zoom) ?? 2)),
      ...(others.length > 0 && {
        colours: Object.fromEntries(drawn.flatMap(l => (l.colour === null ? [] : [[l.name, l.colour]]))),
        layers: others.map(l => ({ aggs: l.aggs, query: l.query, index: l.index })),
      }),
    }),
    ...base,
    search: {
      query: readQuery(first.query),
      // Each layer has a query of its own; what is typed over all of them is a filter.
      filter: [...asList(state.filters).flatMap(f => readFilter(f) ?? []), ...(typed ?? [])],
      index: first.index,
    },
    notes,
  }
}

interface Layer {
  name: string
  aggs: VisAgg[]
  query: unknown
  index: string | null
  /** A token, or null where nobody has chosen one. */
  colour: string | null
  /** Lines from one place to another. */
  path: boolean
}

/** A layer of documents; null for any other. */
function layerOf(layer: Json, references: readonly Reference[]): Layer | null {
  const source = asJson(layer.sourceDescriptor)
  const path = source.type === 'ES_PEW_PEW'
  const field = asText(path ? source.destGeoField : source.geoField)
  if (
    field === '' ||
    !['ES_GEO_GRID', 'ES_GEO_LINE', 'ES_SEARCH', 'ES_PEW_PEW'].includes(asText(source.type))
  )
    return null
  const wanted = asText(source.indexPatternRefName)
  const view = references.find(r => wanted !== '' && r.name === wanted && r.type === 'index-pattern')
  const name = asText(layer.label) || texts.aPlaceOf(field)
  const fill = asJson(asJson(asJson(asJson(layer.style).properties).fillColor).options).color
  return {
    name,
    aggs: [
      metricOf(source, name),
      { id: 'places', enabled: true, type: 'geotile_grid', schema: 'segment', params: { field } },
    ],
    query: isJson(layer.query) ? layer.query : { query: '', language: 'kuery' },
    index: view?.id ?? (asText(source.indexPatternId) || null),
    colour: nearestToken(asText(fill), new Set()),
    path,
  }
}

const METRICS = ['avg', 'cardinality', 'max', 'min', 'sum']

/** The first number that a grid measures; documents themselves are counted. */
function metricOf(source: Json, name: string): VisAgg {
  const { type, field } = asJson(asList(source.metrics)[0])
  const known = METRICS.find(m => m === type)
  const shared = { id: 'shown', enabled: true, schema: 'metric' as const }
  return known === undefined || asText(field) === ''
    ? { ...shared, type: 'count', params: { customLabel: name } }
    : { ...shared, type: known, params: { field, customLabel: name } }
}

const isGround = (layer: Json): boolean => {
  const type = asText(asJson(layer.sourceDescriptor).type)
  return type === '' || GROUND.has(type)
}

const nameOf = (layer: Json): string =>
  asText(layer.label) || texts.aLayerOfTheType(asText(asJson(layer.sourceDescriptor).type))

const parsed = (value: unknown): Json =>
  typeof value === 'string' ? (parseObject(value) ?? {}) : asJson(value)

function parseList(value: unknown): Json[] | null {
  if (typeof value !== 'string') return asList(value).map(asJson)
  try {
    return asList(JSON.parse(value)).map(asJson)
  } catch {
    return null
  }
}
