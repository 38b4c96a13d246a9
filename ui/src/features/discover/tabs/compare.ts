// Two sets of events side by side: what is only in one, and what grew or shrank.

import type { SearchRequest } from '../../../api/client'
import { decodeBuckets, decodePercentiles } from '../../../api/schemas/search'
import { type Json, object } from '../../../api/schemas/shape'
import { type Field, SERVICE_FIELDS } from '../../../lib/fields'
import type { Query } from '../../../lib/kql/dsl'
import { LEVEL_FIELDS, levelOf } from '../../../lib/levels'
import type { ResolvedRange } from '../../../lib/time/range'
import { storyOf } from '../../../lib/trace/ids'
import { timeClause } from '../request'

export interface Sides {
  now: Query
  before: Query
  /** What both lie in. */
  span: Query
}

/** This period and the one of the same length before it. */
export function periodSides(timeField: string, { from, to }: ResolvedRange): Sides {
  const earlier = from - (to - from)
  return {
    now: timeClause(timeField, { gte: from, lte: to }),
    before: timeClause(timeField, { gte: earlier, lt: from }),
    span: timeClause(timeField, { gte: earlier, lte: to }),
  }
}

/** Two values of a field within one period. */
export function valueSides(on: string, before: string, now: string, time: Query): Sides {
  return { now: { term: { [on]: now } }, before: { term: { [on]: before } }, span: time }
}

/** A field whose values are compared, and what to aggregate on. */
export interface Dimension {
  field: string
  on: string
}

const MAX_DIMENSIONS = 10
const VALUES = 100
const MESSAGES = 'messages'
const LATENCIES = ['duration_ms', 'latency_ms', 'response_time', 'response_time_ms', 'elapsed_ms', 'took']
/** Told apart first. */
const FIRST = [
  ...LEVEL_FIELDS,
  ...SERVICE_FIELDS,
  'error_type',
  'event_type',
  'tool_name',
  'model',
  'model_name',
  'status',
  'status_code',
]

/** Fields with few values that the events have; ids and what is compared itself are none. */
export function dimensionsOf(
  fields: readonly Field[],
  present: ReadonlyMap<string, number>,
  apart: string | null,
): Dimension[] {
  const rank = (f: Field) => {
    const at = FIRST.indexOf(f.name)
    return at < 0 ? FIRST.length : at
  }
  return fields
    .filter(f => present.has(f.name) && f.aggregateOn !== null && f.name !== apart)
    .filter(f => f.kind === 'keyword' || f.kind === 'boolean' || FIRST.includes(f.name))
    .filter(f => storyOf(f.name) === null && !/(?:^|[._])(?:id|hash|uuid|ip)$/.test(f.name))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_DIMENSIONS)
    .map(f => ({ field: f.name, on: f.aggregateOn as string }))
}

export function latencyOf(fields: readonly Field[], present: ReadonlyMap<string, number>): string | null {
  return (
    LATENCIES.find(name => present.has(name) && fields.some(f => f.name === name && f.kind === 'number')) ??
    null
  )
}

export function compareRequest(
  query: Query,
  sides: Sides,
  dimensions: readonly Dimension[],
  message: string | null,
  latency: string | null,
): SearchRequest {
  const each = { sides: { filters: { filters: { now: sides.now, before: sides.before } } } }
  const inner =
    latency === null ? {} : { aggs: { latency: { percentiles: { field: latency, percents: [50, 95] } } } }
  const aggs: Record<string, unknown> = { sides: { ...each.sides, ...inner } }
  if (message !== null) aggs[MESSAGES] = { categorize_text: { field: message, size: VALUES }, aggs: each }
  dimensions.forEach(({ on }, i) => {
    aggs[`d${i}`] = { terms: { field: on, size: VALUES }, aggs: each }
  })
  const either = { bool: { should: [sides.now, sides.before], minimum_should_match: 1 } }
  return { query: { bool: { filter: [query, sides.span, either] } }, size: 0, track_total_hits: false, aggs }
}

export type Change = 'new' | 'grew' | 'shrank' | 'vanished'

export interface Row {
  text: string
  key: string | number
  before: number
  now: number
  change: Change
  /** How sure the change is: how far it lies from chance. */
  weight: number
  /** Values of other fields with the same counts, such as the country beside its only city. */
  also: { field: string; text: string; key: string | number }[]
}

export interface Group {
  /** Null for messages. */
  field: string | null
  rows: Row[]
}

export interface Side {
  count: number
  errors: number | null
  p50: number | null
  p95: number | null
}

export interface Comparison {
  now: Side
  before: Side
  groups: Group[]
}

/** Three times what chance does to a count. */
const SURE = 3
const ROWS = 12

export function decodeComparison(
  aggregations: Json,
  dimensions: readonly Dimension[],
  scaled: boolean,
): Comparison {
  const [now, before] = ['now', 'before'].map(name => decodeSide(aggregations, name)) as [Side, Side]
  // Between two values the sizes differ for reasons of their own, so shares are compared instead of counts.
  const scale = scaled && before.count > 0 ? now.count / before.count : 1
  const groups: Group[] = []
  if (aggregations[MESSAGES] !== undefined)
    groups.push({ field: null, rows: rowsOf(aggregations, MESSAGES, scale) })
  dimensions.forEach(({ field }, i) => {
    groups.push({ field, rows: rowsOf(aggregations, `d${i}`, scale) })
    if (LEVEL_FIELDS.includes(field) && now.errors === null) {
      now.errors = errorsIn(aggregations, `d${i}`, 'now')
      before.errors = errorsIn(aggregations, `d${i}`, 'before')
    }
  })
  return { now, before, groups: foldAlike(groups).filter(g => g.rows.length > 0) }
}

/** Fewer events than these are alike by chance. */
const ALIKE_LEAST = 10
/** How far counts of one fact, seen in two fields, may lie apart: some events lack one of the two. */
const ALIKE_APART = 0.02

/** One fact often shows in several fields, such as a city and its country: it is told once, with the others named beside it. */
function foldAlike(groups: Group[]): Group[] {
  const told: { field: string; row: Row }[] = []
  return groups.map(({ field, rows }) => {
    if (field === null) return { field, rows }
    const kept = rows.filter(row => {
      const same = told.find(t => t.field !== field && alike(t.row, row))
      if (same) same.row.also.push({ field, text: row.text, key: row.key })
      return same === undefined
    })
    told.push(...kept.map(row => ({ field, row })))
    return { field, rows: kept }
  })
}

function alike(a: Row, b: Row): boolean {
  const near = (x: number, y: number) => Math.abs(x - y) <= ALIKE_APART * Math.max(x, y)
  return (
    a.change === b.change &&
    Math.max(a.before, a.now) >= ALIKE_LEAST &&
    near(a.before, b.before) &&
    near(a.now, b.now)
  )
}

function decodeSide(aggregations: Json, name: string): Side {
  const bucket = decodeBuckets(aggregations, 'sides').buckets.find(b => b.keyText === name)
  const spread =
    bucket?.raw.latency === undefined ? new Map<number, number>() : decodePercentiles(bucket.raw, 'latency')
  return { count: bucket?.count ?? 0, errors: null, p50: spread.get(50) ?? null, p95: spread.get(95) ?? null }
}

const countOf = (raw: Json, name: string) =>
  decodeBuckets({ sides: object(raw.sides, 'sides') }, 'sides').buckets.find(b => b.keyText === name)
    ?.count ?? 0

function errorsIn(aggregations: Json, name: string, side: string): number {
  return decodeBuckets(aggregations, name).buckets.reduce((sum, b) => {
    const level = levelOf(b.keyText)
    return sum + (level === 'error' || level === 'fatal' ? countOf(b.raw, side) : 0)
  }, 0)
}

function rowsOf(aggregations: Json, name: string, scale: number): Row[] {
  return decodeBuckets(aggregations, name)
    .buckets.map(({ key, keyText, raw }): Row => {
      const [now, before] = [countOf(raw, 'now'), countOf(raw, 'before')]
      const expected = before * scale
      const change: Change =
        before === 0 ? 'new' : now === 0 ? 'vanished' : now > expected ? 'grew' : 'shrank'
      return {
        text: keyText,
        key,
        before,
        now,
        change,
        weight: Math.abs(now - expected) / Math.sqrt(now + expected + 1),
        also: [],
      }
    })
    .filter(
      row => row.weight >= SURE || ((row.change === 'new' || row.change === 'vanished') && row.weight >= 1),
    )
    .sort((a, b) => b.weight - a.weight)
    .slice(0, ROWS)
}
