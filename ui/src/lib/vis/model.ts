// A visualization: Kibana's aggs-based `visState` with its `searchSourceJSON`, checked and in one form whatever version wrote it.

import type { VisFilter } from './filter'
import type { Json } from './json'

/** Each has a drawing; `unsupported` has a reason instead. */
export const VIS_TYPES = [
  'line',
  'area',
  'histogram',
  'horizontal_bar',
  'pie',
  'metric',
  'gauge',
  'goal',
  'table',
  'heatmap',
  'tagcloud',
  'tile_map',
  'region_map',
  'markdown',
  'controls',
  'log_stream',
  'top_hits_table',
  'unsupported',
] as const

export type VisType = (typeof VIS_TYPES)[number]

/**
 * Where an aggregation goes: `metric` is measured, `segment` is the axis, the slice or the tag, `group` tells series apart,
 * `split` makes small charts, `bucket` makes rows.
 */
export type Schema = 'metric' | 'segment' | 'group' | 'split' | 'bucket' | 'radius'

export interface VisAgg {
  /** Names the aggregation in the request and in params such as `seriesParams`; unique. */
  id: string
  enabled: boolean
  /** A metric (METRIC_AGGS) or a bucket (BUCKET_AGGS). */
  type: string
  schema: Schema
  params: Json
}

export interface VisQuery {
  query: string
  language: 'kuery' | 'lucene'
}

export interface Vis {
  title: string
  description: string
  type: VisType
  params: Json
  aggs: VisAgg[]
  search: {
    query: VisQuery
    filter: VisFilter[]
    /** The id of the data view (saved object `index-pattern`), or null. */
    index: string | null
  }
  /** What was read otherwise than it was written, or cannot be shown: told beside the panel. */
  notes: string[]
}

export const EMPTY_QUERY: VisQuery = { query: '', language: 'kuery' }

export function newVis(type: VisType, aggs: VisAgg[] = [], params: Json = {}): Vis {
  return {
    title: '',
    description: '',
    type,
    params,
    aggs,
    search: { query: EMPTY_QUERY, filter: [], index: null },
    notes: [],
  }
}

export const enabledAggs = (vis: Vis, ...schemas: Schema[]): VisAgg[] =>
  vis.aggs.filter(agg => agg.enabled && schemas.includes(agg.schema))

/** Types with an axis. */
export const isXY = (type: VisType): boolean => ['line', 'area', 'histogram', 'horizontal_bar'].includes(type)

/** Types that show documents and not aggregations. */
export const isDocuments = (type: VisType): boolean => type === 'log_stream' || type === 'top_hits_table'
