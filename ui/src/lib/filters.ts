// Filter pills: conditions beside the search text, each of which can be turned
// round or switched off.

import type { Query } from './kql/dsl'

export type FilterValue = string | number | boolean

export interface Filter {
  field: string
  /**
   * `is` compares with `value`; `exists` asks for any value; `words` for a text that has all words of `value`; `dsl` is
   * a query as the server takes it, with `value` as its JSON and `field` as what it is called.
   */
  kind: 'is' | 'exists' | 'words' | 'dsl'
  value?: FilterValue
  negated: boolean
  disabled: boolean
  /** Stays when the conditions are cleared or another search is opened. */
  pinned?: boolean
}

export const is = (field: string, value: FilterValue, negated = false): Filter => ({
  field,
  kind: 'is',
  value,
  negated,
  disabled: false,
})

export const exists = (field: string, negated = false): Filter => ({
  field,
  kind: 'exists',
  negated,
  disabled: false,
})

export const words = (field: string, value: string, negated = false): Filter => ({
  field,
  kind: 'words',
  value,
  negated,
  disabled: false,
})

const written = (name: string, query: Query, negated: boolean): Filter => ({
  field: name,
  kind: 'dsl',
  value: JSON.stringify(query),
  negated,
  disabled: false,
})

/** A filter called `name` for events in which the field has any of the values. */
export function oneOf(field: string, values: readonly FilterValue[], name: string, negated = false): Filter {
  const should = values.map(value => ({ match_phrase: { [field]: value } }))
  return written(name, { bool: { should, minimum_should_match: 1 } }, negated)
}

/** A filter called `name` for values from one (with it) to another (without it), as Kibana's; either may be missing. */
export function between(
  field: string,
  [from, to]: readonly [FilterValue | null, FilterValue | null],
  name: string,
  negated = false,
): Filter {
  const bounds = { ...(from !== null && { gte: from }), ...(to !== null && { lt: to }) }
  return written(name, { range: { [field]: bounds } }, negated)
}

/** A filter as a form has it: texts that a person writes. */
export interface FilterForm {
  field: string
  kind:
    | 'is'
    | 'isNot'
    | 'oneOf'
    | 'notOneOf'
    | 'between'
    | 'notBetween'
    | 'words'
    | 'notWords'
    | 'exists'
    | 'existsNot'
  /** Several with commas between; of bounds the first. */
  value: string
  /** The second bound. */
  end: string
}

/** Reads a filter back into the form that makes it; null for a query that no form makes. */
export function formOf({ field, kind, value, negated }: Filter): FilterForm | null {
  const text = String(value ?? '')
  if (kind === 'exists') return { field, kind: negated ? 'existsNot' : 'exists', value: '', end: '' }
  if (kind === 'is') return { field, kind: negated ? 'isNot' : 'is', value: text, end: '' }
  if (kind === 'words') return { field, kind: negated ? 'notWords' : 'words', value: text, end: '' }
  const query = queryIn(text)
  const several = query && valuesIn(query)
  if (several)
    return {
      field: several.field,
      kind: negated ? 'notOneOf' : 'oneOf',
      value: several.values.join(', '),
      end: '',
    }
  const bounds = query && boundsIn(query)
  if (!bounds) return null
  const { value: from, end } = bounds
  return { field: bounds.field, kind: negated ? 'notBetween' : 'between', value: from, end }
}

/** The field and the values of what oneOf writes. */
function valuesIn(query: Query): { field: string; values: string[] } | null {
  const { should, minimum_should_match: least, ...rest } = members(query.bool)
  if (!Array.isArray(should) || should.length === 0 || least !== 1 || Object.keys(rest).length > 0)
    return null
  const [field] = Object.keys(members(members(should[0]).match_phrase))
  if (field === undefined) return null
  const values: string[] = []
  for (const one of should) {
    const { [field]: value, ...others } = members(members(one).match_phrase)
    // A comma stands between values in the form.
    if (!isFilterValue(value) || String(value).includes(',') || Object.keys(others).length > 0) return null
    values.push(String(value))
  }
  return { field, values }
}

/** The field and the bounds of what between writes. */
function boundsIn(query: Query): { field: string; value: string; end: string } | null {
  const [[field, bounds] = [], ...more] = Object.entries(members(query.range))
  if (field === undefined || more.length > 0 || Object.keys(query).length > 1) return null
  const { gte = '', lt = '', ...rest } = members(bounds)
  if (Object.keys(rest).length > 0 || !isFilterValue(gte) || !isFilterValue(lt)) return null
  return { field, value: String(gte), end: String(lt) }
}

const members = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** Those that stay when everything else is cleared. */
export const pinnedOf = (filters: readonly Filter[]): Filter[] => filters.filter(f => f.pinned)

/** Keyword sub-fields leave longer values out (`ignore_above` of dynamic mappings). */
const MAX_EXACT_CHARS = 256

function condition(filter: Filter, exactField: (field: string) => string | null): Query {
  if (filter.kind === 'exists') return { exists: { field: filter.field } }
  const value = filter.value ?? ''
  if (filter.kind === 'dsl') return queryIn(String(value)) ?? { match_none: {} }
  if (filter.kind === 'words') return { match: { [filter.field]: { query: value, operator: 'and' } } }
  const exact = typeof value === 'string' && value.length <= MAX_EXACT_CHARS ? exactField(filter.field) : null
  if (exact !== null) return { term: { [exact]: value } }
  // match_phrase is exact on keywords and numbers and works on analyzed text, whatever the mapping says.
  return { match_phrase: { [filter.field]: value } }
}

/** A query written as JSON; null for anything but an object. */
export function queryIn(text: string): Query | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Query) : null
  } catch {
    return null
  }
}

/** The query that a filter stands for, as it can be edited. */
export const queryOf = (filter: Filter): Query => condition(filter, () => null)

/**
 * The clauses of a bool query for the filters that are switched on. `exactField`
 * names the keyword sub-field of an analyzed field, on which a value is compared as a whole.
 */
export function filterClauses(
  filters: readonly Filter[],
  exactField: (field: string) => string | null = () => null,
): { filter: Query[]; must_not: Query[] } {
  const active = filters.filter(f => !f.disabled)
  const clause = (f: Filter) => condition(f, exactField)
  return {
    filter: active.filter(f => !f.negated).map(clause),
    must_not: active.filter(f => f.negated).map(clause),
  }
}

function sameCondition(a: Filter, b: Filter): boolean {
  return a.field === b.field && a.kind === b.kind && a.value === b.value
}

/** Adds a filter; one with the same condition is replaced, so that in and out do not contradict each other. */
export function addFilter(filters: readonly Filter[], added: Filter): Filter[] {
  const at = filters.findIndex(f => sameCondition(f, added))
  return at < 0 ? [...filters, added] : filters.with(at, added)
}

/** No field begins with a dot, so one before a name says that words are looked for, and two that a query follows. */
const KIND_MARKS = { is: '', exists: '', words: '.', dsl: '..' } as const

/**
 * As one URL parameter: `[~][!][*][.|..]field:value`, for disabled, negated, pinned and the kind, with the value as JSON
 * unless it is a plain text, and `*` alone for existence. A mark, a colon or a backslash in the name is escaped.
 */
export function formatFilter(filter: Filter): string {
  const name = filter.field.replace(/[\\:~!*]|^\./g, '\\$&')
  const marks =
    (filter.disabled ? '~' : '') +
    (filter.negated ? '!' : '') +
    (filter.pinned ? '*' : '') +
    KIND_MARKS[filter.kind]
  if (filter.kind === 'exists') return `${marks}${name}:*`
  const { value } = filter
  if (filter.kind !== 'is') return `${marks}${name}:${String(value ?? '')}`
  const bare = typeof value === 'string' && !isJson(value) && value !== '*'
  return `${marks}${name}:${bare ? value : JSON.stringify(value)}`
}

/** Null for text that is no filter, such as a damaged link. */
export function parseFilter(text: string): Filter | null {
  const match = /^(~?)(!?)(\*?)(\.{0,2})((?:[^\\:]|\\.)+):([\s\S]*)$/.exec(text)
  if (!match) return null
  const [disabled, negated, pinned, kind, name, rest] = match.slice(1) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const field = name.replace(/\\(.)/g, '$1')
  const flags = {
    negated: negated !== '',
    disabled: disabled !== '',
    ...(pinned !== '' && { pinned: true }),
  }
  if (kind === '.') return { field, kind: 'words', value: rest, ...flags }
  if (kind === '..') return queryIn(rest) && { field, kind: 'dsl', value: rest, ...flags }
  if (rest === '*') return { field, kind: 'exists', ...flags }
  if (!isJson(rest)) return { field, kind: 'is', value: rest, ...flags }
  const value: unknown = JSON.parse(rest)
  return isFilterValue(value) ? { field, kind: 'is', value, ...flags } : null
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export function isFilterValue(value: unknown): value is FilterValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}
