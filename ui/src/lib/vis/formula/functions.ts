// The functions of formulas: those that the server computes, and those over its answers.

import { texts } from '../../../texts/formula'
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

const average = simple('avg', texts.theMeanOfAField)
const uniqueCount = simple('cardinality', texts.howManyDifferentValues)

/** Computed by the server; each takes `kql='…'` or `lucene='…'`. */
export const FUNCTIONS: Record<string, FormulaFunction> = {
  average,
  avg: average,
  cardinality: uniqueCount,
  count: {
    help: texts.howManyDocumentsOrValues,
    field: 'optional',
    settings: [],
    make: field =>
      field === null
        ? { aggregation: null, read: readCount }
        : { aggregation: { value_count: { field } }, read: readValue },
  },
  last_value: {
    help: texts.theNewestValue,
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
  max: simple('max', texts.theLargestValue),
  median: percentile(50, texts.theValueInTheMiddle),
  min: simple('min', texts.theSmallestValue),
  percentile: percentile(null, 'percentile(field, percentile=95)'),
  percentile_rank: {
    help: texts.theShareOfValuesUp,
    field: 'needed',
    settings: ['value'],
    make: (field, settings) => {
      const value = settings.value ?? 0
      return { aggregation: { percentile_ranks: { field, values: [value] } }, read: readPercentile(value) }
    },
  },
  standard_deviation: {
    help: texts.howFarValues,
    field: 'needed',
    settings: [],
    make: field => ({ aggregation: { extended_stats: { field } }, read: readStdDeviation }),
  },
  sum: simple('sum', texts.theSumOfAField),
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
const difference = series(texts.theChangeFromTheValue, () => differences(1))
const steps = (n: number | undefined, otherwise: number) => Math.max(1, Math.round(n ?? otherwise))

/** Computed from the answers. */
export const MATH: Record<string, MathFunction> = {
  abs: row(texts.withoutItsSign, 1, 1, Math.abs),
  add: row('a + b', 2, 2, (a, b) => (a as number) + (b as number)),
  cbrt: row(texts.theCubeRoot, 1, 1, Math.cbrt),
  ceil: row(texts.roundedUp, 1, 1, Math.ceil),
  clamp: row(texts.keptBetweenTwoBounds, 3, 3, (v, low, high) =>
    Math.min(Math.max(v as number, low as number), high as number),
  ),
  counter_rate: series(texts.theGrowthOfACounter, () => counterRate),
  cube: row('a × a × a', 1, 1, v => (v as number) ** 3),
  cumulative_sum: series(texts.theSumOfAllValues, () => cumulativeSum),
  defaults: {
    help: texts.theFirstOrTheSecond,
    arguments: [2, 2],
    make: () => args => (args[0] ?? []).map((v, at) => v ?? args[1]?.[at] ?? null),
  },
  derivative: difference,
  differences: difference,
  divide: row('a / b', 2, 2, (a, b) => (a as number) / (b as number)),
  eq: row(texts.where1Both, 2, 2, (a, b) => Number(a === b)),
  exp: row(texts.eToThePowerOf, 1, 1, Math.exp),
  fix: row(texts.withoutItsFraction, 1, 1, Math.trunc),
  floor: row(texts.roundedDown, 1, 1, Math.floor),
  gt: row(texts.oneWhereGreater, 2, 2, (a, b) => Number((a as number) > (b as number))),
  gte: row(texts.oneWhereAtLeast, 2, 2, (a, b) => Number((a as number) >= (b as number))),
  ifelse: {
    help: texts.ifelseGtABWhere,
    arguments: [3, 3],
    make: () => args =>
      (args[0] ?? []).map((v, at) => (v === null ? null : (args[v === 0 ? 2 : 1]?.[at] ?? null))),
  },
  log: row(texts.theLogarithmNatural, 1, 2, (v, base) =>
    base === undefined ? Math.log(v as number) : Math.log(v as number) / Math.log(base),
  ),
  lt: row(texts.oneWhereLess, 2, 2, (a, b) => Number((a as number) < (b as number))),
  lte: row(texts.oneWhereAtMost, 2, 2, (a, b) => Number((a as number) <= (b as number))),
  mod: row(texts.theRestOfADivision, 2, 2, (a, b) => (a as number) % (b as number)),
  moving_average: series(texts.theMeanOfTheValues, s => movingAverage(steps(s.window, 5)), ['window']),
  multiply: row('a × b', 2, 2, (a, b) => (a as number) * (b as number)),
  overall_average: series(texts.theMeanOfTheSeries, () => overall(v => sum(v) / v.length)),
  overall_max: series(texts.theLargestOfTheSeries, () => overall(v => Math.max(...v))),
  overall_min: series(texts.theSmallestOfTheSeries, () => overall(v => Math.min(...v))),
  overall_sum: series(texts.theSumOfTheSeries, () => overall(sum)),
  pick_max: row(texts.theLarger, 2, 2, (a, b) => Math.max(a as number, b as number)),
  pick_min: row(texts.theSmaller, 2, 2, (a, b) => Math.min(a as number, b as number)),
  pow: row(texts.aToThePower, 2, 2, (a, b) => (a as number) ** (b as number)),
  round: row(texts.roundedToSoManyDigits, 1, 2, (v, digits) => {
    const power = 10 ** (digits ?? 0)
    return Math.round((v as number) * power) / power
  }),
  sqrt: row(texts.theSquareRoot, 1, 1, Math.sqrt),
  square: row('a × a', 1, 1, v => (v as number) ** 2),
  subtract: row('a − b', 2, 2, (a, b) => (a as number) - (b as number)),
}
