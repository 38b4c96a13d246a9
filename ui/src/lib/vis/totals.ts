// What a data table adds to its rows: an order and a last row.

import { texts } from '../../texts/vis'
import type { Value } from './expr'
import { formatValue } from './format'
import type { Row, Table } from './table'

export interface Sorting {
  column: number
  direction: 'asc' | 'desc'
}

/** Missing values come last whichever way. */
export function sortRows(rows: readonly Row[], sorting: Sorting | null): Row[] {
  if (sorting === null) return [...rows]
  const sign = sorting.direction === 'asc' ? 1 : -1
  const measured = (row: Row) => row.cells[sorting.column]?.value ?? null
  return [...rows].sort((a, b) => compare(measured(a), measured(b), sign))
}

function compare(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * String(a).localeCompare(String(b), 'en', { numeric: true })
}

/** The last row: of each metric the sum, mean, least, most or count; empty where there is none. */
export function totalsOf(table: Table, how: string): string[] {
  return table.columns.map((column, at) => {
    if (column.kind !== 'metric') return ''
    const values = table.rows.flatMap(row => {
      const value = row.cells[at]?.value
      return typeof value === 'number' ? value : []
    })
    if (how === 'count') return formatValue(table.rows.length, { kind: 'number' })
    // Means and percentiles do not add up to anything.
    if (values.length === 0 || (how === 'sum' && !column.additive)) return ''
    const sum = values.reduce((a, b) => a + b, 0)
    const total =
      how === 'avg'
        ? sum / values.length
        : how === 'min'
          ? Math.min(...values)
          : how === 'max'
            ? Math.max(...values)
            : sum
    return formatValue(total, column.format)
  })
}

/** The table with a column behind that of a name: the share of each row in the sum of it. As it was where no number has the name. */
export function withShares(table: Table, name: string): Table {
  const at = table.columns.findIndex(c => c.kind === 'metric' && c.name === name)
  const measured = table.columns[at]
  if (name === '' || !measured) return table
  const numberOf = (row: Row): number => {
    const value = row.cells[at]?.value
    return typeof value === 'number' ? value : 0
  }
  const sum = table.rows.reduce((total, row) => total + numberOf(row), 0)
  const format = { kind: 'percent' } as const
  return {
    ...table,
    columns: table.columns.toSpliced(at + 1, 0, {
      ...measured,
      id: `${measured.id} share`,
      name: texts.percentages(name),
      format,
      additive: true,
    }),
    rows: table.rows.map(row => {
      const value = sum === 0 ? null : numberOf(row) / sum
      return {
        ...row,
        cells: row.cells.toSpliced(at + 1, 0, { value, text: formatValue(value, format), filter: null }),
      }
    }),
  }
}
