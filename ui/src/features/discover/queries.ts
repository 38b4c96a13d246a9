// What Discover asks the server, as queries of the cache. Keys hold everything an answer depends on.

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { indices, inputs, mappings, search } from '../../api/client'
import { dataViews, defaultDataView } from '../../api/saved'
import { decodeBuckets, decodeMetric, decodePercentiles } from '../../api/schemas/search'
import { type LogEvent, toEvent } from '../../lib/events'
import { type Field, fieldsOfMappings, type Place, placesOf, TIME_FIELDS } from '../../lib/fields'
import type { FilterValue } from '../../lib/filters'
import { isHidden } from '../../lib/indexpatterns'
import type { Query } from '../../lib/kql/dsl'
import type { ResolvedRange } from '../../lib/time/range'
import type { EpochMillis } from '../../lib/time/units'
import { zoneName } from '../../lib/time/zone'
import { texts } from '../../texts/discover'
import {
  boolQuery,
  eventsRequest,
  FIRST_PAGE,
  freshnessRequest,
  NEXT_PAGE,
  newestRequest,
  overviewRequest,
  type PageStart,
  sortedRequest,
  timeClause,
  topValuesRequest,
} from './request'
import { decodeTimeline } from './timeline'
import type { DiscoverState } from './url'

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
  list?.some(i => i.docs > 0 && !isHidden(i.name)) ?? false

/** When the newest event of each index was, by the two names that a time usually has. */
export function useFreshness(enabled: boolean) {
  return useQuery({
    queryKey: ['freshness'],
    queryFn: async ({ signal }) => {
      const { aggregations } = await search('*', freshnessRequest(TIME_FIELDS), signal)
      return new Map(
        decodeBuckets(aggregations, 'by').buckets.flatMap(({ keyText, raw }) => {
          const times = TIME_FIELDS.flatMap(name => decodeMetric(raw, name) ?? [])
          return times.length === 0 ? [] : [[keyText, Math.max(...times)] as const]
        }),
      )
    },
    enabled,
    staleTime: CALM_MILLIS,
    refetchInterval: CALM_MILLIS,
  })
}

/** A saved name for an index pattern. */
export interface SavedView {
  id: string
  name: string
  pattern: string
  /** Null for data without time. */
  timeField: string | null
  /** What people start with. */
  first: boolean
}

export function useViews() {
  return useQuery({
    // Not the key of the plain list, which other pages keep in the same cache.
    queryKey: ['data_views', 'with the first'],
    queryFn: async ({ signal }): Promise<SavedView[]> => {
      const [views, first] = await Promise.all([dataViews(signal), defaultDataView(signal)])
      return views
        .map(({ id, name, title, timeField }) => ({
          id,
          name,
          pattern: title,
          timeField,
          first: id === first,
        }))
        .sort((a, b) => a.name.localeCompare(b.name))
    },
    staleTime: CALM_MILLIS,
    refetchInterval: CALM_MILLIS,
  })
}

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

export function useEvents(subject: Subject | null, range: AskedRange | null, order: DiscoverState['sort']) {
  return useInfiniteQuery({
    queryKey: ['events', subject, range, order],
    queryFn: async ({ signal, pageParam }) => {
      const { index, timeField, query } = bounded(subject, range)
      const request =
        order === null
          ? eventsRequest(query, timeField, pageParam?.start ?? null)
          : sortedRequest(query, timeField, order, pageParam?.after ?? null)
      const response = await search(index, request, signal)
      // What comes before the time in the order is not the event's own.
      const skipped = order !== null && order.field !== timeField ? 1 : 0
      return {
        events: response.hits.map(hit => toEvent({ ...hit, sort: hit.sort.slice(skipped) })),
        last: response.hits.at(-1)?.sort ?? null,
        tookMillis: response.tookMillis,
        missing: response.missing,
      }
    },
    initialPageParam: null as NextPage | null,
    getNextPageParam: (last, pages, before): NextPage | undefined => {
      if (order === null) {
        const start = nextPage(last.events, pages, before?.start ?? null)
        return start && { start, after: null }
      }
      const full = last.events.length >= (before === null ? FIRST_PAGE : NEXT_PAGE)
      return full && last.last !== null ? { start: null, after: last.last } : undefined
    },
    enabled: subject !== null && range !== null,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

/** Where a page begins: newest first at a moment, in another order after an event. */
interface NextPage {
  start: PageStart | null
  after: unknown[] | null
}

function nextPage(
  last: LogEvent[],
  pages: { events: LogEvent[] }[],
  start: PageStart | null,
): PageStart | undefined {
  const at = last[last.length - 1]?.at
  if (at === undefined || last.length < (start === null ? FIRST_PAGE : NEXT_PAGE)) return undefined
  // The cache asks often, so only pages that this moment reaches into are looked through.
  const shown: string[] = []
  for (let i = pages.length - 1; i >= 0; i--) {
    const { events } = pages[i] as { events: LogEvent[] }
    shown.push(...events.filter(e => e.at === at).map(e => e.id))
    if (events[0]?.at !== at) break
  }
  return { at, shown }
}

export function useOverview(
  subject: Subject | null,
  range: AskedRange | null,
  stack: Place[],
  maxBars: number,
  newerThan: EpochMillis | null,
) {
  return useQuery({
    queryKey: ['overview', subject, range, stack, maxBars, newerThan],
    queryFn: async ({ signal }) => {
      const { index, timeField, query } = bounded(subject, range)
      const asked = range as AskedRange
      const together = stack.length === 1 && stack[0]?.index === index ? stack[0].on : null
      const apart = together === null ? stack : []
      const { request, interval } = overviewRequest(
        query,
        timeField,
        asked,
        together,
        maxBars,
        newerThan,
        zoneName(),
      )
      const [whole, ...parts] = await Promise.all([
        search(index, request, signal),
        ...apart.map(p =>
          search(
            p.index,
            overviewRequest(query, timeField, asked, p.on, maxBars, null, zoneName()).request,
            signal,
          ),
        ),
      ])
      const { aggregations, total } = whole
      const stacks = together === null ? parts.map(p => p.aggregations) : [aggregations]
      return {
        total: total?.value ?? 0,
        tookMillis: Math.max(whole.tookMillis, ...parts.map(p => p.tookMillis)),
        missing: [whole, ...parts].flatMap(p => p.missing),
        newer: newerThan === null ? 0 : (decodeBuckets(aggregations, 'newer').buckets[0]?.count ?? 0),
        range: asked,
        timeline: decodeTimeline(aggregations, interval, stack.length === 0 ? null : stacks),
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
  const places = subject && field ? placesOf(field, subject.index) : []
  return useQuery({
    queryKey: ['values', subject, range, field, size],
    queryFn: async ({ signal }): Promise<TopValues> => {
      const { index, query } = bounded(subject, range)
      const kind = field?.kind ?? 'other'
      const numeric = kind === 'number' && places.length === 1
      const [whole, ...parts] = await Promise.all([
        search(index, { query, size: 0, track_total_hits: true }, signal),
        ...places.map(p => search(p.index, topValuesRequest(query, p.on, numeric, size), signal)),
      ])
      const answers = parts.map(p => p.aggregations)
      return {
        values: joinValues(answers, kind).slice(0, size),
        having: answers.reduce((sum, a) => sum + (decodeBuckets(a, 'having').buckets[0]?.count ?? 0), 0),
        total: whole.total?.value ?? 0,
        spread: numeric && answers[0] ? decodeSpread(answers[0]) : null,
      }
    },
    enabled: enabled && range !== null && places.length > 0,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

/** The values of all parts, most frequent first. */
function joinValues(answers: Record<string, unknown>[], kind: Field['kind']): TopValues['values'] {
  const joined = new Map<string, TopValues['values'][number]>()
  for (const bucket of answers.flatMap(a => decodeBuckets(a, 'values').buckets)) {
    const { key, keyText, count } = bucket
    const value = kind === 'boolean' ? keyText === 'true' : kind === 'date' ? keyText : key
    joined.set(keyText, { key: value, text: keyText, count: count + (joined.get(keyText)?.count ?? 0) })
  }
  return [...joined.values()].sort((a, b) => b.count - a.count)
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
  if (subject === null || range === null) throw new Error(texts.aSearchWithoutASubject)
  const time = timeClause(subject.timeField, { gte: range.from, lte: range.to })
  return { ...subject, query: boolQuery(subject.conditions, time) }
}

/** Where events can be sent; asked while there are none. */
export function useInputs() {
  return useQuery({ queryKey: ['inputs'], queryFn: ({ signal }) => inputs(signal), staleTime: CALM_MILLIS })
}
