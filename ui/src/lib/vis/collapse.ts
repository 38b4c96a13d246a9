// Buckets that a chart is computed by and does not show: their rows become one, by a sum, a mean, or the last of them.

import type { Value } from './expr'
import { formatValue } from './format'
import { asJson, asList, asText } from './json'
import type { Vis } from './model'
import { groupBy } from './series'
import type { Row, Table } from './table'

export const COLLAPSES = ['sum', 'avg', 'min', 'max', 'last'] as const
export type Collapse = (typeof COLLAPSES)[number]

export interface Collapsed {
  /** The aggregation whose buckets become one. */
  agg: string
  by: Collapse
}

/** `params.collapse`: Lens' "collapse by", TSVB's series aggregation and its last value. */
export function collapsed(vis: Vis, table: Table): Table {
  return asList(vis.params.collapse)
    .map(asJson)
    .reduce<Table>((now, { agg, by }) => {
      const how = COLLAPSES.find(c => c === by)
      return how === undefined ? now : without(now, asText(agg), how)
    }, table)
}

function without(table: Table, agg: string, how: Collapse): Table {
  const at = table.columns.findIndex(c => c.kind === 'bucket' && c.agg?.id === agg)
  if (at < 0) return table
  const keyOf = (row: Row) =>
    JSON.stringify(
      row.cells.flatMap((c, i) => (i === at || table.columns[i]?.kind !== 'bucket' ? [] : [c.text])),
    )
  const last = how === 'last' ? lastOf(table, at) : null
  const rows = last === null ? table.rows : table.rows.filter(row => row.cells[at]?.value === last)
  return {
    ...table,
    columns: table.columns.toSpliced(at, 1),
    rows: [...groupBy(rows, keyOf).values()].map(members => merged(table, members, at, how)),
  }
}

/** The greatest value of an axis that any row has. */
function lastOf(table: Table, at: number): Value {
  let last: Value = null
  for (const row of table.rows) {
    const value = row.cells[at]?.value ?? null
    if (value !== null && (last === null || value > last)) last = value
  }
  return last
}

function merged(table: Table, rows: readonly Row[], at: number, how: Collapse): Row {
  const [first] = rows
  const cells = (first?.cells ?? []).map((cell, i) => {
    const column = table.columns[i]
    if (column?.kind !== 'metric' || rows.length === 1) return cell
    const value = combined(
      rows.flatMap(row => {
        const one = row.cells[i]?.value
        return typeof one === 'number' ? one : []
      }),
      how,
    )
    return { value, text: formatValue(value, column.format), filter: null }
  })
  return { cells: cells.toSpliced(at, 1) }
}

function combined(values: readonly number[], how: Collapse): Value {
  if (values.length === 0) return null
  switch (how) {
    case 'sum':
      return values.reduce((a, b) => a + b, 0)
    case 'avg':
      return values.reduce((a, b) => a + b, 0) / values.length
    case 'min':
      return Math.min(...values)
    case 'max':
      return Math.max(...values)
    case 'last':
      return values.at(-1) ?? null
  }
}
