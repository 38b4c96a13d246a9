// Functions of tables: rows and columns picked, computed, put in order.

import { texts } from '../../../texts/canvas'
import { CanvasError } from '../error'
import { compareCells } from '../sql/run'
import { type Cell, type ColumnType, columnAt, type Datatable, typeOfCells } from '../values'
import { cellOf, type Func, type Lazy, tableOf } from './func'

function need(table: Datatable, name: string): number {
  const at = columnAt(table, name)
  if (at >= 0) return at
  const names = table.columns.map(c => c.name).join(', ')
  throw new CanvasError(texts.thereIsNoColumnThereAre(name, names || 'none'))
}

/** One row as a table, which is what expressions over rows get. */
const rowTable = (table: Datatable, row: Cell[]): Datatable => ({ ...table, rows: [row] })

const listOf = (text: string | null) =>
  (text ?? '')
    .split(',')
    .map(t => t.trim())
    .filter(t => t !== '')

const getCell: Func = {
  unnamed: 'column',
  args: { column: { aliases: ['c'] }, row: { aliases: ['r'] } },
  run: (input, args) => {
    const table = tableOf(input, 'getCell')
    const name = args.text('column') ?? table.columns[0]?.name
    if (name === undefined) throw new CanvasError(texts.getCellGotATableWithout)
    return table.rows[args.number('row', 0)]?.[need(table, name)] ?? null
  },
}

const rowCount: Func = { args: {}, run: input => tableOf(input, 'rowCount').rows.length }

const head: Func = {
  unnamed: 'count',
  args: { count: {} },
  run: (input, args) => {
    const table = tableOf(input, 'head')
    return { ...table, rows: table.rows.slice(0, Math.max(0, args.number('count', 1))) }
  },
}

const tail: Func = {
  unnamed: 'count',
  args: { count: {} },
  run: (input, args) => {
    const table = tableOf(input, 'tail')
    const count = Math.max(0, args.number('count', 1))
    return { ...table, rows: count === 0 ? [] : table.rows.slice(-count) }
  },
}

const sort: Func = {
  unnamed: 'by',
  args: { by: { aliases: ['column'] }, reverse: {} },
  run: (input, args) => {
    const table = tableOf(input, 'sort')
    const at = args.has('by') ? need(table, args.needText('by')) : 0
    const sign = args.flag('reverse', false) ? -1 : 1
    return {
      ...table,
      rows: table.rows.toSorted((a, b) => sign * compareCells(a[at] ?? null, b[at] ?? null)),
    }
  },
}

const columns: Func = {
  unnamed: 'include',
  args: { include: {}, exclude: {} },
  run: (input, args) => {
    const table = tableOf(input, 'columns')
    const without = new Set(listOf(args.text('exclude')))
    const wanted = listOf(args.text('include'))
    const kept = table.columns.flatMap((c, at) => (without.has(c.name) ? [] : [{ ...c, at }]))
    const chosen = wanted.length === 0 ? kept : wanted.flatMap(name => kept.find(c => c.name === name) ?? [])
    return {
      type: 'datatable',
      columns: chosen.map(({ name, type }) => ({ name, type })),
      rows: table.rows.map(row => chosen.map(c => row[c.at] ?? null)),
    }
  },
}

function withColumn(table: Datatable, name: string, cells: Cell[], type: ColumnType): Datatable {
  const at = columnAt(table, name)
  const to = at < 0 ? table.columns.length : at
  return {
    type: 'datatable',
    columns: table.columns.toSpliced(to, 1, { name, type }),
    rows: table.rows.map((row, i) => row.toSpliced(to, 1, cells[i] ?? null)),
  }
}

const staticColumn: Func = {
  unnamed: 'name',
  args: { name: { aliases: ['column'] }, value: {} },
  run: (input, args) => {
    const table = tableOf(input, 'staticColumn')
    const cell = cellOf(args.value('value') ?? null, 'staticColumn')
    return withColumn(
      table,
      args.needText('name'),
      table.rows.map(() => cell),
      typeOfCells([cell]),
    )
  },
}

const mapColumn: Func = {
  unnamed: 'name',
  args: {
    name: { aliases: ['column'] },
    expression: { aliases: ['exp', 'fn', 'function'], lazy: true },
    id: { ignored: texts.columnsHaveNoIdsHere },
  },
  run: async (input, args) => {
    const table = tableOf(input, 'mapColumn')
    const expression = args.lazy('expression')
    if (!expression) throw new CanvasError(texts.mapColumnNeedsAnExpression)
    const cells: Cell[] = []
    for (const row of table.rows) cells.push(cellOf(await expression(rowTable(table, row)), 'mapColumn'))
    return withColumn(table, args.needText('name'), cells, typeOfCells(cells))
  },
}

const filterrows: Func = {
  unnamed: 'fn',
  args: { fn: { aliases: ['exp', 'expression', 'function'], lazy: true } },
  run: async (input, args) => {
    const table = tableOf(input, 'filterrows')
    const fn = args.lazy('fn')
    if (!fn) throw new CanvasError(texts.filterrowsNeedsAnExpression)
    const rows: Cell[][] = []
    for (const row of table.rows) if ((await fn(rowTable(table, row))) === true) rows.push(row)
    return { ...table, rows }
  },
}

const alterColumn: Func = {
  unnamed: 'column',
  args: { column: {}, name: {}, type: {} },
  run: (input, args) => {
    const table = tableOf(input, 'alterColumn')
    const at = need(table, args.needText('column'))
    const before = table.columns[at] as Datatable['columns'][number]
    const type = args.one(
      'type',
      ['string', 'number', 'date', 'boolean', 'null'] as const,
      before.type as 'string',
    )
    const name = args.text('name') || before.name
    return {
      type: 'datatable',
      columns: table.columns.toSpliced(at, 1, { name, type }),
      rows: table.rows.map(row => row.toSpliced(at, 1, convert(row[at] ?? null, before.type, type))),
    }
  },
}

function convert(cell: Cell, from: ColumnType, to: ColumnType): Cell {
  if (cell === null || to === 'null') return null
  switch (to) {
    case 'string':
      return from === 'date' && typeof cell === 'number' ? new Date(cell).toISOString() : String(cell)
    case 'boolean':
      return Boolean(cell)
    default: {
      const n = to === 'date' && typeof cell === 'string' ? Date.parse(cell) : Number(cell)
      return Number.isFinite(n) ? n : null
    }
  }
}

const joinRows: Func = {
  unnamed: 'column',
  args: { column: {}, distinct: {}, quote: {}, separator: { aliases: ['delimiter', 'sep'] } },
  run: (input, args) => {
    const table = tableOf(input, 'joinRows')
    const at = need(table, args.needText('column'))
    const cells = table.rows.map(row => String(row[at] ?? ''))
    const quote = args.text('quote') ?? "'"
    return (args.flag('distinct', true) ? [...new Set(cells)] : cells)
      .map(c => `${quote}${c}${quote}`)
      .join(args.text('separator') ?? ', ')
  },
}

const ply: Func = {
  args: { by: {}, expression: { aliases: ['exp', 'fn', 'function'], lazy: true } },
  run: async (input, args) => {
    const table = tableOf(input, 'ply')
    const by = args.all('by').map(name => need(table, String(name)))
    if (by.length === 0) throw new CanvasError(texts.plyNeedsAColumn)
    const groups = new Map<string, Cell[][]>()
    for (const row of table.rows) {
      const key = JSON.stringify(by.map(at => row[at]))
      const group = groups.get(key)
      if (group) group.push(row)
      else groups.set(key, [row])
    }
    const keys = by.map(at => table.columns[at] as Datatable['columns'][number])
    let out: Datatable | null = null
    for (const rows of groups.values()) {
      const results = await merged({ ...table, rows }, args.lazies('expression'))
      const key = by.map(at => rows[0]?.[at] ?? null)
      out ??= { type: 'datatable', columns: [...keys, ...results.columns], rows: [] }
      for (const row of results.rows) out.rows.push([...key, ...row])
    }
    return out ?? { type: 'datatable', columns: keys, rows: [] }
  },
}

/** What several expressions make of one group, side by side. */
async function merged(group: Datatable, expressions: readonly Lazy[]): Promise<Datatable> {
  const tables: Datatable[] = []
  for (const expression of expressions) tables.push(tableOf(await expression(group), 'ply'))
  const [first] = tables
  if (!first) throw new CanvasError(texts.plyNeedsAnExpression)
  if (tables.some(t => t.rows.length !== first.rows.length))
    throw new CanvasError(texts.theExpressionsOfPlyCome)
  return {
    type: 'datatable',
    columns: tables.flatMap(t => t.columns),
    rows: first.rows.map((_, at) => tables.flatMap(t => t.rows[at] ?? [])),
  }
}

export const TABLES = {
  alterColumn,
  columns,
  filterrows,
  getCell,
  head,
  joinRows,
  mapColumn,
  ply,
  rowCount,
  sort,
  staticColumn,
  tail,
}
