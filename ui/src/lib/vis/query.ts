// The query of a search: the time, what is typed, and the filters.

import { kqlToQuery, type Query } from '../kql/dsl'
import { parseLucene } from '../lucene/parse'
import { QueryError } from '../queryerror'
import type { ResolvedRange } from '../time/range'
import { customFilter, type VisFilter, visFilterClauses } from './filter'
import type { VisQuery } from './model'

/** A typed query as clauses, none for an empty text. Throws QueryError. */
export function queryClauses({ query, language }: VisQuery): Query[] {
  const text = query.trim()
  if (text === '') return []
  if (language === 'kuery') return [kqlToQuery(text)]
  return parseLucene(text) === null ? [] : [{ query_string: { query: text } }]
}

/** A query that holds beside another one, as filters; null for one that cannot be read. */
export function queryFilters(query: VisQuery): VisFilter[] | null {
  try {
    return queryClauses(query).map(clause => customFilter(clause, query.query))
  } catch (error) {
    if (error instanceof QueryError) return null
    throw error
  }
}

export function timeClause(field: string, range: ResolvedRange): Query {
  const iso = (at: number) => new Date(at).toISOString()
  return {
    range: { [field]: { gte: iso(range.from), lte: iso(range.to), format: 'strict_date_optional_time' } },
  }
}

/** All conditions as one query. Throws QueryError. */
export function conditionsQuery(
  time: { field: string; range: ResolvedRange } | null,
  queries: readonly VisQuery[],
  filters: readonly VisFilter[],
): Query {
  const { filter, must_not } = visFilterClauses(filters)
  const clauses = [
    ...(time === null ? [] : [timeClause(time.field, time.range)]),
    ...queries.flatMap(queryClauses),
    ...filter,
  ]
  return { bool: { filter: clauses, ...(must_not.length > 0 && { must_not }) } }
}
