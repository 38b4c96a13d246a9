// A table as slices inside each other, for pies.

import type { VisFilter } from './filter'
import { metricColumnsOf, type Row, type Table } from './table'

export interface Slice {
  name: string
  value: number
  text: string
  filters: VisFilter[]
  children: Slice[]
  /** All values that have no slice of their own. */
  rest: boolean
}

/** One ring per bucket level, of the first metric. A slice is as large as what lies in it. */
export function slicesOf(table: Table): Slice[] {
  const metric = metricColumnsOf(table)[0]
  if (metric === undefined) return []
  const levels = table.columns.flatMap((c, at) => (c.kind === 'bucket' ? at : []))
  if (levels.length === 0) {
    return metricColumnsOf(table).flatMap(at => {
      const { value, text } = table.rows[0]?.cells[at] ?? {}
      return typeof value === 'number' && value > 0
        ? [
            {
              name: table.columns[at]?.name ?? '',
              value,
              text: text ?? '',
              filters: [],
              children: [],
              rest: false,
            },
          ]
        : []
    })
  }
  return within(table.rows, levels, metric, [])
}

function within(
  rows: readonly Row[],
  levels: readonly number[],
  metric: number,
  before: VisFilter[],
): Slice[] {
  const [level, ...deeper] = levels
  if (level === undefined) return []
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const name = row.cells[level]?.text ?? ''
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return [...groups].flatMap(([name, members]): Slice[] => {
    const value = members.reduce((sum, row) => sum + Math.max(0, Number(row.cells[metric]?.value ?? 0)), 0)
    const filter = members[0]?.cells[level]?.filter
    const filters = filter ? [...before, filter] : before
    const text = members.length === 1 ? (members[0]?.cells[metric]?.text ?? '') : String(value)
    return value > 0
      ? [
          {
            name,
            value,
            text,
            filters,
            children: within(members, deeper, metric, filters),
            rest: isRest(filter),
          },
        ]
      : []
  })
}

const isRest = (filter: VisFilter | null | undefined): boolean =>
  filter?.meta.type === 'phrases' && filter.meta.negate
