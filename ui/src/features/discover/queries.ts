// What Discover asks the server, as queries of the cache. Keys hold everything an answer depends on.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { indices, mappings, search } from '../../api/client'
import { decodeBuckets, decodeMetric, decodePercentiles } from '../../api/schemas/search'
import { type LogEvent, toEvent } from '../../lib/events'
import { type Field, fieldsOfMappings } from '../../lib/fields'
import type { FilterValue } from '../../lib/filters'
import type { Query } from '../../lib/kql/dsl'
import type { ResolvedRange } from '../../lib/time/range'
import type { EpochMillis } from '../../lib/time/units'
import {
  boolQuery,
  eventsRequest,
  FIRST_PAGE,
  NEXT_PAGE,
  newestRequest,
  overviewRequest,
  type PageStart,
  timeClause,
  topValuesRequest,
} from './request'
import { decodeTimeline } from './timeline'

/** Answers of a moving range are of no use a minute later. */
const MOVING = { gcTime: 60_000, staleTime: Number.POSITIVE_INFINITY } as const
/** How often the list of indices is looked at while there is none, and once there are some. */
const WAITING_MILLIS = 1500
const CALM_MILLIS = 30_000

type Conditions = { filter: Query[]; must_not: Query[] }

/** What a search is about; null while it is not known or cannot be read. */
export interface Subject {
  index: string
  timeField: string
  conditions: Conditions
}

/** A range and when it was asked for, so that asking again is another question even between two fixed dates. */
export interface AskedRange extends ResolvedRange {
  askedAt: EpochMillis
}

export function useIndices() {
  return useQuery({
    queryKey: ['indices'],
    queryFn: ({ signal }) => indices(signal),
    refetchInterval: query => (hasDocuments(query.state.data) ? CALM_MILLIS : WAITING_MILLIS),
  })
}

export const hasDocuments = (list: { name: string; docs: number }[] | undefined) =>
  list?.some(i => i.docs > 0 && !i.name.startsWith('.')) ?? false

export function useFields(index: string | null) {
  return useQuery({
    queryKey: ['fields', index],
    queryFn: async ({ signal }): Promise<Field[]> => fieldsOfMappings(await mappings(index ?? '', signal)),
    enabled: index !== null,
    staleTime: CALM_MILLIS,
    refetchInterval: CALM_MILLIS,
    placeholderData: keepPreviousData,
  })
}

export function useEvents(subject: Subject | null, range: AskedRange | null) {
  return useInfiniteQuery({
    queryKey: ['events', subject, range],
    queryFn: async ({ signal, pageParam }) => {
      const { index, timeField, query } = bounded(subject, range)
      const response = await search(index, eventsRequest(query, timeField, pageParam), signal)
      return {
        events: response.hits.map(toEvent),
        tookMillis: response.tookMillis,
        missing: response.missing,
      }
    },
    initialPageParam: null as PageStart | null,
    getNextPageParam: (last, pages, start) => nextPage(last.events, pages, start),
    enabled: subject !== null && range !== null,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

function nextPage(
  last: LogEvent[],
  pages: { events: LogEvent[] }[],
  start: PageStart | null,
): PageStart | undefined {
  const at = last[last.length - 1]?.at
  if (at === undefined || last.length < (start === null ? FIRST_PAGE : NEXT_PAGE)) return undefined
  return { at, shown: pages.flatMap(p => p.events.filter(e => e.at === at).map(e => e.id)) }
}

export function useOverview(
  subject: Subject | null,
  range: AskedRange | null,
  stackBy: string | null,
  maxBars: number,
  newerThan: EpochMillis | null,
) {
  return useQuery({
    queryKey: ['overview', subject, range, stackBy, maxBars, newerThan],
    queryFn: async ({ signal }) => {
      const { index, timeField, query } = bounded(subject, range)
      const { request, interval } = overviewRequest(
        query,
        timeField,
        range as AskedRange,
        stackBy,
        maxBars,
        newerThan,
      )
      const { total, tookMillis, aggregations, missing } = await search(index, request, signal)
      const newer = newerThan === null ? 0 : (decodeBuckets(aggregations, 'newer').buckets[0]?.count ?? 0)
      return {
        total: total?.value ?? 0,
        tookMillis,
        missing,
        newer,
        range: range as AskedRange,
        timeline: decodeTimeline(aggregations, interval, stackBy !== null),
      }
    },
    enabled: subject !== null && range !== null && maxBars > 0,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

/** The moment of the newest event, with the conditions and without them. */
export function useNewest(subject: Subject | null, enabled: boolean) {
  return useQuery({
    queryKey: ['newest', subject],
    queryFn: async ({ signal }) => {
      const { index, timeField, conditions } = subject as Subject
      const { aggregations, total } = await search(index, newestRequest(conditions, timeField), signal)
      const matching = decodeBuckets(aggregations, 'matching').buckets[0]
      return {
        total: total?.value ?? 0,
        any: decodeMetric(aggregations, 'newest'),
        matching: matching && matching.count > 0 ? decodeMetric(matching.raw, 'newest') : null,
        matchingCount: matching?.count ?? 0,
      }
    },
    enabled: enabled && subject !== null,
    refetchInterval: 2500,
  })
}

export interface TopValues {
  values: { key: FilterValue; text: string; count: number }[]
  /** Events that have the field, of all that were found. */
  having: number
  total: number
  /** For numbers. */
  spread: {
    least: number | null
    most: number | null
    p50: number | null
    p95: number | null
    p99: number | null
  } | null
}

export function useTopValues(
  subject: Subject | null,
  range: AskedRange | null,
  field: Field | undefined,
  size: number,
  enabled = true,
) {
  return useQuery({
    queryKey: ['values', subject, range, field, size],
    queryFn: async ({ signal }): Promise<TopValues> => {
      const { index, query } = bounded(subject, range)
      const { aggregateOn, kind } = field as Field
      const request = topValuesRequest(query, aggregateOn as string, kind === 'number', size)
      const { aggregations, total } = await search(index, request, signal)
      const values = decodeBuckets(aggregations, 'values').buckets.map(b => ({
        key: kind === 'boolean' ? b.keyText === 'true' : kind === 'date' ? b.keyText : b.key,
        text: b.keyText,
        count: b.count,
      }))
      const having = decodeBuckets(aggregations, 'having').buckets[0]?.count ?? 0
      return {
        values,
        having,
        total: total?.value ?? 0,
        spread: kind === 'number' ? decodeSpread(aggregations) : null,
      }
    },
    enabled:
      enabled && subject !== null && range !== null && field !== undefined && field.aggregateOn !== null,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

function decodeSpread(aggregations: Record<string, unknown>): TopValues['spread'] {
  const percentiles = decodePercentiles(aggregations, 'spread')
  const at = (percent: number) => percentiles.get(percent) ?? null
  return {
    least: decodeMetric(aggregations, 'least'),
    most: decodeMetric(aggregations, 'most'),
    p50: at(50),
    p95: at(95),
    p99: at(99),
  }
}

function bounded(subject: Subject | null, range: AskedRange | null) {
  if (subject === null || range === null) throw new Error('a search without a subject was started')
  const time = timeClause(subject.timeField, { gte: range.from, lte: range.to })
  return { ...subject, query: boolQuery(subject.conditions, time) }
}
