// What the histogram shows beside its bars: the period before, and deployments.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type SearchRequest, search } from '../../api/client'
import { decodeBuckets, decodeMetric } from '../../api/schemas/search'
import type { Json } from '../../api/schemas/shape'
import type { Field } from '../../lib/fields'
import type { Query } from '../../lib/kql/dsl'
import type { ResolvedRange } from '../../lib/time/range'
import type { EpochMillis } from '../../lib/time/units'
import { zoneName } from '../../lib/time/zone'
import type { AskedRange, Subject } from './queries'
import { boolQuery, overviewRequest, timeClause } from './request'

/** Answers of a moving range are of no use a minute later. */
const MOVING = { gcTime: 60_000, staleTime: Number.POSITIVE_INFINITY } as const

/** The range of the same length that ends where this one begins. */
export const periodBefore = ({ from, to }: ResolvedRange): ResolvedRange => ({
  from: from - (to - from),
  to: from - 1,
})

/** The counts of the period before, each at the moment of this period that it stands beside. */
export interface Before {
  starts: EpochMillis[]
  totals: number[]
  total: number
}

export function useBefore(
  subject: Subject | null,
  range: AskedRange | null,
  maxBars: number,
  enabled: boolean,
) {
  return useQuery({
    queryKey: ['period before', subject, range, maxBars],
    queryFn: async ({ signal }): Promise<Before> => {
      const { index, timeField, conditions } = subject as Subject
      const asked = range as AskedRange
      const before = periodBefore(asked)
      const query = boolQuery(conditions, timeClause(timeField, { gte: before.from, lte: before.to }))
      const { request } = overviewRequest(query, timeField, before, null, maxBars, null, zoneName())
      const { aggregations, total } = await search(index, request, signal)
      const { buckets } = decodeBuckets(aggregations, 'timeline')
      return {
        starts: buckets.map(b => Number(b.key) + (asked.to - asked.from)),
        totals: buckets.map(b => b.count),
        total: total?.value ?? 0,
      }
    },
    enabled: enabled && subject !== null && range !== null,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}

/** Fields that tell what is deployed, best first. A model is deployed apart from the program. */
const VERSIONS = [
  ['deployment_version', 'service.version', 'app_version', 'version', 'release', 'build'],
  ['model_version'],
]
/** More versions than these within two periods are no deployments. */
const MAX_VERSIONS = 50

/** A field whose new values are deployments, and what to aggregate on. */
export interface VersionField {
  field: string
  on: string
}

export function versionFieldsOf(fields: readonly Field[]): VersionField[] {
  return VERSIONS.flatMap(names => {
    const name = names.find(n => fields.some(f => f.name === n && f.aggregateOn !== null))
    const on = fields.find(f => f.name === name)?.aggregateOn
    return name === undefined || !on ? [] : [{ field: name, on }]
  })
}

/** A version that was first seen at a moment. */
export interface Deployment {
  at: EpochMillis
  field: string
  version: string
}

export function deploymentsRequest(
  timeField: string,
  range: ResolvedRange,
  versions: readonly VersionField[],
): SearchRequest {
  // A version that was there in the period before is no deployment of this one.
  const query: Query = timeClause(timeField, { gte: periodBefore(range).from, lte: range.to })
  const aggs = Object.fromEntries(
    versions.map(({ on }, i) => [
      `v${i}`,
      { terms: { field: on, size: MAX_VERSIONS }, aggs: { first: { min: { field: timeField } } } },
    ]),
  )
  return { query, size: 0, track_total_hits: false, aggs }
}

/** The first version of all is what was there, not what came. */
export function decodeDeployments(
  aggregations: Json,
  range: ResolvedRange,
  versions: readonly VersionField[],
): Deployment[] {
  const found = versions.flatMap(({ field }, i) => {
    const { buckets } = decodeBuckets(aggregations, `v${i}`)
    if (buckets.length >= MAX_VERSIONS) return []
    return buckets
      .map(b => ({ at: decodeMetric(b.raw, 'first') ?? 0, field, version: b.keyText }))
      .sort((a, b) => a.at - b.at)
      .slice(1)
      .filter(d => d.at >= range.from && d.at <= range.to)
  })
  return found.sort((a, b) => a.at - b.at)
}

/** Moving ranges ask again only when they have moved by this part of their length: a deployment does not hurry. */
const STEPS = 30

/** Whatever is searched for, what was deployed meanwhile may be its reason: conditions do not narrow it. */
export function useDeployments(place: Subject | null, range: AskedRange | null, fields: readonly Field[]) {
  const versions = versionFieldsOf(fields)
  const step = range === null ? 1 : Math.max(1, Math.round((range.to - range.from) / STEPS))
  const steady = range && {
    from: Math.floor(range.from / step) * step,
    to: Math.ceil(range.to / step) * step,
  }
  return useQuery({
    queryKey: ['deployments', place, steady, versions],
    queryFn: async ({ signal }) => {
      const { index, timeField } = place as Subject
      const asked = steady as ResolvedRange
      const { aggregations } = await search(index, deploymentsRequest(timeField, asked, versions), signal)
      return decodeDeployments(aggregations, asked, versions)
    },
    enabled: place !== null && range !== null && versions.length > 0,
    placeholderData: keepPreviousData,
    ...MOVING,
  })
}
