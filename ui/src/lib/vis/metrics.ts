// The metric aggregations: what each asks the server for, and the columns that become of it.

import { texts } from '../../texts/vis'
import { intervalOf } from './buckets/date_histogram'
import type { VisContext } from './context'
import { VisError } from './error'
import { cumulativeSum, differences, type Expr, leaf, movingAverage } from './expr'
import { readFormat, type ValueFormat } from './format'
import { compileFormula, type FormulaContext } from './formula/compile'
import { FormulaError } from './formula/error'
import { sourceField } from './formula/functions'
import { asJson, asList, asNumber, asText, entryOf, type Json } from './json'
import { readCount, readHits, readPercentile, readStdBound, readValue } from './metric_values'
import { enabledAggs, type Vis, type VisAgg } from './model'
import { readQuery } from './read'

export interface MetricColumn {
  /** The aggregation's id, with a suffix where one aggregation makes several columns. */
  id: string
  agg: VisAgg
  name: string
  expr: Expr
  format: ValueFormat
  /** Parts add up to the whole, so that a share of it has a meaning. */
  additive: boolean
}

export interface MetricKind {
  label: string
  field: 'none' | 'number' | 'any'
  columns: (
    agg: VisAgg,
    scope: Scope,
  ) => (Pick<MetricColumn, 'name' | 'expr'> & { suffix?: string; format?: ValueFormat })[]
}

interface Scope {
  vis: Vis
  context: VisContext
  /** How many metrics refer to each other on the way here. */
  depth: number
}

const fieldOf = (agg: VisAgg): string => {
  const field = asText(agg.params.field)
  if (field === '') throw new VisError(texts.theMetricHasNoField(metricLabel(agg.type)), agg.id)
  return field
}

/** One column that is the `value` of an aggregation with nothing but a field. */
const simple = (
  label: string,
  kind: string,
  name: (field: string) => string,
  field: 'number' | 'any' = 'number',
): MetricKind => ({
  label,
  field,
  columns: agg => {
    const on = fieldOf(agg)
    return [
      { name: name(on), expr: leaf(agg.id, { [kind]: { field: on } }, b => readValue(asJson(b[agg.id]))) },
    ]
  },
})

/** A metric over another one of the same visualization, or over one of its own (`customMetric`). */
const overSeries = (label: string, expr: (of: Expr, params: Json) => Expr): MetricKind => ({
  label,
  field: 'none',
  columns: (agg, scope) => {
    const of = referred(agg, scope)
    return [{ name: texts.ofNamed(label, of.name), expr: expr(of.expr, agg.params), format: of.format }]
  },
})

function referred(agg: VisAgg, scope: Scope): MetricColumn {
  if (scope.depth > 4) throw new VisError(texts.theseMetricsReferInACircle, agg.id)
  const custom = asJson(agg.params.customMetric)
  const wanted = asText(agg.params.metricAgg)
  if (wanted === 'custom' || (wanted === '' && typeof custom.type === 'string')) {
    const own: VisAgg = {
      id: `${agg.id}-metric`,
      enabled: true,
      type: asText(custom.type),
      schema: 'metric',
      params: asJson(custom.params),
    }
    return firstColumn(own, { ...scope, depth: scope.depth + 1 })
  }
  const [id, percent] = wanted.split('.')
  const other = scope.vis.aggs.find(a => a.id === id && a !== agg)
  if (other === undefined) throw new VisError(texts.refersToNoMetric(metricLabel(agg.type)), agg.id)
  const columns = columnsOf(other, { ...scope, depth: scope.depth + 1 })
  return (columns.find(c => c.id === `${id}.${percent}`) ?? columns[0]) as MetricColumn
}

const firstColumn = (agg: VisAgg, scope: Scope) => columnsOf(agg, scope)[0] as MetricColumn

/** A number over the buckets of another aggregation, such as the highest of all minutes. */
const overBuckets = (label: string, kind: string): MetricKind => ({
  label,
  field: 'none',
  columns: (agg, scope) => {
    const custom = asJson(agg.params.customMetric)
    const bucket = asJson(agg.params.customBucket)
    const type = asText(bucket.type)
    if (type === '') throw new VisError(texts.hasNoBuckets(label), agg.id)
    const metric = firstColumn(
      {
        id: 'v',
        enabled: true,
        type: asText(custom.type, 'count'),
        schema: 'metric',
        params: asJson(custom.params),
      },
      { ...scope, depth: scope.depth + 1 },
    )
    if (metric.expr.kind !== 'leaf') throw new VisError(texts.cannotBeTakenOf(label, metric.name), agg.id)
    const { aggregation } = metric.expr.leaf
    const around = {
      filter: { match_all: {} },
      aggs: {
        b: {
          [type]: bucketBody(type, asJson(bucket.params)),
          ...(aggregation && { aggs: { v: aggregation } }),
        },
        r: { [kind]: { buckets_path: aggregation ? 'b>v' : 'b>_count' } },
      },
    }
    const read = (b: Json) => readValue(asJson(asJson(b[agg.id]).r))
    return [
      { name: texts.ofNamed(label, metric.name), expr: leaf(agg.id, around, read), format: metric.format },
    ]
  },
})

/** The few options that a bucket inside a metric has. */
function bucketBody(type: string, params: Json): Json {
  const { field, size } = params
  if (type === 'terms') return { field, size: asNumber(size) ?? 10 }
  if (type === 'histogram') return { field, interval: asNumber(params.interval) ?? 1 }
  if (type !== 'date_histogram') throw new VisError(texts.bucketsOfTheTypeInside(type))
  const interval = asText(params.interval, '1h')
  return { field, fixed_interval: /^\d+(ms|s|m|h|d)$/.test(interval) ? interval : '1h' }
}

const numbersOf = (value: unknown, otherwise: number[]): number[] => {
  const found = asList(value).flatMap(v => asNumber(v) ?? [])
  return found.length === 0 ? otherwise : found
}

/** Kibana's default percents. */
const PERCENTS = [1, 5, 25, 50, 75, 95, 99]

export const METRICS: Record<string, MetricKind> = {
  avg: simple(texts.average, 'avg', field => texts.averageField(field)),
  avg_bucket: overBuckets(texts.averageBucket, 'avg_bucket'),
  cardinality: simple(texts.uniqueCount, 'cardinality', field => texts.uniqueCountOf(field), 'any'),
  count: {
    label: texts.count,
    field: 'none',
    columns: () => [{ name: texts.count, expr: leaf('_count', null, readCount) }],
  },
  cumulative_sum: overSeries(texts.cumulativeSum, of => ({ kind: 'call', call: cumulativeSum, args: [of] })),
  derivative: overSeries(texts.derivative, of => ({ kind: 'call', call: differences(1), args: [of] })),
  formula: {
    label: texts.formula,
    field: 'none',
    columns: (agg, { vis, context }) => {
      const text = asText(agg.params.formula)
      return [{ name: text, expr: formulaOf(text, agg, timesOf(vis, context)) }]
    },
  },
  max: simple(texts.max, 'max', field => texts.maxField(field)),
  max_bucket: overBuckets(texts.maxBucket, 'max_bucket'),
  median: {
    label: texts.median,
    field: 'number',
    columns: agg => {
      const field = fieldOf(agg)
      const read = (b: Json) => readPercentile(50)(asJson(b[agg.id]))
      return [
        {
          name: texts.medianField(field),
          expr: leaf(agg.id, { percentiles: { field, percents: [50] } }, read),
        },
      ]
    },
  },
  min: simple(texts.min, 'min', field => texts.minField(field)),
  min_bucket: overBuckets(texts.minBucket, 'min_bucket'),
  moving_avg: overSeries(texts.movingAverage, (of, params) => ({
    kind: 'call',
    call: movingAverage(Math.max(1, asNumber(params.window) ?? 5)),
    args: [of],
  })),
  percentile_ranks: {
    label: texts.percentileRanks,
    field: 'number',
    columns: agg => {
      const field = fieldOf(agg)
      const values = numbersOf(agg.params.values, [0])
      return values.map(value => ({
        suffix: String(value),
        name: texts.percentileRankOf(value, field),
        expr: leaf(agg.id, { percentile_ranks: { field, values } }, b =>
          percentOf(readPercentile(value)(asJson(b[agg.id]))),
        ),
        format: { kind: 'percent' } as const,
      }))
    },
  },
  percentiles: {
    label: texts.percentiles,
    field: 'number',
    columns: agg => {
      const field = fieldOf(agg)
      const percents = numbersOf(agg.params.percents, PERCENTS)
      return percents.map(percent => ({
        suffix: String(percent),
        name: texts.percentileOf(percent, field),
        expr: leaf(agg.id, { percentiles: { field, percents } }, b =>
          readPercentile(percent)(asJson(b[agg.id])),
        ),
      }))
    },
  },
  serial_diff: overSeries(texts.serialDifference, (of, params) => ({
    kind: 'call',
    call: differences(Math.max(1, asNumber(params.lag) ?? 1)),
    args: [of],
  })),
  std_dev: {
    label: texts.standardDeviation,
    field: 'number',
    columns: agg => {
      const field = fieldOf(agg)
      const aggregation = { extended_stats: { field } }
      return (['lower', 'upper'] as const).map(bound => ({
        suffix: `std_${bound}`,
        name: texts.standardDeviationOf(bound === 'lower' ? texts.lower : texts.upper, field),
        expr: leaf(agg.id, aggregation, b => readStdBound(bound)(asJson(b[agg.id]))),
      }))
    },
  },
  sum: simple(texts.sum, 'sum', field => texts.sumOf(field)),
  sum_bucket: overBuckets(texts.sumBucket, 'sum_bucket'),
  top_hits: {
    label: texts.topHit,
    field: 'any',
    columns: (agg, { context }) => {
      const field = sourceField(fieldOf(agg))
      const size = asNumber(agg.params.size) ?? 1
      const on = asText(agg.params.sortField, context.timeField ?? '')
      const order = agg.params.sortOrder === 'asc' ? 'asc' : 'desc'
      const body = { size, _source: field, ...(on !== '' && { sort: [{ [on]: { order } }] }) }
      const read = (b: Json) => readHits(field, asText(agg.params.aggregate, 'concat'))(asJson(b[agg.id]))
      return [
        {
          name: `${order === 'asc' ? texts.first : texts.last} ${size} ${field}`,
          expr: leaf(agg.id, { top_hits: body }, read),
        },
      ]
    },
  },
  value_count: simple(texts.valueCount, 'value_count', field => texts.valuesOf(field), 'any'),
}

const percentOf = (value: ReturnType<typeof readValue>) => (typeof value === 'number' ? value / 100 : null)

function timesOf(vis: Vis, context: VisContext): FormulaContext {
  const { timeField, range } = context
  const time = enabledAggs(vis, 'segment', 'group', 'split', 'bucket').find(a => a.type === 'date_histogram')
  const bucket = time && intervalOf(time, context).interval?.millis
  return { timeField, range, bucketMillis: bucket ?? (range === null ? null : range.to - range.from) }
}

function formulaOf(text: string, agg: VisAgg, times: FormulaContext): Expr {
  const { timeShift, reducedTimeRange, filter } = agg.params
  const narrowed = {
    ...(asText(timeShift) !== '' && { shift: asText(timeShift) }),
    ...(asText(reducedTimeRange) !== '' && { reducedTimeRange: asText(reducedTimeRange) }),
    ...(filter !== undefined && { filter: readQuery(filter) }),
  }
  try {
    return compileFormula(text, agg.id, times, narrowed)
  } catch (error) {
    if (error instanceof FormulaError) throw new VisError(texts.theFormulaCannotBeRead(error.message), agg.id)
    throw error
  }
}

export const metricLabel = (type: string): string => entryOf(METRICS, type)?.label ?? type

const ADDITIVE = new Set(['count', 'sum', 'value_count'])

function columnsOf(agg: VisAgg, scope: Scope): MetricColumn[] {
  const kind = entryOf(METRICS, agg.type)
  if (!kind) throw new VisError(texts.thereIsNoMetric(agg.type), agg.id)
  const made = kind.columns(agg, scope)
  const label = asText(agg.params.customLabel)
  return made.map(({ suffix, name, expr, format }) => ({
    id: suffix === undefined ? agg.id : `${agg.id}.${suffix}`,
    agg,
    name: label === '' ? name : made.length === 1 ? label : `${label} ${suffix}`,
    expr,
    format: readFormat(agg.params.format) ?? format ?? { kind: 'number' },
    additive: ADDITIVE.has(agg.type),
  }))
}

/** What a level is ordered by that is no metric of the chart: Kibana keeps it inside the level. Throws VisError. */
export function orderColumn(agg: VisAgg, vis: Vis, context: VisContext): MetricColumn | undefined {
  const { type, params } = asJson(agg.params.orderAgg)
  if (typeof type !== 'string') return undefined
  const own: VisAgg = {
    id: `${agg.id}-order`,
    enabled: true,
    type,
    schema: 'metric',
    params: asJson(params),
  }
  return columnsOf(own, { vis, context, depth: 0 })[0]
}

/** The columns of all metrics that are switched on, in their order. Throws VisError. A visualization without one counts. */
export function metricColumns(vis: Vis, context: VisContext): MetricColumn[] {
  const sizes = enabledAggs(vis, 'radius').slice(0, 1)
  const aggs = enabledAggs(vis, 'metric')
  const asked: VisAgg[] =
    aggs.length > 0 ? aggs : [{ id: 'count', enabled: true, type: 'count', schema: 'metric', params: {} }]
  return [...asked, ...sizes].flatMap(agg => columnsOf(agg, { vis, context, depth: 0 }))
}
