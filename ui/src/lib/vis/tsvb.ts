// TSVB panels (visState of the type `metrics`) as visualizations, as far as they can be said so.

import { VisError } from './error'
import { quoteField } from './formula/quote'
import { asJson, asList, asNumber, asText, type Json } from './json'
import { filterArgument } from './lens_columns'
import { newVis, type Vis, type VisAgg } from './model'
import { readQuery } from './read'

/** Reads the params of a TSVB panel. Never fails: what cannot be drawn has the type `unsupported` and a note. */
export function readTsvb(value: unknown): Vis {
  const params = asJson(value)
  const pattern = asJson(params.index_pattern)
  const search = {
    query: readQuery(params.filter),
    filter: [],
    index: asText(params.index_pattern) || asText(pattern.id) || null,
  }
  try {
    return { ...chartOf(params), search }
  } catch (error) {
    if (!(error instanceof VisError)) throw error
    return { ...newVis('unsupported'), search, notes: [`This TSVB panel cannot be shown: ${error.message}`] }
  }
}

function chartOf(params: Json): Vis {
  const type = asText(params.type, 'timeseries')
  if (type === 'markdown') return markdown(params)
  const series = asList(params.series)
    .map(asJson)
    .filter(s => s.hidden !== true)
  if (series.length === 0) throw new VisError('it has no series.')
  switch (type) {
    case 'timeseries':
      return timeseries(params, series)
    case 'metric':
    case 'gauge':
      return numbers(type, params, series)
    case 'top_n':
      return topN(params, series)
    case 'table':
      return table(params, series)
    default:
      throw new VisError(`panels of the type “${type}” are not drawn here.`)
  }
}

function markdown(params: Json): Vis {
  const text = asText(params.markdown)
  const vis = newVis('markdown', [], { markdown: text })
  return text.includes('{{') ? { ...vis, notes: ['Values inside the text are not filled in.'] } : vis
}

function timeseries(params: Json, series: Json[]): Vis {
  const split = splitOf(series)
  const time: VisAgg = {
    id: 'time',
    enabled: true,
    type: 'date_histogram',
    schema: 'segment',
    params: {
      field: asText(params.time_field),
      interval: asText(params.interval).replace(/^>=/, '') || 'auto',
      drop_partials: params.drop_last_bucket === 1,
    },
  }
  const [first = {}] = series
  return newVis(
    shapeOf(first),
    [...series.map(metricOf), ...(split ? [{ ...split, schema: 'group' as const }] : []), time],
    {
      addLegend: params.show_legend !== 0,
      legendPosition: asText(params.legend_position, 'right'),
      valueAxes: [
        {
          id: 'left',
          position: 'left',
          scale: { mode: first.stacked === 'percent' ? 'percentage' : 'normal' },
        },
      ],
      seriesParams: series.map((s, at) => ({
        type: shapeOf(s),
        mode: s.stacked === undefined || s.stacked === 'none' ? 'normal' : 'stacked',
        data: { id: idOf(at) },
        valueAxis: 'left',
      })),
    },
  )
}

const shapeOf = (series: Json): 'line' | 'area' | 'histogram' =>
  series.chart_type === 'bar' ? 'histogram' : Number(series.fill ?? 0) > 0 ? 'area' : 'line'

const idOf = (at: number) => `m${at + 1}`

function numbers(type: 'metric' | 'gauge', params: Json, series: Json[]): Vis {
  const split = splitOf(series)
  const rules = asList(type === 'gauge' ? params.gauge_color_rules : params.background_color_rules)
    .map(rule => asNumber(asJson(rule).value))
    .filter(v => v !== null)
    .sort((a, b) => a - b)
  const max = asNumber(params.gauge_max)
  const ends = [...rules.filter(v => v > 0), ...(max === null ? [] : [max])]
  const colorsRange = ends.map((to, at) => ({ from: at === 0 ? 0 : ends[at - 1], to }))
  const whole =
    series.every(s => s.time_range_mode === 'entire_time_range') ||
    params.time_range_mode === 'entire_time_range'
  const style = type === 'gauge' ? { gauge: { gaugeType: 'Arc', colorsRange } } : { metric: { colorsRange } }
  return {
    ...newVis(
      type,
      [...series.map(metricOf), ...(split ? [{ ...split, schema: 'group' as const }] : [])],
      style,
    ),
    notes: whole ? [] : ['Over the whole time; Kibana shows the last interval of it.'],
  }
}

function topN(params: Json, series: Json[]): Vis {
  const split = splitOf(series)
  const time = asText(params.time_field)
  if (!split && time === '') throw new VisError('its series are not split.')
  const aggs = [...series.map(metricOf), ...(split ? [{ ...split, schema: 'segment' as const }] : [])]
  return { ...newVis(split ? 'horizontal_bar' : 'metric', aggs, {}), notes: [] }
}

function table(params: Json, series: Json[]): Vis {
  const field = asText(params.pivot_id)
  if (field === '') throw new VisError('its table has no rows to group by.')
  const rows: VisAgg = {
    id: 'rows',
    enabled: true,
    type: 'terms',
    schema: 'bucket',
    params: {
      field,
      size: asNumber(params.pivot_rows) ?? 10,
      order: 'desc',
      orderBy: idOf(0),
      customLabel: asText(params.pivot_label),
    },
  }
  return newVis('table', [rows, ...series.map(metricOf)], { perPage: 10 })
}

/** What the series are split by. Only one split fits in one chart. */
function splitOf(series: readonly Json[]): VisAgg | null {
  const split = series.filter(s => s.split_mode === 'terms' || s.split_mode === 'filters')
  const [first] = split
  if (!first) return null
  if (series.length > 1) throw new VisError('some of its series are split and others are not.')
  const base = { id: 'split', enabled: true, schema: 'group' as const }
  if (first.split_mode === 'filters') {
    const filters = asList(first.split_filters).map(asJson)
    if (filters.length === 0) throw new VisError('its filters are missing.')
    return {
      ...base,
      type: 'filters',
      params: { filters: filters.map(f => ({ input: readQuery(f.filter), label: asText(f.label) })) },
    }
  }
  const field = asText(first.terms_field) || asText(asList(first.terms_field)[0])
  if (field === '' || asList(first.terms_field).length > 1)
    throw new VisError('it groups by several fields at once.')
  const order = asText(first.terms_order_by)
  return {
    ...base,
    type: 'terms',
    params: {
      field,
      size: asNumber(first.terms_size) ?? 10,
      order: first.terms_direction === 'asc' ? 'asc' : 'desc',
      orderBy:
        order === '_key' || order === '_term'
          ? '_key'
          : order === '' || order === '_count'
            ? '_count'
            : idOf(0),
    },
  }
}

function metricOf(series: Json, at: number): VisAgg {
  const metrics = asList(series.metrics).map(asJson)
  const shown = metrics.findLast(m => m.type !== 'series_agg')
  if (!shown) throw new VisError('a series has no metric.')
  if (metrics.some(m => m.type === 'series_agg')) throw new VisError('it adds up its series (series_agg).')
  if (asText(series.offset_time) !== '')
    throw new VisError(`it is compared with ${asText(series.offset_time)} before.`)
  const filter =
    series.split_mode === 'everything' || series.split_mode === undefined ? undefined : series.filter
  const narrowed = filterArgument(filter ?? series.filter)
  const label = asText(series.label)
  const format = { percent: 'percent', bytes: 'bytes', number: 'number' }[asText(series.formatter)]
  const shared = { ...(label !== '' && { customLabel: label }), ...(format && { format }) }
  const base = { id: idOf(at), enabled: true, schema: 'metric' as const }
  if (narrowed.length === 0 && shown.type === 'count') return { ...base, type: 'count', params: shared }
  const formula = new Formulas(metrics, narrowed).of(shown, 0)
  return {
    ...base,
    type: 'formula',
    params: { formula, customLabel: label || nameOf(shown), ...(format && { format }) },
  }
}

function nameOf(metric: Json): string {
  const words = asText(metric.type).replaceAll('_', ' ')
  const field = asText(metric.field)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${field === '' ? '' : ` of ${field}`}`
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

/** The metrics of a series as formulas: each may be made of those before it. */
class Formulas {
  constructor(
    private readonly metrics: readonly Json[],
    private readonly filter: readonly string[],
  ) {}

  of(metric: Json, depth: number): string {
    if (depth > 5) throw new VisError('its metrics refer to each other in a circle.')
    const type = asText(metric.type)
    const field = asText(metric.field)
    if (Object.hasOwn(SIMPLE, type)) {
      const on = type === 'count' ? [] : [quoteField(field)]
      return `${SIMPLE[type]}(${[...on, ...this.filter].join(', ')})`
    }
    if (Object.hasOwn(OVER, type)) {
      const window = type === 'moving_average' ? `, window=${asNumber(metric.window) ?? 5}` : ''
      return `${OVER[type]}(${this.named(field, depth)}${window})`
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
      case 'positive_only':
        return `pick_max(${this.named(field, depth)}, 0)`
      case 'static':
        return String(asNumber(metric.value) ?? 0)
      case 'filter_ratio':
        return `${this.side(metric, metric.numerator)} / ${this.side(metric, metric.denominator)}`
      case 'math':
        return this.math(metric, depth)
      default:
        throw new VisError(`metrics of the type “${type}” are not known.`)
    }
  }

  private named(id: string, depth: number): string {
    const found = this.metrics.find(m => m.id === id)
    if (!found) throw new VisError('a metric is made of one that is missing.')
    return this.of(found, depth + 1)
  }

  /** One side of a ratio: the documents that a query finds, or a number over them. */
  private side(metric: Json, query: unknown): string {
    const aggregation = asText(metric.metric_agg, 'count')
    const found = Object.hasOwn(SIMPLE, aggregation) ? SIMPLE[aggregation] : null
    if (!found) throw new VisError(`ratios of “${aggregation}” are not known.`)
    const on = aggregation === 'count' ? [] : [quoteField(asText(metric.field))]
    return `${found}(${[...on, ...filterArgument(query), ...this.filter].join(', ')})`
  }

  /** `params.errors / params.all` with the metrics in the place of the names. */
  private math(metric: Json, depth: number): string {
    const variables = new Map(
      asList(metric.variables).map(v => [asText(asJson(v).name), asText(asJson(v).field)] as const),
    )
    const script = asText(metric.script).replace(/params\.(\w+)/g, (_, name: string) => {
      const id = variables.get(name)
      if (id === undefined) throw new VisError(`its formula names “${name}”, which is not defined.`)
      return `(${this.named(id, depth)})`
    })
    if (/\b_(all|interval|timestamp)\b/.test(script))
      throw new VisError('its formula uses all values of the series at once.')
    return script
  }
}
