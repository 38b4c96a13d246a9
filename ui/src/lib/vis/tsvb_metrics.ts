// The metrics of TSVB's series as formulas.

import { texts } from '../../texts/vis'
import { VisError } from './error'
import { quote, quoteField } from './formula/quote'
import { asJson, asList, asNumber, asText, entryOf, type Json } from './json'
import { filterArgument } from './lens_columns'
import type { VisAgg } from './model'

export const idOf = (at: number) => `m${at + 1}`

/** A series as a metric. Throws VisError. */
export function metricOf(series: Json, at: number): VisAgg {
  const metrics = asList(series.metrics).map(asJson)
  const shown = metrics.findLast(m => m.type !== 'series_agg')
  if (!shown) throw new VisError(texts.aSeriesHasNoMetric)
  const filter =
    series.split_mode === 'everything' || series.split_mode === undefined ? undefined : series.filter
  const narrowed = filterArgument(filter ?? series.filter)
  const label = asText(series.label)
  const format = formatOf(series)
  const offset = asText(series.offset_time)
  const shared = { ...(label !== '' && { customLabel: label }), ...(format && { format }) }
  const base = { id: idOf(at), enabled: true, schema: 'metric' as const }
  if (narrowed.length === 0 && shown.type === 'count' && offset === '')
    return { ...base, type: 'count', params: shared }
  const formula = new Formulas(metrics, narrowed).of(shown, 0)
  return {
    ...base,
    type: 'formula',
    params: {
      formula,
      customLabel: label || nameOf(shown),
      ...(offset !== '' && { timeShift: offset }),
      ...(format && { format }),
    },
  }
}

/** One of the metrics of a series, as a formula; null for what is none. */
export function metricFormula(series: Json, id: string): string | null {
  const metrics = asList(series.metrics).map(asJson)
  const found = metrics.find(m => m.id === id)
  if (!found || found.type === 'series_agg') return null
  try {
    return new Formulas(metrics, filterArgument(series.filter)).of(found, 0)
  } catch (error) {
    if (error instanceof VisError) return null
    throw error
  }
}

/** `bytes`, `ms,s,2` (from, to, decimals) or a pattern of Numeral, with a template around it. */
function formatOf(series: Json): Json | null {
  const formatter = asText(series.formatter)
  const [before = '', after = ''] = asText(series.value_template).split('{{value}}')
  const around = { ...(before !== '' && { prefix: before }), ...(after.trim() !== '' && { suffix: after }) }
  const [, from] = /^(ns|us|ms|s|m|h|d),\w+,\d*$/.exec(formatter) ?? []
  if (from !== undefined) return { id: 'duration', params: { inputFormat: from, ...around } }
  if (['percent', 'bytes', 'number'].includes(formatter)) return { id: formatter, params: around }
  const decimals = /^'?0+\.(0+)'?$/.exec(formatter)?.[1]?.length
  if (decimals !== undefined) return { id: 'number', params: { decimals, ...around } }
  return Object.keys(around).length > 0 ? { id: 'number', params: around } : null
}

function nameOf(metric: Json): string {
  const words = asText(metric.type).replaceAll('_', ' ')
  const field = asText(metric.field)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${field === '' ? '' : texts.ofField(field)}`
}

const SIMPLE: Record<string, string> = {
  avg: 'average',
  cardinality: 'unique_count',
  count: 'count',
  max: 'max',
  min: 'min',
  std_deviation: 'standard_deviation',
  sum: 'sum',
  top_hit: 'last_value',
  value_count: 'count',
}

const OVER: Record<string, string> = {
  cumulative_sum: 'cumulative_sum',
  derivative: 'differences',
  moving_average: 'moving_average',
  serial_diff: 'differences',
}

/** A growth per second, or whatever else is asked for, instead of per bucket. */
function perUnit(formula: string, unit: unknown): string {
  const text = asText(unit).trim()
  if (text === '' || text === 'auto') return formula
  if (!/^\d{0,6}[smhdwMy]$/.test(text)) throw new VisError(texts.aRatePer(text))
  return `normalize_by_unit(${formula}, unit=${quote(text)})`
}

/** The metrics of a series as formulas: each may be made of those before it. */
class Formulas {
  constructor(
    private readonly metrics: readonly Json[],
    private readonly filter: readonly string[],
  ) {}

  of(metric: Json, depth: number): string {
    if (depth > 5) throw new VisError(texts.itsMetricsReferInACircle)
    const type = asText(metric.type)
    const field = asText(metric.field)
    if (Object.hasOwn(SIMPLE, type)) {
      const on = type === 'count' ? [] : [quoteField(field)]
      return `${SIMPLE[type]}(${[...on, ...this.filter].join(', ')})`
    }
    if (Object.hasOwn(OVER, type)) {
      const window = type === 'moving_average' ? `, window=${asNumber(metric.window) ?? 5}` : ''
      const over = `${OVER[type]}(${this.named(field, depth)}${window})`
      return type === 'derivative' ? perUnit(over, metric.unit) : over
    }
    switch (type) {
      case 'percentile': {
        const percent = asNumber(asJson(asList(metric.percentiles)[0]).value) ?? 50
        return `percentile(${[quoteField(field), `percentile=${percent}`, ...this.filter].join(', ')})`
      }
      case 'percentile_rank': {
        const value = asNumber(asList(metric.values)[0] ?? metric.value) ?? 0
        return `percentile_rank(${[quoteField(field), `value=${value}`, ...this.filter].join(', ')})`
      }
      case 'positive_rate': {
        const most = `max(${[quoteField(field), ...this.filter].join(', ')})`
        return perUnit(`pick_max(differences(${most}), 0)`, metric.unit)
      }
      case 'positive_only':
        return `pick_max(${this.named(field, depth)}, 0)`
      case 'static':
        return String(asNumber(metric.value) ?? 0)
      case 'filter_ratio':
        return `${this.side(metric, metric.numerator)} / ${this.side(metric, metric.denominator)}`
      case 'calculation':
      case 'math':
        return this.math(metric, depth)
      default:
        throw new VisError(texts.metricsOfTheType(type))
    }
  }

  private named(id: string, depth: number): string {
    const found = this.metrics.find(m => m.id === id)
    if (!found) throw new VisError(texts.aMetricIsMade)
    return this.of(found, depth + 1)
  }

  /** One side of a ratio: the documents that a query finds, or a number over them. */
  private side(metric: Json, query: unknown): string {
    const aggregation = asText(metric.metric_agg, 'count')
    const found = Object.hasOwn(SIMPLE, aggregation) ? SIMPLE[aggregation] : null
    if (!found) throw new VisError(texts.ratiosOfAreNotKnown(aggregation))
    const on = aggregation === 'count' ? [] : [quoteField(asText(metric.field))]
    return `${found}(${[...on, ...filterArgument(query), ...this.filter].join(', ')})`
  }

  /** `params.errors / params.all` with the metrics in the place of the names. */
  private math(metric: Json, depth: number): string {
    const variables = new Map(
      asList(metric.variables).map(v => [asText(asJson(v).name), asText(asJson(v).field)] as const),
    )
    const script = choice(asText(metric.script)).replace(/params\.(\w+)/g, (_, name: string) => {
      if (name === '_interval') return 'interval()'
      const id = variables.get(name)
      if (id === undefined) throw new VisError(texts.itsFormulaNames(name))
      return `(${this.named(id, depth)})`
    })
    if (/\b_(all|timestamp)\b/.test(script)) throw new VisError(texts.itsFormulaUsesAllValues)
    return script
  }
}

const COMPARISONS: Record<string, string> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte', '==': 'eq' }

/** `a > 0 && b != null ? c : null`, as scripts have it, as functions of formulas. */
function choice(script: string): string {
  const [, asked, so = '', otherwise = ''] = /^([^?:]+)\?([^?:]+):([^?:]+)$/.exec(script) ?? []
  if (asked === undefined) return script
  const value = (text: string) => (text.trim() === 'null' ? '0 / 0' : text.trim())
  const conditions = asked.split('&&').flatMap((one): string[] => {
    const [, left = '', operator = '', right = ''] =
      /^([^<>=!|]+)(>=|<=|==|!=|>|<)([^<>=!|]+)$/.exec(one) ?? []
    // What is computed from a missing value is missing too.
    if (operator === '!=' && right.trim() === 'null' && otherwise.trim() === 'null') return []
    const name = entryOf(COMPARISONS, operator)
    if (name === undefined) throw new VisError(texts.itsFormulaAsks(one.trim()))
    return [`${name}(${left.trim()}, ${right.trim()})`]
  })
  return conditions.reduceRight((rest, one) => `ifelse(${one}, ${rest}, ${value(otherwise)})`, value(so))
}
