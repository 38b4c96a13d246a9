import { madeFields } from '../../lib/runtimefields'
import { texts } from '../../texts/api'
import { array, type Json, number, object, ShapeError, string } from './shape'

export interface Hit {
  index: string
  id: string
  source: Json
  sort: unknown[]
}

export interface Bucket {
  key: string | number
  keyText: string
  count: number
  /** The bucket's own members, which hold its sub-aggregations by name. */
  raw: Json
}

export interface SearchResponse {
  tookMillis: number
  /** Null when the request asked not to count. `exact` is false for a lower bound. */
  total: { value: number; exact: boolean } | null
  hits: Hit[]
  aggregations: Json
  /** Why part of the answer is missing; empty for a whole answer. */
  missing: string[]
}

export function decodeSearch(answer: unknown): SearchResponse {
  const root = object(answer, '_search')
  const hits = object(root.hits, 'hits')
  return {
    tookMillis: number(root.took, 'took'),
    total: decodeTotal(hits.total),
    hits: array(hits.hits, 'hits.hits').map(decodeHit),
    aggregations: root.aggregations === undefined ? {} : object(root.aggregations, 'aggregations'),
    missing: decodeMissing(root),
  }
}

function decodeTotal(total: unknown): SearchResponse['total'] {
  if (total === undefined || total === null) return null
  if (typeof total === 'number') return { value: total, exact: true }
  const { value, relation } = object(total, 'hits.total')
  return { value: number(value, 'hits.total.value'), exact: relation !== 'gte' }
}

function decodeHit(value: unknown, i: number): Hit {
  const hit = object(value, `hits.hits[${i}]`)
  return {
    index: string(hit._index, `hits.hits[${i}]._index`),
    id: string(hit._id, `hits.hits[${i}]._id`),
    source: madeFields(
      hit._source === undefined ? {} : object(hit._source, `hits.hits[${i}]._source`),
      hit.fields === undefined ? {} : object(hit.fields, `hits.hits[${i}].fields`),
    ),
    sort: Array.isArray(hit.sort) ? hit.sort : [],
  }
}

function decodeMissing(root: Json): string[] {
  const missing = root.timed_out === true ? [texts.theSearchRanOut] : []
  const shards = root._shards === undefined ? {} : object(root._shards, '_shards')
  const failed = typeof shards.failed === 'number' ? shards.failed : 0
  if (failed === 0) return missing
  const failure = Array.isArray(shards.failures)
    ? (shards.failures[0] as { reason?: { reason?: unknown } } | undefined)
    : undefined
  const reason = failure?.reason?.reason
  const text = texts.shardsFailed(failed, String(shards.total))
  return [...missing, typeof reason === 'string' ? `${text}: ${reason}` : text]
}

/** The buckets of a terms, histogram, range or filters aggregation. */
export function decodeBuckets(parent: Json, name: string): { buckets: Bucket[]; others: number } {
  const aggregation = object(parent[name], name)
  const raw = aggregation.buckets
  const list = Array.isArray(raw)
    ? raw.map((b, i) => object(b, `${name}.buckets[${i}]`))
    : Object.entries(object(raw, `${name}.buckets`)).map(
        ([key, b]): Json => ({ key, ...object(b, `${name}.${key}`) }),
      )
  const buckets = list.map((bucket, i): Bucket => {
    const { key } = bucket
    if (typeof key !== 'string' && typeof key !== 'number')
      throw new ShapeError(`${name}.buckets[${i}].key`, texts.aTextOrANumber)
    const keyText = typeof bucket.key_as_string === 'string' ? bucket.key_as_string : String(key)
    return { key, keyText, count: number(bucket.doc_count, `${name}.buckets[${i}].doc_count`), raw: bucket }
  })
  return {
    buckets,
    others: typeof aggregation.sum_other_doc_count === 'number' ? aggregation.sum_other_doc_count : 0,
  }
}

/** The value of a metric aggregation; null over no documents. */
export function decodeMetric(parent: Json, name: string): number | null {
  const { value } = object(parent[name], name)
  return value === null || value === undefined ? null : number(value, `${name}.value`)
}

/** The values of a percentiles aggregation by percent. */
export function decodePercentiles(parent: Json, name: string): Map<number, number> {
  const values = object(object(parent[name], name).values, `${name}.values`)
  const out = new Map<number, number>()
  for (const [percent, value] of Object.entries(values)) {
    if (typeof value === 'number') out.set(Number(percent), value)
  }
  return out
}
