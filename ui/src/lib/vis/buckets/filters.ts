// A bucket per query.

import { texts } from '../../../texts/vis'
import { QueryError } from '../../queryerror'
import { VisError } from '../error'
import { customFilter } from '../filter'
import { asJson, asList, asText } from '../json'
import type { VisAgg, VisQuery } from '../model'
import { queryClauses } from '../query'
import { readQuery } from '../read'
import { type BucketKind, listOf, nameOf } from './bucket'

export interface FilterRow {
  label: string
  query: VisQuery
}

export const filterRows = (agg: VisAgg): FilterRow[] =>
  asList(agg.params.filters).map(one => {
    const { input, label } = asJson(one)
    const query = readQuery(input)
    return { label: asText(label) || query.query || texts.all, query }
  })

/** The query of one row. Throws VisError. */
export function rowQuery(agg: VisAgg, row: FilterRow) {
  try {
    return queryClauses(row.query)[0] ?? { match_all: {} }
  } catch (error) {
    if (error instanceof QueryError)
      throw new VisError(texts.cannotBeRead(row.query.query, error.message), agg.id)
    throw error
  }
}

export const filters: BucketKind = {
  label: texts.filters,
  field: 'none',
  level: agg => {
    const rows = filterRows(agg)
    if (rows.length === 0) throw new VisError(texts.theFiltersHaveNoQuery, agg.id)
    const queries = rows.map(row => rowQuery(agg, row))
    return {
      agg,
      name: nameOf(agg, texts.filters),
      format: { kind: 'text' },
      aggregation: { filters: { filters: queries } },
      needs: [],
      step: null,
      read: answer =>
        listOf(answer).map((raw, at) => {
          const text = rows[at]?.label ?? ''
          return { key: text, text, filter: customFilter(queries[at] ?? { match_all: {} }, text), raw }
        }),
      notes: [],
    }
  },
}
