// Searches and queries as people keep them: Kibana's saved objects `search` and `query`, and the plain query that articles print.

import type { Filter } from './filters'
import type { Query } from './kql/dsl'
import type { Reference, SavedObject } from './savedobjects'
import type { TimeRange } from './time/range'
import { fromPill, readFilter, toPill } from './vis/filter'
import { asJson, asList, asText, isJson, type Json, parseObject } from './vis/json'
import { readQuery } from './vis/read'

/** What a saved search reproduces. */
export interface SearchContent {
  /** The index pattern; null leaves the choice to the page. */
  index: string | null
  query: string
  language: 'kql' | 'lucene'
  filters: Filter[]
  columns: string[] | null
  /** The field that the histogram is stacked by; null for none; 'auto' for the page's choice. */
  breakdown: string | 'auto' | null
  /** Null keeps the time that is chosen. */
  range: TimeRange | null
}

const INDEX = 'kibanaSavedObjectMeta.searchSourceJSON.index'

/** What is stored of a search; `view` is the id of the data view that its index pattern has. */
export function writeSearch(
  title: string,
  content: SearchContent,
  view: string | null,
): { attributes: Json; references: Reference[] } {
  const { columns, breakdown, range } = content
  const source = { ...writeQuery(content), ...(view !== null && { indexRefName: INDEX }) }
  return {
    attributes: {
      title,
      description: '',
      columns: columns ?? [],
      sort: [],
      ...(breakdown !== null && breakdown !== 'auto' && { breakdownField: breakdown }),
      timeRestore: range !== null,
      ...(range !== null && { timeRange: range }),
      version: 1,
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(source) },
    },
    references: view === null ? [] : [{ name: INDEX, type: 'index-pattern', id: view }],
  }
}

/** What is stored of a query alone, for use with any data. */
export function writeSavedQuery(
  title: string,
  content: SearchContent,
): { attributes: Json; references: Reference[] } {
  const { query, filter } = writeQuery(content)
  const { range } = content
  return {
    attributes: {
      title,
      description: '',
      query,
      filters: filter,
      ...(range !== null && { timefilter: range }),
    },
    references: [],
  }
}

function writeQuery({ query, language, filters }: SearchContent) {
  return {
    query: { query, language: language === 'kql' ? 'kuery' : 'lucene' },
    filter: filters.map(f => ({ ...fromPill(f), $state: { store: f.pinned ? 'globalState' : 'appState' } })),
  }
}

/** Reads either kind. `patterns` tells the index pattern of a data view. */
export function readSaved(
  object: Pick<SavedObject, 'type' | 'attributes' | 'references'>,
  patterns: ReadonlyMap<string, string>,
): SearchContent {
  const { attributes, references } = object
  if (object.type === 'query') {
    return {
      ...readSource(attributes.query, attributes.filters),
      ...NOTHING,
      range: readRange(attributes.timefilter),
    }
  }
  const source = parseObject(asText(asJson(attributes.kibanaSavedObjectMeta).searchSourceJSON)) ?? {}
  const view = references.find(r => r.type === 'index-pattern')?.id ?? asText(source.index)
  const columns = asList(attributes.columns).filter(c => typeof c === 'string' && c !== '_source')
  const field = asText(attributes.breakdownField)
  return {
    ...readSource(source.query, source.filter),
    index: patterns.get(view) ?? null,
    columns: columns.length === 0 ? null : (columns as string[]),
    breakdown: field === '' ? 'auto' : field,
    range: attributes.timeRestore === true ? readRange(attributes.timeRange) : null,
  }
}

const NOTHING = { index: null, columns: null, breakdown: 'auto' } as const

function readSource(query: unknown, list: unknown): Pick<SearchContent, 'query' | 'language' | 'filters'> {
  const pills = asList(list).flatMap(one => {
    const filter = readFilter(one)
    const pinned = asText(asJson(asJson(one).$state).store) === 'globalState'
    return filter === null ? [] : [{ ...toPill(filter), ...(pinned && { pinned }) }]
  })
  // What people wrote as query DSL: the parts of it become filters.
  if (isJson(query) && isJson(query.bool))
    return { query: '', language: 'kql', filters: [...filtersOf(query), ...pills] }
  const read = readQuery(query)
  return { query: read.query, language: read.language === 'kuery' ? 'kql' : 'lucene', filters: pills }
}

function readRange(value: unknown): TimeRange | null {
  const { from, to } = asJson(value)
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null
}

/** The clauses of a printed `bool` query as filters; any other query as one written filter. */
function filtersOf(query: Query): Filter[] {
  const { must, filter, must_not, ...others } = asJson(query.bool)
  if (Object.keys(others).length > 0 || Object.keys(query).length > 1) return [written(query)]
  const clauses = (value: unknown) => (isJson(value) ? [value] : asList(value).filter(isJson))
  return [
    ...[...clauses(must), ...clauses(filter)].map(clause => filterOf(clause, false)),
    ...clauses(must_not).map(clause => filterOf(clause, true)),
  ]
}

function filterOf(clause: Query, negated: boolean): Filter {
  const [kind, body] = Object.entries(clause)[0] ?? []
  const [field, value] = Object.entries(asJson(body))[0] ?? []
  const plain = isJson(value) ? (value.value ?? value.query) : value
  const flags = { negated, disabled: false }
  if (kind === 'exists' && typeof value === 'string') return { field: value, kind: 'exists', ...flags }
  const simple = typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean'
  if ((kind === 'term' || kind === 'match_phrase') && field !== undefined && simple)
    return { field, kind: 'is', value: plain, ...flags }
  return { ...written(clause), negated }
}

function written(query: Query): Filter {
  const value = JSON.stringify(query)
  return { field: value.slice(0, 60), kind: 'dsl', value, negated: false, disabled: false }
}

/** A search as articles print it: what has to hold, what must not, and the order. */
export function printSearch(clauses: { filter: Query[]; must_not: Query[] }, timeField: string): string {
  const { filter, must_not } = clauses
  const bool = { must: filter, ...(must_not.length > 0 && { must_not }) }
  return JSON.stringify({ query: { bool }, sort: [{ [timeField]: 'desc' }] }, null, 2)
}

/** Reads such a search back; null for a text that is none. */
export function readPrinted(text: string): Filter[] | null {
  const body = parseObject(text)
  const query = body && (isJson(body.query) ? body.query : isJson(body.bool) ? body : null)
  if (!query) return null
  return isJson(query.bool) ? filtersOf(query) : [filterOf(query, false)]
}
