// The functions of formulas: those that the server computes, and those over its answers.

import {
  type ColumnFunction,
  counterRate,
  cumulativeSum,
  differences,
  movingAverage,
  ofRow,
  overall,
  type Value,
} from '../expr'
import type { Json } from '../json'
import { readCount, readHits, readPercentile, readStdDeviation, readValue } from '../metric_values'

export interface FormulaFunction {
  /** What completion says beside the name. */
  help: string
  field: 'needed' | 'optional'
  settings: readonly string[]
  needsTime?: boolean
  make: (
    field: string | null,
    settings: Record<string, number>,
    timeField: string,
  ) => { aggregation: Json | null; read: (answer: Json) => Value }
}

const simple = (kind: string, help: string): FormulaFunction => ({
  help,
  field: 'needed',
  settings: [],
  make: field => ({ aggregation: { [kind]: { field } }, read: readValue }),
})

const percentile = (fixed: number | null, help: string): FormulaFunction => ({
  help,
  field: 'needed',
  settings: fixed === null ? ['percentile'] : [],
  make: (field, settings) => {
    const percent = fixed ?? settings.percentile ?? 95
    return { aggregation: { percentiles: { field, percents: [percent] } }, read: readPercentile(percent) }
  },
})

const average = simple('avg', 'the mean of a field')
const uniqueCount = simple('cardinality', 'how many different values')

/** Computed by the server; each takes `kql='…'` or `lucene='…'`. */
export const FUNCTIONS: Record<string, FormulaFunction> = {
  average,
  avg: average,
  cardinality: uniqueCount,
  count: {
    help: 'how many documents, or values of a field',
    field: 'optional',
    settings: [],
    make: field =>
      field === null
        ? { aggregation: null, read: readCount }
        : { aggregation: { value_count: { field } }, read: readValue },
  },
  last_value: {
    help: 'the newest value of a field',
    field: 'needed',
    settings: [],
    needsTime: true,
    make: (field, _, timeField) => ({
      aggregation: {
        top_hits: { size: 1, sort: [{ [timeField]: { order: 'desc' } }], _source: sourceField(field ?? '') },
      },
      read: readHits(sourceField(field ?? ''), 'last'),
    }),
  },
  max: simple('max', 'the largest value of a field'),
  median: percentile(50, 'the value in the middle'),
  min: simple('min', 'the smallest value of a field'),
  percentile: percentile(null, 'percentile(field, percentile=95)'),
  percentile_rank: {
    help: 'the share of values up to one, in percent: percentile_rank(field, value=100)',
    field: 'needed',
    settings: ['value'],
    make: (field, settings) => {
      const value = settings.value ?? 0
      return { aggregation: { percentile_ranks: { field, values: [value] } }, read: readPercentile(value) }
    },
  },
  standard_deviation: {
    help: 'how far values are from their mean',
    field: 'needed',
    settings: [],
    make: field => ({ aggregation: { extended_stats: { field } }, read: readStdDeviation }),
  },
  sum: simple('sum', 'the sum of a field'),
  unique_count: uniqueCount,
}

/** `_source` has a field under its own name, without the sub-field that is aggregated on. */
export const sourceField = (field: string): string => field.replace(/\.keyword$/, '')

export interface MathFunction {
  help: string
  /** The least and the most values. */
  arguments: [number, number]
  settings?: readonly string[]
  make: (settings: Record<string, number>) => ColumnFunction
}

const row = (
  help: string,
  least: number,
  most: number,
  compute: (...v: number[]) => number,
): MathFunction => ({
  help,
  arguments: [least, most],
  make: () => ofRow(compute),
})

const series = (help: string, make: MathFunction['make'], settings: string[] = []): MathFunction => ({
  help,
  arguments: [1, 1],
  settings,
  make,
})

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
const difference = series('the change from the value before', () => differences(1))
const steps = (n: number | undefined, otherwise: number) => Math.max(1, Math.round(n ?? otherwise))

/** Computed from the answers. */
export const MATH: Record<string, MathFunction> = {
  abs: row('without its sign', 1, 1, Math.abs),
  add: row('a + b', 2, 2, (a, b) => (a as number) + (b as number)),
  cbrt: row('the cube root', 1, 1, Math.cbrt),
  ceil: row('rounded up', 1, 1, Math.ceil),
  clamp: row('kept between two bounds', 3, 3, (v, low, high) =>
    Math.min(Math.max(v as number, low as number), high as number),
  ),
  counter_rate: series('the growth of a counter', () => counterRate),
  cube: row('a × a × a', 1, 1, v => (v as number) ** 3),
  cumulative_sum: series('the sum of all values so far', () => cumulativeSum),
  defaults: {
    help: 'the first, or the second where there is none',
    arguments: [2, 2],
    make: () => args => (args[0] ?? []).map((v, at) => v ?? args[1]?.[at] ?? null),
  },
  derivative: difference,
  differences: difference,
  divide: row('a / b', 2, 2, (a, b) => (a as number) / (b as number)),
  eq: row('1 where both are the same, else 0', 2, 2, (a, b) => Number(a === b)),
  exp: row('e to the power of', 1, 1, Math.exp),
  fix: row('without its fraction', 1, 1, Math.trunc),
  floor: row('rounded down', 1, 1, Math.floor),
  gt: row('1 where a > b, else 0', 2, 2, (a, b) => Number((a as number) > (b as number))),
  gte: row('1 where a ≥ b, else 0', 2, 2, (a, b) => Number((a as number) >= (b as number))),
  ifelse: {
    help: 'ifelse(gt(a, b), where it is so, where not)',
    arguments: [3, 3],
    make: () => args =>
      (args[0] ?? []).map((v, at) => (v === null ? null : (args[v === 0 ? 2 : 1]?.[at] ?? null))),
  },
  log: row('the logarithm, natural or of a base', 1, 2, (v, base) =>
    base === undefined ? Math.log(v as number) : Math.log(v as number) / Math.log(base),
  ),
  lt: row('1 where a < b, else 0', 2, 2, (a, b) => Number((a as number) < (b as number))),
  lte: row('1 where a ≤ b, else 0', 2, 2, (a, b) => Number((a as number) <= (b as number))),
  mod: row('the rest of a division', 2, 2, (a, b) => (a as number) % (b as number)),
  moving_average: series('the mean of the values before', s => movingAverage(steps(s.window, 5)), ['window']),
  multiply: row('a × b', 2, 2, (a, b) => (a as number) * (b as number)),
  overall_average: series('the mean of the series', () => overall(v => sum(v) / v.length)),
  overall_max: series('the largest of the series', () => overall(v => Math.max(...v))),
  overall_min: series('the smallest of the series', () => overall(v => Math.min(...v))),
  overall_sum: series('the sum of the series', () => overall(sum)),
  pick_max: row('the larger', 2, 2, (a, b) => Math.max(a as number, b as number)),
  pick_min: row('the smaller', 2, 2, (a, b) => Math.min(a as number, b as number)),
  pow: row('a to the power of b', 2, 2, (a, b) => (a as number) ** (b as number)),
  round: row('rounded, to so many digits', 1, 2, (v, digits) => {
    const power = 10 ** (digits ?? 0)
    return Math.round((v as number) * power) / power
  }),
  sqrt: row('the square root', 1, 1, Math.sqrt),
  square: row('a × a', 1, 1, v => (v as number) ** 2),
  subtract: row('a − b', 2, 2, (a, b) => (a as number) - (b as number)),
}
