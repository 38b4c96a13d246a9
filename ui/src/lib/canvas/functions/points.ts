// Rows as the points of a chart: columns are its dimensions, calculations its measures.

import { texts } from '../../../texts/canvas'
import { evaluateMath, isMeasure, type MathNode, parseMath } from '../math'
import { type Cell, columnAt, type Datatable, type Dimension, type PointSeries } from '../values'
import { type Args, type Func, tableOf } from './func'

const MAX_POINTS = 20_000

type Role = 'x' | 'y' | 'color' | 'size' | 'text'
const ROLES: readonly Role[] = ['x', 'y', 'color', 'size', 'text']

type Reader =
  | { kind: 'column'; at: number; dimension: Dimension }
  | { kind: 'constant'; value: Cell; dimension: Dimension }
  | { kind: 'measure'; math: MathNode; dimension: Dimension }

function readerOf(args: Args, role: Role, table: Datatable): Reader | null {
  const text = args.text(role)
  if (text === null || text.trim() === '') return null
  const label = text.trim().replace(/^(['"])(.*)\1$/, '$2')
  const at = columnAt(table, label)
  if (at >= 0) {
    const type = table.columns[at]?.type ?? 'string'
    return { kind: 'column', at, dimension: { label, kind: 'dimension', type } }
  }
  const math = parseMath(text)
  if (math.kind === 'number')
    return {
      kind: 'constant',
      value: math.value,
      dimension: { label, kind: 'dimension', type: 'number' },
    }
  // A column that there is not fails here, by name.
  if (!isMeasure(math)) evaluateMath(math, table)
  return { kind: 'measure', math, dimension: { label, kind: 'measure', type: 'number' } }
}

const pointseries: Func = {
  args: { color: {}, size: {}, text: {}, x: {}, y: {} },
  run: (input, args, env): PointSeries => {
    const table = tableOf(input, 'pointseries')
    const readers = new Map(
      ROLES.flatMap(role => {
        const reader = readerOf(args, role, table)
        return reader ? [[role, reader] as const] : []
      }),
    )
    const dimensions = [...readers].filter(([, r]) => r.kind === 'column')
    const measured = [...readers.values()].some(r => r.kind === 'measure')
    const groups = measured ? grouped(table, dimensions) : table.rows.map(row => [row])
    if (groups.length > MAX_POINTS) env.note(texts.onlyTheFirstPoints(MAX_POINTS))
    const points = groups.slice(0, MAX_POINTS).map(rows => {
      const group = { ...table, rows }
      const read = (role: Role): Cell => {
        const reader = readers.get(role)
        if (!reader) return null
        if (reader.kind === 'column') return rows[0]?.[reader.at] ?? null
        return reader.kind === 'constant' ? reader.value : evaluateMath(reader.math, group)
      }
      return { x: read('x'), y: read('y'), color: read('color'), size: read('size'), text: read('text') }
    })
    const dimension = (role: Role) => readers.get(role)?.dimension ?? null
    return {
      type: 'pointseries',
      x: dimension('x'),
      y: dimension('y'),
      color: dimension('color'),
      size: dimension('size'),
      points,
    }
  },
}

/** The rows that agree in all dimensions, in the order in which they come first. */
function grouped(table: Datatable, dimensions: readonly (readonly [Role, Reader])[]): Cell[][][] {
  const groups = new Map<string, Cell[][]>()
  for (const row of table.rows) {
    const key = JSON.stringify(dimensions.map(([, r]) => (r.kind === 'column' ? row[r.at] : null)))
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups.values()]
}

export const POINTS = { pointseries }
