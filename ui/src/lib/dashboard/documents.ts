// From a mark of a chart to the documents behind it, in Discover.

import { formatFilter } from '../filters'
import { quoteKql } from '../kql/quote'
import { absoluteRange, type TimeRange } from '../time/range'
import { toPill, type VisFilter } from '../vis/filter'
import { asJson, asList, asText, type Json } from '../vis/json'
import type { VisQuery } from '../vis/model'

interface Place {
  index: string
  timeField: string | null
  range: TimeRange
  queries: readonly VisQuery[]
  filters: readonly VisFilter[]
}

/** The link. `left` are filters that it cannot say. */
export function documentsUrl(place: Place): { url: string; left: VisFilter[] } {
  const params = new URLSearchParams({ index: place.index })
  const left: VisFilter[] = []
  const clauses: string[] = []
  let { range } = place
  for (const filter of place.filters) {
    if (filter.meta.disabled) continue
    const span = filter.meta.negate ? null : spanOf(filter, place.timeField)
    const pill = span === null ? toPill(filter) : null
    if (span !== null) range = span
    else if (pill !== null) params.append('f', formatFilter(pill))
    else {
      const text = kqlOf(filter.query)
      if (text === null) left.push(filter)
      else clauses.push(filter.meta.negate ? `not (${text})` : text)
    }
  }
  const written = place.queries.filter(q => q.query.trim() !== '')
  const lucene = written.length > 0 && written.every(q => q.language === 'lucene') && clauses.length === 0
  if (lucene) {
    params.set(
      'q',
      joined(
        written.map(q => q.query),
        'AND',
      ),
    )
    params.set('lang', 'lucene')
  } else {
    const kql = [...written.filter(q => q.language === 'kuery').map(q => q.query), ...clauses]
    if (kql.length > 0) params.set('q', joined(kql, 'and'))
  }
  params.set('from', range.from)
  params.set('to', range.to)
  return { url: `/discover?${params}`, left }
}

const joined = (texts: string[], word: string) =>
  texts.length === 1 ? (texts[0] as string) : texts.map(t => `(${t})`).join(` ${word} `)

/** The span of time that a filter asks for, or null. */
function spanOf(filter: VisFilter, timeField: string | null): TimeRange | null {
  const bounds = timeField === null ? {} : asJson(asJson(filter.query.range)[timeField])
  const [from, to] = [Date.parse(asText(bounds.gte)), Date.parse(asText(bounds.lt) || asText(bounds.lte))]
  if (Number.isNaN(from) || Number.isNaN(to)) return null
  return absoluteRange(from, bounds.lt === undefined ? to : to - 1)
}

/** A clause in KQL; null for one that it cannot say. */
function kqlOf(query: Json): string | null {
  const [kind, body] = Object.entries(query)[0] ?? []
  switch (kind) {
    case 'match_all':
      return '*'
    case 'exists':
      return `${asText(asJson(body).field)}: *`
    case 'match_phrase':
    case 'match':
    case 'term': {
      const [field, value] = Object.entries(asJson(body))[0] ?? []
      const text = typeof value === 'object' ? (asJson(value).query ?? asJson(value).value) : value
      return field === undefined || text === undefined ? null : `${field}: ${quoteKql(String(text))}`
    }
    case 'range': {
      const [field, bounds] = Object.entries(asJson(body))[0] ?? []
      const signs = { gte: '>=', gt: '>', lte: '<=', lt: '<' }
      const parts = Object.entries(signs).flatMap(([name, sign]) => {
        const value = asJson(bounds)[name]
        return value === undefined ? [] : `${field} ${sign} ${quoteKql(String(value))}`
      })
      return parts.length === 0 ? null : parts.join(' and ')
    }
    case 'bool':
      return boolOf(asJson(body))
    default:
      return null
  }
}

function boolOf(body: Json): string | null {
  const group = (name: string, word: string, around = (text: string) => text): string | null | undefined => {
    const list = body[name] === undefined ? [] : Array.isArray(body[name]) ? asList(body[name]) : [body[name]]
    if (list.length === 0) return undefined
    const texts = list.map(one => kqlOf(asJson(one)))
    return texts.some(t => t === null) ? null : around(joined(texts as string[], word))
  }
  const parts = [
    group('must', 'and'),
    group('filter', 'and'),
    group('should', 'or'),
    group('must_not', 'or', text => `not (${text})`),
  ].filter(part => part !== undefined)
  if (parts.length === 0 || parts.some(part => part === null)) return null
  return joined(parts as string[], 'and')
}
