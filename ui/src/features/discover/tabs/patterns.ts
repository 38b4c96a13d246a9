// Messages by the template that they were written from: the request, and its answer.

import type { SearchRequest } from '../../../api/client'
import { decodeBuckets, decodeMetric } from '../../../api/schemas/search'
import { array, type Json, object } from '../../../api/schemas/shape'
import type { Field } from '../../../lib/fields'
import { MESSAGE_FIELDS } from '../../../lib/fields'
import type { Query } from '../../../lib/kql/dsl'
import type { Level } from '../../../lib/levels'
import { flatten, levelOfEvent, valueText } from '../../../lib/source'
import { chooseInterval, fixedInterval } from '../../../lib/time/interval'
import type { ResolvedRange } from '../../../lib/time/range'
import type { EpochMillis } from '../../../lib/time/units'
import { timeClause } from '../request'

/** Beyond these the rest is rare, and said to be left out. */
const MAX_PATTERNS = 150
const SPARK_BARS = 24

export interface Pattern {
  /** The words that all its messages have, in their order. */
  words: string
  count: number
  /** In the same length of time before. */
  before: number
  first: EpochMillis
  example: string
  level: Level | null
  counts: number[]
}

/** Texts that can be grouped, the usual ones first. */
export function textFields(fields: readonly Field[]): string[] {
  const texts = fields.filter(f => f.kind === 'text' && f.searchable).map(f => f.name)
  const usual = MESSAGE_FIELDS.filter(name => texts.includes(name))
  return [...usual, ...texts.filter(name => !usual.includes(name))]
}

/** Asks for this period and the one before it at once, so that what is new can be told. `query` has no time. */
export function patternsRequest(
  query: Query,
  timeField: string,
  range: ResolvedRange,
  field: string,
): SearchRequest {
  const length = range.to - range.from
  const interval = chooseInterval(length, SPARK_BARS)
  const now = timeClause(timeField, { gte: range.from, lte: range.to })
  const timeline = {
    date_histogram: {
      field: timeField,
      fixed_interval: fixedInterval(interval),
      min_doc_count: 0,
      extended_bounds: { min: range.from, max: range.to },
    },
  }
  const example = { top_hits: { size: 1, sort: [{ [timeField]: { order: 'desc' } }] } }
  return {
    query: { bool: { filter: [query, timeClause(timeField, { gte: range.from - length, lte: range.to })] } },
    size: 0,
    track_total_hits: false,
    aggs: {
      periods: {
        filters: {
          filters: { now, before: timeClause(timeField, { lt: range.from }) },
        },
      },
      patterns: {
        categorize_text: { field, size: MAX_PATTERNS },
        aggs: {
          now: { filter: now, aggs: { first: { min: { field: timeField } }, timeline, example } },
        },
      },
    },
  }
}

export interface Patterns {
  list: Pattern[]
  /** Events of this period and of the one before. */
  total: number
  before: number
  /** Events of this period that no pattern holds: without the text, or with nothing in it but numbers and words with digits. */
  rest: number
  /** There are more, rarer ones. */
  cut: boolean
}

export function decodePatterns(aggregations: Json, field: string): Patterns {
  const periods = new Map(decodeBuckets(aggregations, 'periods').buckets.map(b => [b.keyText, b.count]))
  const { buckets } = decodeBuckets(aggregations, 'patterns')
  const list = buckets.flatMap(({ keyText, count, raw }): Pattern[] => {
    const now = object(raw.now, 'patterns.now')
    const inside = typeof now.doc_count === 'number' ? now.doc_count : 0
    if (inside === 0) return []
    const hits = array(object(object(now.example, 'example').hits, 'example.hits').hits, 'example.hits.hits')
    const flat = flatten(object(object(hits[0] ?? {}, 'hit')._source ?? {}, 'hit._source'))
    return [
      {
        words: keyText,
        count: inside,
        before: count - inside,
        first: decodeMetric(now, 'first') ?? 0,
        example: valueText(flat.get(field)),
        level: levelOfEvent(flat),
        counts: decodeBuckets(now, 'timeline').buckets.map(b => b.count),
      },
    ]
  })
  const total = periods.get('now') ?? 0
  return {
    list: list.sort((a, b) => b.count - a.count),
    total,
    // A list of texts can be of several patterns.
    rest: Math.max(0, total - list.reduce((sum, p) => sum + p.count, 0)),
    before: periods.get('before') ?? 0,
    cut: buckets.length >= MAX_PATTERNS,
  }
}

/** An example in parts, where true marks what belongs to the template and false what differs from message to message. */
export function partsOf(example: string, words: string): [part: string, fixed: boolean][] {
  const wanted = words.split(' ')
  const parts: [string, boolean][] = []
  let at = 0
  for (const [token] of example.slice(0, 400).matchAll(/[\p{L}\p{N}_.\-/]+|[^\p{L}\p{N}_.\-/]+/gu)) {
    const plain = /[\p{L}\p{N}]/u.test(token)
    const fixed = plain ? token.replace(/^[.\-/]+|[.\-/]+$/g, '') === wanted[at] : (parts.at(-1)?.[1] ?? true)
    if (plain && fixed) at++
    const last = parts.at(-1)
    if (last && last[1] === fixed) last[0] += token
    else parts.push([token, fixed])
  }
  return parts
}
