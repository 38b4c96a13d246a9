// Lens charts of Kibana 7.12 to 8 as visualizations, as far as they can be said so.

import { VisError } from './error'
import { readFilter } from './filter'
import { asJson, asList, asNumber, asText, entryOf, type Json } from './json'
import { LensColumns } from './lens_columns'
import { newVis, type Schema, type Vis, type VisAgg, type VisType } from './model'
import { type Reference, readQuery } from './read'

/** Reads the attributes of a saved object `lens`. Never fails: what cannot be drawn has the type `unsupported` and a note. */
export function readLens(attributes: unknown, references: readonly Reference[] = []): Vis {
  const saved = asJson(attributes)
  const state = asJson(saved.state)
  const all = [...references, ...referencesIn(saved.references), ...referencesIn(state.internalReferences)]
  const base = { title: asText(saved.title), description: asText(saved.description) }
  const search = {
    query: readQuery(state.query),
    filter: asList(state.filters).flatMap(f => readFilter(f) ?? []),
    index: all.find(r => r.type === 'index-pattern')?.id ?? null,
  }
  try {
    const name = asText(saved.visualizationType)
    const shape = entryOf(SHAPES, name)
    if (!shape) throw new VisError(`Lens charts of the type “${name}” are not drawn here.`)
    const chart = shape(new Layers(state), asJson(state.visualization))
    return { ...newVis(chart.type, chart.aggs, chart.params), ...base, search, notes: chart.notes }
  } catch (error) {
    if (!(error instanceof VisError)) throw error
    return {
      ...newVis('unsupported'),
      ...base,
      search,
      notes: [`This Lens chart cannot be shown: ${error.message}`],
    }
  }
}

const referencesIn = (value: unknown): Reference[] =>
  asList(value).flatMap(one => {
    const { name, type, id } = asJson(one)
    return typeof id === 'string' && typeof type === 'string' ? [{ name: asText(name), type, id }] : []
  })

interface Chart {
  type: VisType
  aggs: VisAgg[]
  params: Json
  notes: string[]
}

/** The layers of a chart, each with its columns. */
class Layers {
  private readonly layers: Json

  constructor(state: Json) {
    const sources = asJson(state.datasourceStates)
    if (sources.textBased !== undefined && Object.keys(asJson(asJson(sources.textBased).layers)).length > 0)
      throw new VisError('it is made of an ES|QL or SQL query.')
    this.layers = asJson(asJson(sources.formBased ?? sources.indexpattern).layers)
  }

  columns(id: unknown): LensColumns {
    const layer = asJson(this.layers[asText(id)])
    if (Object.keys(asJson(layer.columns)).length === 0) throw new VisError('its layer has no columns.')
    return new LensColumns(asJson(layer.columns), asList(layer.columnOrder).map(String))
  }
}

/** The columns of a chart as aggregations, in order. */
function aggsOf(columns: LensColumns, wanted: readonly [string, Schema][]): VisAgg[] {
  return wanted.map(([id, schema]): VisAgg => {
    const column = columns.get(id)
    if (!column) throw new VisError('it names a column that it does not have.')
    if (column.bucketed === (schema === 'metric'))
      throw new VisError(`“${column.label}” is in a place where it cannot stand.`)
    return {
      id: column.agg,
      enabled: true,
      schema,
      ...(column.bucketed ? columns.bucket(column) : columns.metric(column)),
    }
  })
}

const texts = (...values: unknown[]): string[] =>
  values.flat().filter((v): v is string => typeof v === 'string' && v !== '')

const SHAPES: Record<string, (layers: Layers, shown: Json) => Chart> = {
  lnsXY: xyChart,
  lnsPie: (layers, shown) => {
    const layer = asJson(asList(shown.layers)[0])
    const columns = layers.columns(layer.layerId)
    const groups = texts(layer.primaryGroups ?? layer.groups, layer.secondaryGroups)
    const metrics = texts(layer.metrics ?? layer.metric)
    const shape = asText(shown.shape, 'pie')
    const round = shape === 'pie' || shape === 'donut'
    return {
      type: 'pie',
      aggs: aggsOf(columns, [...all(metrics.slice(0, 1), 'metric'), ...all(groups, 'segment')]),
      params: {
        isDonut: shape !== 'pie',
        addLegend: layer.legendDisplay !== 'hide',
        labels: { show: layer.numberDisplay !== 'hidden' },
      },
      notes: [
        ...(round ? [] : [`Drawn as a ring: it was a ${shape}.`]),
        ...(metrics.length > 1 ? [`Of ${metrics.length} metrics the first is shown.`] : []),
      ],
    }
  },
  lnsMetric: metricChart,
  lnsLegacyMetric: metricChart,
  lnsDatatable: (layers, shown) => {
    const columns = layers.columns(shown.layerId)
    const visible = asList(shown.columns)
      .map(asJson)
      .filter(c => c.hidden !== true)
    const ids = texts(visible.map(c => c.columnId))
    const known = columns.ordered().filter(c => ids.includes(c.id))
    const transposed = visible.some(c => c.isTransposed === true)
    return {
      type: 'table',
      aggs: aggsOf(columns, [
        ...all(
          known.filter(c => c.bucketed).map(c => c.id),
          'bucket',
        ),
        ...all(
          known.filter(c => !c.bucketed).map(c => c.id),
          'metric',
        ),
      ]),
      params: { perPage: asNumber(asJson(shown.paging).size) ?? 10, showPartialRows: false },
      notes: transposed ? ['Columns that it splits by values are rows here.'] : [],
    }
  },
  lnsGauge: (layers, shown) => {
    const columns = layers.columns(shown.layerId)
    const at = (name: string) => columns.constant(asText(shown[`${name}Accessor`]))
    const [min, max, goal] = [at('min') ?? 0, at('max'), at('goal')]
    const ends = [goal, max].filter((v): v is number => v !== null && v > min)
    const bounds = [min, ...ends]
    return {
      type: 'gauge',
      aggs: aggsOf(columns, all(texts(shown.metricAccessor), 'metric')),
      params: {
        gauge: {
          gaugeType: asText(shown.shape).includes('Bullet') ? 'Meter' : 'Arc',
          ...(ends.length > 0 && { colorsRange: ends.map((to, i) => ({ from: bounds[i], to })) }),
        },
      },
      notes: [],
    }
  },
  lnsHeatmap: (layers, shown) => {
    const columns = layers.columns(shown.layerId)
    return {
      type: 'heatmap',
      aggs: aggsOf(columns, [
        ...all(texts(shown.valueAccessor), 'metric'),
        ...all(texts(shown.yAccessor), 'group'),
        ...all(texts(shown.xAccessor), 'segment'),
      ]),
      params: {},
      notes: [],
    }
  },
  lnsTagcloud: (layers, shown) => {
    const columns = layers.columns(shown.layerId)
    const wanted = [...all(texts(shown.valueAccessor), 'metric'), ...all(texts(shown.tagAccessor), 'segment')]
    return { type: 'tagcloud', aggs: aggsOf(columns, wanted), params: {}, notes: [] }
  },
}

const all = (ids: readonly string[], schema: Schema): [string, Schema][] => ids.map(id => [id, schema])

/** One number, or one for each value of a breakdown. */
function metricChart(layers: Layers, shown: Json): Chart {
  const columns = layers.columns(shown.layerId)
  const metrics = texts(shown.metricAccessor ?? shown.accessor, shown.secondaryMetricAccessor)
  return {
    type: 'metric',
    aggs: aggsOf(columns, [...all(metrics, 'metric'), ...all(texts(shown.breakdownByAccessor), 'group')]),
    params: { metric: { labels: { show: true } } },
    notes: texts(shown.trendlineLayerId).length > 0 ? ['The trend behind the number is not drawn.'] : [],
  }
}

/** Names of series: bar_horizontal_percentage_stacked is a horizontal bar, stacked to a hundred. */
function seriesOf(name: string): { type: 'line' | 'area' | 'histogram'; mode: string; horizontal: boolean } {
  const type = name.startsWith('line') ? 'line' : name.startsWith('area') ? 'area' : 'histogram'
  const mode = name.includes('percentage') ? 'percentage' : name.includes('stacked') ? 'stacked' : 'normal'
  return { type, mode, horizontal: name.includes('horizontal') }
}

function xyChart(layers: Layers, shown: Json): Chart {
  const listed = asList(shown.layers).map(asJson)
  const data = listed.filter(l => (l.layerType ?? 'data') === 'data' && texts(l.accessors).length > 0)
  const [first] = data
  if (!first) throw new VisError('it has no layer of data.')
  const columns = layers.columns(first.layerId)
  const notes: string[] = []
  const split = texts(first.splitAccessor, first.splitAccessors)
  const x = texts(first.xAccessor)
  const shape = seriesOf(asText(first.seriesType, asText(shown.preferredSeriesType, 'bar_stacked')))
  const metrics = texts(first.accessors)
  const styled = metrics.map(id => ({ id, shape }))
  const aggs = aggsOf(columns, [...all(metrics, 'metric'), ...all(split, 'group'), ...all(x, 'segment')])
  for (const layer of data.slice(1)) {
    const others = layers.columns(layer.layerId)
    const alike =
      split.length === 0 &&
      texts(layer.splitAccessor, layer.splitAccessors).length === 0 &&
      others.sameBucket(texts(layer.xAccessor)[0], columns, x[0])
    if (!alike) {
      notes.push('Of several layers with buckets of their own the first is shown.')
      continue
    }
    const more = texts(layer.accessors)
    aggs.push(...aggsOf(others, all(more, 'metric')))
    styled.push(...more.map(id => ({ id, shape: seriesOf(asText(layer.seriesType, 'line')) })))
  }
  if (listed.some(l => l.layerType === 'referenceLine')) notes.push('Its reference lines are not drawn.')
  if (listed.some(l => l.layerType === 'annotations'))
    notes.push('Its annotations are not drawn; the dashboard can have its own.')
  const right = new Set(
    data
      .flatMap(l => asList(l.yConfig).map(asJson))
      .flatMap(c => (c.axisMode === 'right' ? asText(c.forAccessor) : [])),
  )
  return {
    type: shape.type === 'histogram' && shape.horizontal ? 'horizontal_bar' : shape.type,
    aggs: unique(aggs),
    params: {
      addLegend: asJson(shown.legend).isVisible !== false,
      legendPosition: asText(asJson(shown.legend).position, 'right'),
      valueAxes: [
        {
          id: 'left',
          position: 'left',
          scale: { mode: shape.mode === 'percentage' ? 'percentage' : 'normal' },
        },
        ...(right.size > 0 ? [{ id: 'right', position: 'right' }] : []),
      ],
      seriesParams: styled.map(({ id, shape: s }) => ({
        type: s.type,
        mode: s.mode === 'percentage' ? 'stacked' : s.mode,
        data: { id: aggId(id) },
        valueAxis: right.has(id) ? 'right' : 'left',
      })),
    },
    notes,
  }
}

const aggId = (column: string) => column.replace(/[^\w-]/g, '_')

/** Two layers may give their columns the same id. */
const unique = (aggs: VisAgg[]): VisAgg[] => aggs.filter((a, at) => aggs.findIndex(b => b.id === a.id) === at)
