// Filters as Kibana saves them: a query, and what a person is told about it.

import { texts } from '../../texts/vis'
import type { Filter, FilterValue } from '../filters'
import { isFilterValue, queryOf as queryOfPill } from '../filters'
import type { Query } from '../kql/dsl'
import { asJson, isJson, type Json } from './json'

export interface VisFilter {
  meta: {
    /** phrase, phrases, range, exists, query_string or custom. */
    type: string
    /** The field. */
    key?: string
    /** What stands on the pill when the parts do not tell it. */
    alias?: string | null
    negate: boolean
    disabled: boolean
    params?: unknown
    index?: string
  }
  query: Query
}

export const phraseFilter = (key: string, value: FilterValue): VisFilter => ({
  meta: { type: 'phrase', key, negate: false, disabled: false, params: { query: value } },
  query: { match_phrase: { [key]: value } },
})

export const existsFilter = (key: string, negate = false): VisFilter => ({
  meta: { type: 'exists', key, negate, disabled: false },
  query: { exists: { field: key } },
})

/** A range whose upper bound stands outside. Bounds are numbers, or dates as ISO 8601. */
export const rangeFilter = (key: string, bounds: Json, alias?: string): VisFilter => ({
  meta: {
    type: 'range',
    key,
    negate: false,
    disabled: false,
    params: bounds,
    ...(alias !== undefined && { alias }),
  },
  query: { range: { [key]: bounds } },
})

export const customFilter = (query: Query, alias: string): VisFilter => ({
  meta: { type: 'custom', alias, negate: false, disabled: false },
  query,
})

/** None of these values: what the bucket of all others stands for. */
export const othersFilter = (key: string, values: readonly FilterValue[]): VisFilter => ({
  meta: { type: 'phrases', key, negate: true, disabled: false, params: values, alias: texts.isAnother(key) },
  query: { bool: { should: values.map(v => ({ match_phrase: { [key]: v } })), minimum_should_match: 1 } },
})

export const negated = (filter: VisFilter): VisFilter => ({
  ...filter,
  meta: { ...filter.meta, negate: !filter.meta.negate },
})

/** The clauses of a bool query for the filters that are switched on. */
export function visFilterClauses(filters: readonly VisFilter[]): { filter: Query[]; must_not: Query[] } {
  const active = filters.filter(f => !f.meta.disabled)
  return {
    filter: active.filter(f => !f.meta.negate).map(f => f.query),
    must_not: active.filter(f => f.meta.negate).map(f => f.query),
  }
}

/** Reads a saved filter of Kibana 5 to 8; null for what holds no query. */
export function readFilter(value: unknown): VisFilter | null {
  if (!isJson(value)) return null
  const meta = asJson(value.meta)
  const query = queryOf(value)
  if (query === null) return null
  const key = typeof meta.key === 'string' ? meta.key : undefined
  const alias = typeof meta.alias === 'string' ? meta.alias : undefined
  return {
    meta: {
      type: typeof meta.type === 'string' ? meta.type : 'custom',
      negate: meta.negate === true,
      disabled: meta.disabled === true,
      ...(key !== undefined && { key }),
      ...(alias !== undefined && { alias }),
      ...(meta.params !== undefined && { params: meta.params }),
      ...(typeof meta.index === 'string' && { index: meta.index }),
    },
    query,
  }
}

/** Older filters have their clause beside `meta`; `match` with a type of phrase is what `match_phrase` is now. */
function queryOf(value: Json): Query | null {
  const inner = isJson(value.query) ? value.query : null
  const clause = inner ?? pick(value, ['range', 'exists', 'bool', 'script', 'geo_bounding_box', 'match'])
  if (clause === null) return null
  const [field, match] = Object.entries(asJson(clause.match))[0] ?? []
  if (field !== undefined && isJson(match) && match.type === 'phrase')
    return { match_phrase: { [field]: match.query } }
  return clause
}

function pick(value: Json, names: readonly string[]): Query | null {
  const found = names.find(name => isJson(value[name]))
  return found === undefined ? null : { [found]: value[found] }
}

/** A pill of Discover as a saved filter. */
export function fromPill(pill: Filter): VisFilter {
  const filter = unsigned(pill)
  return { ...filter, meta: { ...filter.meta, negate: pill.negated, disabled: pill.disabled } }
}

function unsigned(pill: Filter): VisFilter {
  switch (pill.kind) {
    case 'exists':
      return existsFilter(pill.field)
    case 'is':
      return phraseFilter(pill.field, pill.value ?? '')
    case 'words':
      return customFilter(queryOfPill(pill), texts.has(pill.field, String(pill.value)))
    case 'dsl':
      return customFilter(queryOfPill(pill), pill.field)
  }
}

/** A saved filter as a pill of Discover; what has no parts of its own is a pill with a query. */
export function toPill(filter: VisFilter): Filter {
  const { alias, key, negate, disabled } = filter.meta
  const flags = { negated: negate, disabled }
  const field = asJson(filter.query.exists).field
  if (typeof field === 'string') return { field, kind: 'exists', ...flags }
  const value = asJson(filter.query.match_phrase)[key ?? '']
  if (key !== undefined && isFilterValue(value)) return { field: key, kind: 'is', value, ...flags }
  const name = alias || describeFilter({ ...filter, meta: { ...filter.meta, negate: false } })
  return { field: name, kind: 'dsl', value: JSON.stringify(filter.query), ...flags }
}

/** What a pill says, such as `tool_name: search` or `not latency: 50 to 100`. */
export function describeFilter(filter: VisFilter): string {
  const { alias, key, negate } = filter.meta
  return (
    (negate ? `${texts.not} ` : '') +
    (alias ?? (key === undefined ? JSON.stringify(filter.query) : body(filter, key)))
  )
}

function body(filter: VisFilter, key: string): string {
  if ('exists' in filter.query) return texts.exists(key)
  const value = asJson(filter.query.match_phrase)[key]
  if (value !== undefined) return `${key}: ${String(value)}`
  const { gte, lt, gt, lte } = asJson(asJson(filter.query.range)[key])
  if ('range' in filter.query) return texts.rangeOf(key, String(gte ?? gt ?? '−∞'), String(lt ?? lte ?? '∞'))
  return `${key}: ${JSON.stringify(filter.query)}`
}
