// What a metric column computes: arithmetic over values that the server aggregates, row by row, and functions over series.

import type { Json } from './json'

export type Value = number | string | null

/** A value that the server computes per bucket. */
export interface Leaf {
  /** Names the aggregation; leaves of one name are one aggregation. */
  name: string
  /** Null reads the bucket's count, which every bucket has. */
  aggregation: Json | null
  read: (bucket: Json) => Value
  /** The earlier time that it is of, as `readShift` reads it. */
  shift?: string
}

export type Operator = '+' | '-' | '*' | '/'

/** The rows of each series in the order of its axis; found when a function asks for them, which few do. */
export type SeriesRows = () => readonly number[][]

/** A function of whole columns. */
export type ColumnFunction = (args: readonly Value[][], series: SeriesRows) => Value[]

export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'leaf'; leaf: Leaf }
  | { kind: 'operator'; operator: Operator; left: Expr; right: Expr }
  | { kind: 'call'; call: ColumnFunction; args: Expr[] }

export const leaf = (name: string, aggregation: Json | null, read: (bucket: Json) => Value): Expr => ({
  kind: 'leaf',
  leaf: { name, aggregation, read },
})

/** The leaves of an expression, each name once. */
export function leavesOf(expr: Expr): Leaf[] {
  switch (expr.kind) {
    case 'number':
      return []
    case 'leaf':
      return [expr.leaf]
    case 'operator':
      return unique([...leavesOf(expr.left), ...leavesOf(expr.right)])
    case 'call':
      return unique(expr.args.flatMap(leavesOf))
  }
}

const unique = (leaves: Leaf[]): Leaf[] => [...new Map(leaves.map(l => [l.name, l])).values()]

/** The column of an expression over buckets. What has no value (nothing aggregated, a division by zero) is null. */
export function evaluate(expr: Expr, buckets: readonly Json[], series: SeriesRows): Value[] {
  switch (expr.kind) {
    case 'number':
      return buckets.map(() => expr.value)
    case 'leaf':
      return buckets.map(expr.leaf.read)
    case 'operator': {
      const left = evaluate(expr.left, buckets, series)
      const right = evaluate(expr.right, buckets, series)
      return left.map((value, at) => operate(expr.operator, value, right[at] ?? null))
    }
    case 'call':
      return expr.call(
        expr.args.map(arg => evaluate(arg, buckets, series)),
        series,
      )
  }
}

function operate(operator: Operator, a: Value, b: Value): Value {
  if (typeof a !== 'number' || typeof b !== 'number') return null
  const result =
    operator === '+'
      ? a + b
      : operator === '-'
        ? a - b
        : operator === '*'
          ? a * b
          : b === 0
            ? Number.NaN
            : a / b
  return Number.isFinite(result) ? result : null
}

/** A function of the values of one row. */
export function ofRow(compute: (...values: number[]) => number): ColumnFunction {
  return args =>
    (args[0] ?? []).map((_, row) => {
      const values = args.map(arg => arg[row])
      if (!values.every(v => typeof v === 'number')) return null
      const result = compute(...(values as number[]))
      return Number.isFinite(result) ? result : null
    })
}

/** A function of one series, in the order of its axis. */
export function ofSeries(compute: (values: Value[]) => Value[]): ColumnFunction {
  return (args, series) => {
    const column = args[0] ?? []
    const out: Value[] = column.map(() => null)
    for (const rows of series()) {
      const results = compute(rows.map(row => column[row] ?? null))
      for (const [at, row] of rows.entries()) out[row] = results[at] ?? null
    }
    return out
  }
}

const numbers = (values: readonly Value[]): number[] => values.filter(v => typeof v === 'number')

/** The change from the value before, `lag` steps back. */
export const differences = (lag: number): ColumnFunction =>
  ofSeries(values => values.map((v, at) => operate('-', v, values[at - lag] ?? null)))

export const cumulativeSum: ColumnFunction = ofSeries(values => {
  let sum = 0
  return values.map(v => {
    sum += typeof v === 'number' ? v : 0
    return sum
  })
})

/** The mean of the `window` values before, as Elasticsearch's moving functions have it: the value itself is not part of it. */
export const movingAverage = (window: number): ColumnFunction =>
  ofSeries(values =>
    values.map((_, at) => {
      const before = numbers(values.slice(Math.max(0, at - window), at))
      return before.length === 0 ? null : before.reduce((a, b) => a + b, 0) / before.length
    }),
  )

/** The growth of a counter that starts again from nothing now and then. */
export const counterRate: ColumnFunction = ofSeries(values =>
  values.map((v, at) => {
    const before = values[at - 1]
    if (typeof v !== 'number' || typeof before !== 'number') return null
    return v >= before ? v - before : v
  }),
)

/** One number for the whole series, in each of its rows. */
export const overall = (compute: (values: number[]) => number): ColumnFunction =>
  ofSeries(values => {
    const present = numbers(values)
    const result = present.length === 0 ? null : compute(present)
    return values.map(() => result)
  })
