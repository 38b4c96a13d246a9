// What a panel shows, whatever kind of object it is.

import { texts } from '../../texts/boards'
import type { Reference, SavedObject } from '../savedobjects'
import { readFilter } from '../vis/filter'
import { asJson, asList, asText, isJson, type Json, parseObject } from '../vis/json'
import { readLens } from '../vis/lens'
import { readMap } from '../vis/map'
import { newVis, type Vis } from '../vis/model'
import { queryFilters } from '../vis/query'
import { readQuery, readVis } from '../vis/read'
import { readTsvb } from '../vis/tsvb'
import { readLinks } from './links'

/** What a panel shows: an object's own attributes and references. */
export type ChartObject = Pick<SavedObject, 'type' | 'attributes' | 'references'>

const REFUSED: Record<string, string> = {
  'canvas-workpad': texts.workpadsOfCanvas,
  image: texts.imagesInPanels,
  LOG_STREAM_EMBEDDABLE: texts.logStreamsOfThisKind,
  ml_anomaly_swimlane: texts.anomalySwimLanes,
}

/** The saved search that a chart is made of, or null. */
export function searchOf(object: ChartObject): string | null {
  const name = asText(object.attributes.savedSearchRefName)
  return object.references.find(r => name !== '' && r.name === name && r.type === 'search')?.id ?? null
}

/** Reads what a panel shows. `base` is the saved search that it is made of. Never fails. */
export function chartOf(object: ChartObject, base: SavedObject | null): Vis {
  const { type, attributes, references } = object
  switch (type) {
    case 'visualization':
      return onSearch(aggregated(attributes, references), base)
    case 'lens':
      return readLens(attributes, references)
    case 'links':
      return readLinks(attributes, references)
    case 'map':
      return readMap(attributes, references)
    case 'search':
      return documents(firstTab(attributes), references)
    default:
      return {
        ...newVis('unsupported'),
        title: asText(attributes.title),
        notes: [REFUSED[type] ?? texts.panelsOfTheType(type)],
      }
  }
}

function aggregated(attributes: Json, references: readonly Reference[]): Vis {
  const state =
    typeof attributes.visState === 'string' ? parseObject(attributes.visState) : asJson(attributes.visState)
  if (state?.type !== 'metrics') return readVis(attributes, references)
  const linked = references.find(r => r.type === 'index-pattern')
  const vis = readTsvb(state.params)
  return {
    ...vis,
    title: asText(attributes.title),
    description: asText(attributes.description),
    search: { ...vis.search, index: linked?.id ?? vis.search.index },
  }
}

/** From Kibana 9 on a saved search has tabs; the first is what a dashboard shows unless its own form is beside them. */
function firstTab(attributes: Json): Json {
  const first = asJson(asList(attributes.tabs)[0]).attributes
  return attributes.kibanaSavedObjectMeta === undefined && isJson(first)
    ? { ...attributes, ...first }
    : attributes
}

/** A saved search is a table of its documents. */
function documents(attributes: Json, references: readonly Reference[]): Vis {
  const source = sourceOf(attributes, references)
  const columns = asList(attributes.columns).filter(c => c !== '_source')
  return {
    ...newVis('top_hits_table', [], { columns, size: 100 }),
    title: asText(attributes.title),
    description: asText(attributes.description),
    search: source,
  }
}

function sourceOf(attributes: Json, references: readonly Reference[]): Vis['search'] {
  const text = asText(asJson(attributes.kibanaSavedObjectMeta).searchSourceJSON)
  const source = (text === '' ? null : parseObject(text)) ?? {}
  const named = references.find(r => r.name === source.indexRefName && r.type === 'index-pattern')
  return {
    query: readQuery(source.query),
    filter: asList(source.filter).flatMap(f => readFilter(f) ?? []),
    index: named?.id ?? (asText(source.index) || null),
  }
}

/** The query and filters of a saved search hold for the charts that are made of it. */
function onSearch(vis: Vis, base: SavedObject | null): Vis {
  if (base === null) return vis
  const { query, filter, index } = sourceOf(base.attributes, base.references)
  const alone = vis.search.query.query === ''
  const asked = alone ? [] : queryFilters(query)
  return {
    ...vis,
    search: {
      query: alone ? query : vis.search.query,
      filter: [...filter, ...(asked ?? []), ...vis.search.filter],
      index: vis.search.index ?? index,
    },
    notes: asked === null ? [...vis.notes, texts.theQueryOfTheSaved] : vis.notes,
  }
}
