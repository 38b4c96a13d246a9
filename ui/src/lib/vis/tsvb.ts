// TSVB panels (visState of the type `metrics`) as visualizations, as far as they can be said so.

import { texts } from '../../texts/vis'
import { nearestToken } from './colours'
import { VisError } from './error'
import { asJson, asList, asNumber, asText, type Json } from './json'
import { newVis, type Schema, type Vis, type VisAgg, type VisType } from './model'
import { readQuery } from './read'
import { groupBy } from './series'
import { idOf, metricFormula, metricOf } from './tsvb_metrics'

/** Reads the params of a TSVB panel. Never fails: what cannot be drawn has the type `unsupported` and a note. */
export function readTsvb(value: unknown): Vis {
  const params = asJson(value)
  const search = { query: readQuery(params.filter), filter: [], index: indexOf(params) || null }
  try {
    return { ...chartOf(params), search }
  } catch (error) {
    if (!(error instanceof VisError)) throw error
    return { ...newVis('unsupported'), search, notes: [texts.thisTsvbPanelCannot(error.message)] }
  }
}

const indexOf = (params: Json): string =>
  asText(params.index_pattern) || asText(asJson(params.index_pattern).id)

function chartOf(params: Json): Vis {
  const type = asText(params.type, 'timeseries')
  if (type === 'markdown') return markdown(params)
  const series = asList(params.series)
    .map(asJson)
    .filter(s => s.hidden !== true)
  if (series.length === 0) throw new VisError(texts.itHasNoSeries)
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
      throw new VisError(texts.panelsOfTheType(type))
  }
}

function markdown(params: Json): Vis {
  const text = asText(params.markdown)
  const vis = newVis('markdown', [], { markdown: text })
  return text.includes('{{') ? { ...vis, notes: [texts.valuesInsideTheText] } : vis
}

function timeseries(params: Json, series: Json[]): Vis {
  const groups = layersOf(params, series)
  const [first = {}] = series
  const [base, ...others] = groups.map(members => layerOf(params, members))
  if (!base) throw new VisError(texts.itHasNoSeries)
  const right = series.filter(s => s.separate_axis === 1 || s.separate_axis === '1')
  const shared = series.filter(s => !right.includes(s))
  const lines = right.length > 0 && shared.length > 0
  const annotations = asList(params.annotations)
    .map(asJson)
    .filter(a => a.hidden !== true)
  const mixed = shared.length > 0 ? (shared[0] ?? {}) : first
  const axis = (id: string, of: Json, bounds: Json): Json => ({
    id,
    position: id,
    scale: {
      mode: of.stacked === 'percent' ? 'percentage' : 'normal',
      ...(params.axis_scale === 'log' && { type: 'log' }),
      ...boundsOf(bounds),
    },
  })
  const collapse = groups.flatMap((members, at) => aggregated(members, at))
  return newVis(shapeOf(first), base.aggs, {
    addLegend: params.show_legend !== 0,
    legendPosition: asText(params.legend_position, 'right'),
    valueAxes: [
      axis('left', mixed, params),
      ...(lines ? [axis('right', right[0] ?? {}, right[0] ?? {})] : []),
    ],
    seriesParams: series.map((s, at) => ({
      type: shapeOf(s),
      mode: s.stacked === undefined || s.stacked === 'none' ? 'normal' : 'stacked',
      data: { id: idOf(at) },
      valueAxis: lines && right.includes(s) ? 'right' : 'left',
      ...(asNumber(s.line_width) !== null && { lineWidth: Math.min(6, asNumber(s.line_width) ?? 1) }),
      ...(s.steps === 1 && { interpolate: 'step-after' }),
      ...(asNumber(s.point_size) !== null && { showCircles: Number(s.point_size) > 1 }),
    })),
    ...(others.length > 0 && { layers: others }),
    ...(collapse.length > 0 && { collapse }),
    ...(annotations.length > 0 && { annotations: annotations.map(annotationOf) }),
  })
}

function boundsOf({ axis_min, axis_max }: Json): Json {
  const [min, max] = [asNumber(axis_min), asNumber(axis_max)]
  if (min === null && max === null) return {}
  return { setYExtents: true, ...(min !== null && { min }), ...(max !== null && { max }) }
}

/** Series that are cut by the same buckets of the same data: each lot is a search of its own. */
function layersOf(params: Json, series: readonly Json[]): Json[][] {
  const groups = groupBy(
    series.map((one, at): Json => ({ ...one, at })),
    one => {
      const split = SPLITS.includes(asText(one.split_mode))
      const cut = split
        ? [
            one.split_mode,
            one.terms_field,
            one.terms_size,
            one.terms_include,
            one.terms_exclude,
            one.split_filters,
          ]
        : []
      const order = split ? [one.terms_order_by, one.terms_direction] : []
      const summed = asList(asJson(one).metrics).some(m => asJson(m).type === 'series_agg') ? [one.at] : []
      return JSON.stringify([cut, order, overrides(params, one), summed])
    },
  )
  return [...groups.values()]
}

const SPLITS: readonly string[] = ['terms', 'filters']

/** The data of a series, where it is not that of its panel. */
function overrides(params: Json, series: Json): { index?: string; field?: string; interval?: string } {
  if (series.override_index_pattern !== 1 && series.override_index_pattern !== '1') return {}
  const index = asText(series.series_index_pattern) || asText(asJson(series.series_index_pattern).id)
  const field = asText(series.series_time_field)
  const interval = asText(series.series_interval)
  return {
    ...(index !== '' && index !== indexOf(params) && { index }),
    ...(field !== '' && field !== params.time_field && { field }),
    ...(interval !== '' && interval !== params.interval && { interval }),
  }
}

function layerOf(params: Json, series: readonly Json[]): { aggs: VisAgg[]; index?: string } {
  const [first = {}] = series
  const { index, field, interval } = overrides(params, first)
  const split = splitOf(first)
  const time: VisAgg = {
    id: `time${Number(first.at) === 0 ? '' : idOf(Number(first.at))}`,
    enabled: true,
    type: 'date_histogram',
    schema: 'segment',
    params: {
      field: field ?? (index === undefined ? asText(params.time_field) : ''),
      interval: (interval ?? asText(params.interval)).replace(/^>=/, '') || 'auto',
      drop_partials: params.drop_last_bucket === 1,
    },
  }
  return {
    aggs: [
      ...series.map(s => metricOf(s, Number(s.at))),
      ...(split ? [{ ...split, schema: 'group' as const }] : []),
      time,
    ],
    ...(index !== undefined && { index }),
  }
}

const SUMS: Record<string, string> = { sum: 'sum', mean: 'avg', avg: 'avg', min: 'min', max: 'max' }

/** Series that become one: TSVB calls it a series aggregation. */
function aggregated(series: readonly Json[], group: number): Json[] {
  const [first = {}] = series
  const summed = asList(first.metrics)
    .map(asJson)
    .find(m => m.type === 'series_agg')
  if (!summed) return []
  const by = SUMS[asText(summed.function)]
  if (by === undefined) throw new VisError(texts.itAggregatesItsSeriesBy(asText(summed.function)))
  return group >= 0 ? [{ agg: splitId(first), by }] : []
}

/** Each layer has a split of its own. */
const splitId = (series: Json): string =>
  Number(series.at ?? 0) === 0 ? 'split' : `split${idOf(Number(series.at))}`

function annotationOf(one: Json): Json {
  const index = asText(one.index_pattern) || asText(asJson(one.index_pattern).id)
  const [field = ''] = asText(one.fields).split(',')
  return {
    label: asText(one.template) || (field.trim() === '' ? texts.event : `{{${field.trim()}}}`),
    query: readQuery(one.query_string),
    ...(index !== '' && { index }),
    ...(asText(one.time_field) !== '' && { timeField: asText(one.time_field) }),
    ...(one.ignore_global_filters === 1 && { ignoresFilters: true }),
    colour: nearestToken(asText(one.color), new Set()) ?? 'series-4',
  }
}

const shapeOf = (series: Json): 'line' | 'area' | 'histogram' =>
  series.chart_type === 'bar' ? 'histogram' : Number(series.fill ?? 0) > 0 ? 'area' : 'line'

function numbers(type: 'metric' | 'gauge', params: Json, series: Json[]): Vis {
  const rules = asList(type === 'gauge' ? params.gauge_color_rules : params.background_color_rules)
    .map(rule => asNumber(asJson(rule).value))
    .filter(v => v !== null)
    .sort((a, b) => a - b)
  const max = asNumber(params.gauge_max)
  const ends = [...rules.filter(v => v > 0), ...(max === null ? [] : [max])]
  const colorsRange = ends.map((to, at) => ({ from: at === 0 ? 0 : ends[at - 1], to }))
  const style = type === 'gauge' ? { gauge: { gaugeType: 'Arc', colorsRange } } : { metric: { colorsRange } }
  return oneValue(type, params, series, 'group', style)
}

function topN(params: Json, series: Json[]): Vis {
  const split = sharedSplit(series)
  return oneValue(split ? 'horizontal_bar' : 'metric', params, series, 'segment', {})
}

/** Metrics that compare a bucket with the one before. */
const OVER_BUCKETS: ReadonlySet<unknown> = new Set([
  'cumulative_sum',
  'derivative',
  'moving_average',
  'positive_only',
  'positive_rate',
  'serial_diff',
])

/**
 * Numbers of the last interval that is complete, as TSVB has it, or of the whole time. A list of values is of the whole time
 * unless it is told otherwise: an interval of seconds, which logs often have nothing in, would leave it empty.
 */
function oneValue(type: VisType, params: Json, series: Json[], schema: Schema, style: Json): Vis {
  const split = sharedSplit(series)
  const modes = [params, ...series].map(s => s.time_range_mode)
  const list = schema !== 'group' && !modes.includes('last_value')
  const rates = series.some(s => asList(s.metrics).some(m => OVER_BUCKETS.has(asJson(m).type)))
  const asked = modes[0] === 'entire_time_range' || modes.slice(1).every(m => m === 'entire_time_range')
  const whole = asked || (list && !rates)
  const [first = {}] = series
  const { index, field, interval } = overrides(params, first)
  if (index !== undefined) throw new VisError(texts.itsDataViewIsAnother(index))
  const time: VisAgg = {
    id: 'time',
    enabled: true,
    type: 'date_histogram',
    schema: 'group',
    params: {
      field: field ?? asText(params.time_field),
      interval: (interval ?? asText(params.interval)).replace(/^>=/, '') || 'auto',
      drop_partials: params.drop_last_bucket !== 0,
      min_doc_count: 0,
    },
  }
  const sums = series.flatMap(s => aggregated([s], 0))
  const aggs = [...series.map(metricOf), ...(split ? [{ ...split, schema }] : []), ...(whole ? [] : [time])]
  const collapse = [...sums.slice(0, 1), ...(whole ? [] : [{ agg: time.id, by: 'last' }])]
  return {
    ...newVis(type, aggs, { ...style, ...(collapse.length > 0 && { collapse }) }),
    notes: whole && !asked ? [texts.overTheWholeTimeKibana] : [],
  }
}

function table(params: Json, series: Json[]): Vis {
  const fields = [params.pivot_id]
    .flat()
    .map(f => asText(f))
    .filter(f => f !== '')
  const [field] = fields
  if (field === undefined) throw new VisError(texts.itsTableHasNoRows)
  if (series.some(s => SPLITS.includes(asText(s.split_mode))))
    throw new VisError(texts.itsColumnsAreSplitOnce)
  const shared = {
    size: asNumber(params.pivot_rows) ?? 10,
    order: 'desc',
    orderBy: idOf(0),
    customLabel: asText(params.pivot_label),
  }
  const rows: VisAgg = {
    id: 'rows',
    enabled: true,
    type: fields.length > 1 ? 'multi_terms' : 'terms',
    schema: 'bucket',
    params: fields.length > 1 ? { fields, ...shared } : { field, ...shared },
  }
  const made = oneValue('table', params, series, 'bucket', { perPage: 10 })
  const [metrics, buckets] = [
    made.aggs.filter(a => a.schema === 'metric'),
    made.aggs.filter(a => a.schema !== 'metric'),
  ]
  return { ...made, aggs: [rows, ...metrics, ...buckets.map((a): VisAgg => ({ ...a, schema: 'bucket' }))] }
}

/** The one split of all series of a panel of numbers, which has no layers. */
function sharedSplit(series: readonly Json[]): VisAgg | null {
  const splits = series.map(s => splitOf(s))
  const [first = null] = splits
  const cut = (split: VisAgg | null) => JSON.stringify(split?.params ?? null)
  if (splits.some(s => cut(s) !== cut(first))) throw new VisError(texts.someOfItsSeries)
  return first
}

/** What a series is split by. */
function splitOf(first: Json): VisAgg | null {
  if (!SPLITS.includes(asText(first.split_mode))) return null
  const base = { id: splitId(first), enabled: true, schema: 'group' as const }
  if (first.split_mode === 'filters') {
    const filters = asList(first.split_filters).map(asJson)
    if (filters.length === 0) throw new VisError(texts.itsFiltersAreMissing)
    return {
      ...base,
      type: 'filters',
      params: { filters: filters.map(f => ({ input: readQuery(f.filter), label: asText(f.label) })) },
    }
  }
  const fields = [first.terms_field]
    .flat()
    .map(f => asText(f))
    .filter(f => f !== '')
  const [field] = fields
  // Kibana does not split a series by nothing either.
  if (field === undefined) return null
  const [include, exclude] = [asText(first.terms_include), asText(first.terms_exclude)]
  const shared = {
    size: asNumber(first.terms_size) ?? 10,
    order: first.terms_direction === 'asc' ? 'asc' : 'desc',
    ...orderOf(first),
  }
  return fields.length > 1
    ? { ...base, type: 'multi_terms', params: { fields, ...shared } }
    : {
        ...base,
        type: 'terms',
        params: { field, ...shared, ...(include !== '' && { include }), ...(exclude !== '' && { exclude }) },
      }
}

/** Values are ordered by one of the metrics that a series is computed of. */
function orderOf(series: Json): Json {
  const order = asText(series.terms_order_by)
  if (order === '' || order === '_count') return { orderBy: '_count' }
  if (order === '_key' || order === '_term') return { orderBy: '_key' }
  const formula = metricFormula(series, order)
  return formula === null
    ? { orderBy: '_count' }
    : { orderBy: 'custom', orderAgg: { type: 'formula', params: { formula } } }
}
