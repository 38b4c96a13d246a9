// What the fields of the events hold, several fields to a request.

import type { SearchRequest } from '../../../api/client'
import { decodeBuckets, decodeMetric, decodePercentiles } from '../../../api/schemas/search'
import type { Json } from '../../../api/schemas/shape'
import type { Field } from '../../../lib/fields'
import type { Query } from '../../../lib/kql/dsl'

/** Few enough to answer soon, many enough to be few requests. */
export const BATCH = 8
const TOP = 5
const PERCENTS = [0, 5, 25, 50, 75, 95, 99, 100]

export interface FieldStats {
  having: number
  distinct: number | null
  top: { text: string; key: string | number; count: number }[]
  /** Of numbers: values by percent. */
  spread: Map<number, number> | null
  /** Of dates. */
  first: number | null
  last: number | null
}

export function statsRequest(query: Query, fields: readonly Field[]): SearchRequest {
  const aggs: Record<string, unknown> = {}
  fields.forEach((field, i) => {
    const on = field.aggregateOn
    aggs[`h${i}`] = { filter: { exists: { field: field.name } } }
    if (on === null) return
    aggs[`d${i}`] = { cardinality: { field: on } }
    if (field.kind === 'number') aggs[`p${i}`] = { percentiles: { field: on, percents: PERCENTS } }
    else if (field.kind === 'date') {
      aggs[`a${i}`] = { min: { field: on } }
      aggs[`z${i}`] = { max: { field: on } }
    } else aggs[`t${i}`] = { terms: { field: on, size: TOP } }
  })
  return { query, size: 0, track_total_hits: true, aggs }
}

export function decodeStats(aggregations: Json, fields: readonly Field[]): FieldStats[] {
  const has = (name: string) => aggregations[name] !== undefined
  return fields.map((_, i) => ({
    having: countOf(aggregations[`h${i}`]),
    distinct: has(`d${i}`) ? decodeMetric(aggregations, `d${i}`) : null,
    top: has(`t${i}`)
      ? decodeBuckets(aggregations, `t${i}`).buckets.map(b => ({
          text: b.keyText,
          key: b.key,
          count: b.count,
        }))
      : [],
    spread: has(`p${i}`) ? decodePercentiles(aggregations, `p${i}`) : null,
    first: has(`a${i}`) ? decodeMetric(aggregations, `a${i}`) : null,
    last: has(`z${i}`) ? decodeMetric(aggregations, `z${i}`) : null,
  }))
}

function countOf(aggregation: unknown): number {
  const count = (aggregation as { doc_count?: unknown } | undefined)?.doc_count
  return typeof count === 'number' ? count : 0
}
