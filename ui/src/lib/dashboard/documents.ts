// From a mark of a chart to the documents behind it, in Discover.

import type { Field } from '../fields'
import { formatFilter } from '../filters'
import { absoluteRange, type TimeRange } from '../time/range'
import { resolveField } from '../vis/buckets/bucket'
import { customFilter, existsFilter, toPill, type VisFilter } from '../vis/filter'
import { asJson, asList, asText } from '../vis/json'
import { enabledAggs, type Vis, type VisAgg, type VisQuery } from '../vis/model'

interface Place {
  index: string
  timeField: string | null
  range: TimeRange
  queries: readonly VisQuery[]
  filters: readonly VisFilter[]
}

/** The link: what is typed as the search, the span of a bar as the time, everything else as pills. */
export function documentsUrl(place: Place): string {
  const params = new URLSearchParams({ index: place.index })
  const written = place.queries.filter(q => q.query.trim() !== '')
  const { language = 'kuery' } = written.find(q => q.language === 'kuery') ?? written[0] ?? {}
  const typed = written.filter(q => q.language === language).map(q => q.query)
  if (typed.length > 0) params.set('q', joined(typed, language === 'kuery' ? 'and' : 'AND'))
  if (typed.length > 0 && language === 'lucene') params.set('lang', 'lucene')
  // One search has one language: a text in the other one is a pill.
  const others = written
    .filter(q => q.language !== language)
    .map(q => customFilter({ query_string: { query: q.query } }, q.query))
  let { range } = place
  for (const filter of [...others, ...place.filters]) {
    if (filter.meta.disabled) continue
    const span = filter.meta.negate ? null : spanOf(filter, place.timeField)
    if (span !== null) range = span
    else params.append('f', formatFilter(toPill(filter)))
  }
  params.set('from', range.from)
  params.set('to', range.to)
  return `/discover?${params}`
}

const joined = (texts: string[], word: string) =>
  texts.length === 1 ? (texts[0] as string) : texts.map(t => `(${t})`).join(` ${word} `)

/**
 * Documents without the field of an aggregation by values are in none of its buckets, unless it has one for them. Fields that
 * `others` want a value of already are left out.
 */
export function impliedFilters(
  vis: Vis,
  fields: readonly Field[],
  others: readonly VisFilter[],
): VisFilter[] {
  const given = new Set(others.filter(f => !f.meta.negate && !f.meta.disabled).map(f => f.meta.key))
  const named = (agg: VisAgg) =>
    agg.type === 'multi_terms' ? asList(agg.params.fields).map(f => asText(f)) : [asText(agg.params.field)]
  const names = enabledAggs(vis, 'segment', 'group', 'split', 'bucket')
    .filter(agg => VALUES.has(agg.type) && agg.params.missingBucket !== true)
    .flatMap(agg => named(agg).map(field => ({ ...agg, params: { field } })))
    .filter(agg => agg.params.field !== '')
    .map(agg => resolveField(agg, { fields }).field)
  return [...new Set(names)].filter(name => !given.has(name)).map(name => existsFilter(name))
}

const VALUES: ReadonlySet<string> = new Set(['multi_terms', 'significant_terms', 'terms'])

/** The span of time that a filter asks for, or null. */
function spanOf(filter: VisFilter, timeField: string | null): TimeRange | null {
  const bounds = timeField === null ? {} : asJson(asJson(filter.query.range)[timeField])
  const [from, to] = [Date.parse(asText(bounds.gte)), Date.parse(asText(bounds.lt) || asText(bounds.lte))]
  if (Number.isNaN(from) || Number.isNaN(to)) return null
  return absoluteRange(from, bounds.lt === undefined ? to : to - 1)
}
