// The searches that Discover sends, as pure functions of its state.

import type { SearchRequest } from '../../api/client'
import { exactFieldOf, type Field } from '../../lib/fields'
import { filterClauses } from '../../lib/filters'
import { kqlToQuery, type Query } from '../../lib/kql/dsl'
import { parseLucene } from '../../lib/lucene/parse'
import { chooseInterval, fixedInterval } from '../../lib/time/interval'
import type { ResolvedRange } from '../../lib/time/range'
import { type EpochMillis, HOUR, type Millis } from '../../lib/time/units'
import type { DiscoverState, Language } from './url'

/** Enough for several screens, small enough to come in the first packets. */
export const FIRST_PAGE = 100
/** Later pages are asked for while scrolling, where fewer, larger ones are smoother. */
export const NEXT_PAGE = 500
/** Values per bar beyond which a stack is noise; the rest is drawn as one. */
const STACKED_VALUES = 9

/** Indices beyond these are offered without saying when their newest event was. */
const MAX_INDICES = 1000

/** What is typed as a clause, none for an empty text. Throws QueryError. Lucene is read here only to see whether it can be. */
export function typedClauses(text: string, language: Language): Query[] {
  if (language === 'kql') return text.trim() === '' ? [] : [kqlToQuery(text)]
  return parseLucene(text) === null ? [] : [{ query_string: { query: text.trim() } }]
}

/** The conditions without the time. Throws QueryError. The fields tell which are compared as a whole elsewhere. */
export function conditions(
  state: Pick<DiscoverState, 'query' | 'language' | 'filters'>,
  fields: readonly Field[] = [],
): { filter: Query[]; must_not: Query[] } {
  const { filter, must_not } = filterClauses(state.filters, exactFieldOf(fields))
  return { filter: [...typedClauses(state.query.trim(), state.language), ...filter], must_not }
}

const iso = (at: EpochMillis) => new Date(at).toISOString()

export function timeClause(
  timeField: string,
  bounds: Partial<Record<'gt' | 'gte' | 'lt' | 'lte', EpochMillis>>,
): Query {
  const texts = Object.fromEntries(Object.entries(bounds).map(([bound, at]) => [bound, iso(at)]))
  return { range: { [timeField]: { ...texts, format: 'strict_date_optional_time' } } }
}

/** All conditions as one query. */
export function boolQuery(parts: { filter: Query[]; must_not: Query[] }, time: Query | null): Query {
  const filter = time ? [time, ...parts.filter] : parts.filter
  return { bool: { filter, ...(parts.must_not.length > 0 && { must_not: parts.must_not }) } }
}

/** Where the next page starts: at this moment, without the events of it that are shown already. */
export interface PageStart {
  at: EpochMillis
  shown: string[]
}

/** Events in another order than newest first. `after` is how the last event of the page before is sorted. */
export function sortedRequest(
  query: Query,
  timeField: string,
  sort: { field: string; order: 'asc' | 'desc' },
  after: unknown[] | null,
): SearchRequest {
  const { field, order } = sort
  const time = field === timeField ? order : 'desc'
  return {
    query,
    size: after === null ? FIRST_PAGE : NEXT_PAGE,
    sort: [
      ...(field === timeField ? [] : [{ [field]: { order, missing: '_last', unmapped_type: 'keyword' } }]),
      { [timeField]: { order: time, unmapped_type: 'date' } },
      { _doc: time },
    ],
    ...(after !== null && { search_after: after }),
    track_total_hits: false,
  }
}

/**
 * Events, newest first, and within a millisecond the last to arrive first: the
 * lines of a file that is read at once often share one. No field of theirs is
 * sure to tell them apart, so a page starts at the moment the one before ended
 * and leaves out the ids already shown for it.
 */
export function eventsRequest(query: Query, timeField: string, start: PageStart | null): SearchRequest {
  const sort = [{ [timeField]: { order: 'desc', unmapped_type: 'date' } }, { _doc: 'desc' }]
  if (!start) return { query, size: FIRST_PAGE, sort, track_total_hits: false }
  return {
    query: { bool: { filter: [query], must_not: [{ ids: { values: start.shown } }] } },
    size: NEXT_PAGE,
    sort,
    search_after: [start.at + 1, 0], // none comes before the first to arrive
    track_total_hits: false,
  }
}

/** The exact count and the histogram. `newerThan` also counts what came after the rows on the screen. */
export function overviewRequest(
  query: Query,
  timeField: string,
  range: ResolvedRange,
  stackBy: string | null,
  maxBars: number,
  newerThan: EpochMillis | null,
  timeZone = 'UTC',
): { request: SearchRequest; interval: Millis } {
  const interval = chooseInterval(range.to - range.from, maxBars)
  const stack = stackBy === null ? {} : { aggs: { by: { terms: { field: stackBy, size: STACKED_VALUES } } } }
  const timeline = {
    date_histogram: {
      field: timeField,
      fixed_interval: fixedInterval(interval),
      min_doc_count: 0,
      extended_bounds: { min: range.from, max: range.to },
      // Half days and more begin where the zone's do.
      ...(interval >= HOUR && { time_zone: timeZone }),
    },
    ...stack,
  }
  const newer =
    newerThan === null
      ? {}
      : { newer: { filters: { filters: { all: timeClause(timeField, { gt: newerThan }) } } } }
  return { request: { query, size: 0, track_total_hits: true, aggs: { timeline, ...newer } }, interval }
}

/** When the newest events were, with the conditions and without. */
export function newestRequest(
  parts: { filter: Query[]; must_not: Query[] },
  timeField: string,
): SearchRequest {
  const newest = { newest: { max: { field: timeField } } }
  const matching = { filters: { filters: { all: boolQuery(parts, null) } }, aggs: newest }
  return { size: 0, track_total_hits: true, aggs: { ...newest, matching } }
}

/** When the newest event of each index was. */
export function freshnessRequest(timeFields: readonly string[]): SearchRequest {
  const newest = Object.fromEntries(timeFields.map(field => [field, { max: { field } }]))
  return {
    size: 0,
    track_total_hits: false,
    aggs: { by: { terms: { field: '_index', size: MAX_INDICES }, aggs: newest } },
  }
}

/** The most frequent values of a field, and for numbers how they are spread. */
export function topValuesRequest(
  query: Query,
  aggregateOn: string,
  numeric: boolean,
  size: number,
): SearchRequest {
  const spread = numeric
    ? {
        spread: { percentiles: { field: aggregateOn, percents: [50, 95, 99] } },
        least: { min: { field: aggregateOn } },
        most: { max: { field: aggregateOn } },
      }
    : {}
  return {
    query,
    size: 0,
    track_total_hits: false,
    aggs: {
      values: { terms: { field: aggregateOn, size } },
      ...spread,
      having: { filters: { filters: { all: { exists: { field: aggregateOn } } } } },
    },
  }
}
