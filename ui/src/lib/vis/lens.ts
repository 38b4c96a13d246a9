// Lens charts of Kibana 7.12 to 8 as visualizations, as far as they can be said so.

import { texts } from '../../texts/vis'
import { COLLAPSES, type Collapsed } from './collapse'
import { VisError } from './error'
import { readFilter } from './filter'
import { asJson, asList, asNumber, asText, entryOf, type Json } from './json'
import { LensColumns } from './lens_columns'
import { lensXY } from './lens_xy'
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
    index: viewOf(all, state),
  }
  try {
    const name = asText(saved.visualizationType)
    const shape = entryOf(SHAPES, name)
    if (!shape) throw new VisError(texts.lensChartsOfTheType(name))
    const chart = shape(new LensLayers(state, all), asJson(state.visualization))
    return { ...newVis(chart.type, chart.aggs, chart.params), ...base, search, notes: chart.notes }
  } catch (error) {
    if (!(error instanceof VisError)) throw error
    return {
      ...newVis('unsupported'),
      ...base,
      search,
      notes: [texts.thisLensChartCannotBeShown(error.message)],
    }
  }
}

/** The data view of the first layer that is drawn; of a chart that names none of its layers the first there is. */
function viewOf(references: readonly Reference[], state: Json): string | null {
  const shown = asJson(state.visualization)
  const first = asList(shown.layers)
    .map(asJson)
    .find(l => (l.layerType ?? 'data') === 'data')
  const id = asText(first?.layerId, asText(shown.layerId))
  const views = references.filter(r => r.type === 'index-pattern')
  return (views.find(r => id !== '' && r.name.endsWith(`layer-${id}`)) ?? views[0])?.id ?? null
}

const referencesIn = (value: unknown): Reference[] =>
  asList(value).flatMap(one => {
    const { name, type, id } = asJson(one)
    return typeof id === 'string' && typeof type === 'string' ? [{ name: asText(name), type, id }] : []
  })

export interface LensChart {
  type: VisType
  aggs: VisAgg[]
  params: Json
  notes: string[]
}

/** The layers of a chart, each with its columns. */
export class LensLayers {
  private readonly layers: Json

  constructor(
    state: Json,
    private readonly references: readonly Reference[],
  ) {
    const sources = asJson(state.datasourceStates)
    if (sources.textBased !== undefined && Object.keys(asJson(asJson(sources.textBased).layers)).length > 0)
      throw new VisError(texts.itIsMade)
    this.layers = asJson(asJson(sources.formBased ?? sources.indexpattern).layers)
  }

  columns(id: unknown, prefix = ''): LensColumns {
    const layer = asJson(this.layers[asText(id)])
    if (Object.keys(asJson(layer.columns)).length === 0) throw new VisError(texts.itsLayerHasNoColumns)
    return new LensColumns(asJson(layer.columns), asList(layer.columnOrder).map(String), prefix)
  }

  /** The data view of a layer, or null. */
  view(id: unknown): string | null {
    const named = this.references.find(r => r.name.endsWith(`layer-${asText(id)}`) && asText(id) !== '')
    return named?.id ?? (asText(asJson(this.layers[asText(id)]).indexPatternId) || null)
  }
}

/** The columns of a chart as aggregations, in order. */
export function lensAggs(columns: LensColumns, wanted: readonly [string, Schema][]): VisAgg[] {
  return wanted.map(([id, schema]): VisAgg => {
    const column = columns.get(id)
    if (!column) throw new VisError(texts.itNamesAColumn)
    if (column.bucketed === (schema === 'metric')) throw new VisError(texts.isInAPlaceWhere(column.label))
    return {
      id: column.agg,
      enabled: true,
      schema,
      ...(column.bucketed ? columns.bucket(column) : columns.metric(column)),
    }
  })
}

export const idsOf = (...values: unknown[]): string[] =>
  values.flat().filter((v): v is string => typeof v === 'string' && v !== '')

const SHAPES: Record<string, (layers: LensLayers, shown: Json) => LensChart> = {
  lnsXY: lensXY,
  lnsPie: (layers, shown) => {
    const layer = asJson(asList(shown.layers)[0])
    const columns = layers.columns(layer.layerId)
    const groups = idsOf(layer.primaryGroups ?? layer.groups, layer.secondaryGroups)
    const metrics = idsOf(layer.metrics ?? layer.metric)
    const shape = asText(shown.shape, 'pie')
    const collapse = collapseOf(columns, asJson(layer.collapseFns))
    const round = shape === 'pie' || shape === 'donut'
    return {
      type: 'pie',
      aggs: lensAggs(columns, [...all(metrics.slice(0, 1), 'metric'), ...all(groups, 'segment')]),
      params: {
        isDonut: shape !== 'pie',
        addLegend: layer.legendDisplay !== 'hide',
        labels: { show: layer.numberDisplay !== 'hidden' },
        ...(collapse.length > 0 && { collapse }),
      },
      notes: [
        ...(round ? [] : [texts.drawnAsARing(shape)]),
        ...(metrics.length > 1 ? [texts.ofMetricsTheFirst(metrics.length)] : []),
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
    const ids = idsOf(visible.map(c => c.columnId))
    const known = columns.ordered().filter(c => ids.includes(c.id))
    const collapse = collapseOf(columns, Object.fromEntries(visible.map(c => [c.columnId, c.collapseFn])))
    const transposed = visible.some(c => c.isTransposed === true)
    return {
      type: 'table',
      aggs: lensAggs(columns, [
        ...all(
          known.filter(c => c.bucketed).map(c => c.id),
          'bucket',
        ),
        ...all(
          known.filter(c => !c.bucketed).map(c => c.id),
          'metric',
        ),
      ]),
      params: {
        perPage: asNumber(asJson(shown.paging).size) ?? 10,
        showPartialRows: false,
        ...(collapse.length > 0 && { collapse }),
      },
      notes: transposed ? [texts.columnsThatItSplits] : [],
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
      aggs: lensAggs(columns, all(idsOf(shown.metricAccessor), 'metric')),
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
      aggs: lensAggs(columns, [
        ...all(idsOf(shown.valueAccessor), 'metric'),
        ...all(idsOf(shown.yAccessor), 'group'),
        ...all(idsOf(shown.xAccessor), 'segment'),
      ]),
      params: {},
      notes: [],
    }
  },
  lnsTagcloud: (layers, shown) => {
    const columns = layers.columns(shown.layerId)
    const wanted = [...all(idsOf(shown.valueAccessor), 'metric'), ...all(idsOf(shown.tagAccessor), 'segment')]
    return { type: 'tagcloud', aggs: lensAggs(columns, wanted), params: {}, notes: [] }
  },
}

export const all = (ids: readonly string[], schema: Schema): [string, Schema][] => ids.map(id => [id, schema])

/** The buckets that a chart is computed by and does not show: Lens' "collapse by". */
export function collapseOf(columns: LensColumns, by: Json): Collapsed[] {
  return Object.entries(by).flatMap(([id, name]) => {
    const column = columns.get(id)
    const how = COLLAPSES.find(c => c === name)
    return column && how ? [{ agg: column.agg, by: how }] : []
  })
}

/** One number, or one for each value of a breakdown. */
function metricChart(layers: LensLayers, shown: Json): LensChart {
  const columns = layers.columns(shown.layerId)
  const metrics = idsOf(shown.metricAccessor ?? shown.accessor, shown.secondaryMetricAccessor)
  const by = asText(shown.breakdownByAccessor)
  const collapse = collapseOf(columns, { [by]: shown.collapseFn })
  return {
    type: 'metric',
    aggs: lensAggs(columns, [...all(metrics, 'metric'), ...all(idsOf(shown.breakdownByAccessor), 'group')]),
    params: { metric: { labels: { show: true } }, ...(collapse.length > 0 && { collapse }) },
    notes: idsOf(shown.trendlineLayerId).length > 0 ? [texts.theTrendBehindTheNumber] : [],
  }
}
