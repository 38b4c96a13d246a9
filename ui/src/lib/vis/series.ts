// A table as what charts with axes draw: one axis, and series along it.

import { texts } from '../../texts/vis'
import type { Value } from './expr'
import type { VisFilter } from './filter'
import type { ValueFormat } from './format'
import { asJson, asList, asNumber, asText, type Json } from './json'
import { withLayers } from './layered'
import { layersOf } from './layers'
import type { Vis } from './model'
import { measuredLines, writtenLines } from './reference_lines'
import type { StackMode } from './stack'
import {
  bucketColumns,
  type Cell,
  type Moment,
  metricColumnsOf,
  type Row,
  rowFilters,
  type Table,
} from './table'

export interface Axis {
  kind: 'time' | 'number' | 'category'
  name: string
  values: (number | string)[]
  /** How a value is written, by its place. */
  text: (at: number) => string
  /** The width of a bucket in the unit of the values; null for categories. */
  step: number | null
  /** Moment's pattern, where a person has chosen how times are written. */
  pattern?: string
  /** The filters that lead to the documents of a value, whatever the series, by its place. */
  filters: (at: number) => VisFilter[]
}

export interface Series {
  /** Unique in its chart. */
  id: string
  name: string
  /** What the series stands for where values tell series apart, else null: levels have colours of their own. */
  group: string | null
  kind: 'line' | 'area' | 'bar'
  /** Series of one name stand on each other. */
  stack: string | null
  /** Which of `valueAxes` it is measured by. */
  axis: number
  format: ValueFormat
  style: Json
  /** One for each value of the axis. */
  values: Value[]
  /** The filters that lead to the documents behind a value, by its place. */
  filters: (at: number) => VisFilter[]
  /** Of a layer with buckets of its own: the places of the axis that are its buckets, and their width. */
  places?: number[]
  step?: number | null
  /** What the points are as large as, one for each value of the axis. */
  sizes?: Value[]
}

/** A line across the chart at a value to watch. */
export interface ReferenceLine {
  value: number
  label: string
  /** A token. */
  colour: string
  style: 'solid' | 'dashed' | 'dotted'
  /** In CSS pixels. */
  width: number
  /** Which side of it is shaded. */
  fill: 'none' | 'above' | 'below'
  /** Which of `valueAxes` it is measured by. */
  axis: number
}

export interface XYChart {
  /** The value that small charts are split by, or null. */
  title: string | null
  axis: Axis
  series: Series[]
  /** Stacks are shares of their whole. */
  percent: boolean
  lines: ReferenceLine[]
  /** In the order of time. */
  moments: Moment[]
}

/** Beyond this many lines nobody tells them apart. */
export const MAX_SERIES = 30

/** One chart, or one for each value that the visualization is split by. */
export function xyCharts(vis: Vis, table: Table): XYChart[] {
  const layers = layersOf(vis).flatMap((layer, at) => {
    const found = table.layers?.[at]
    return found ? [{ vis: layer, table: found }] : []
  })
  const drawn = layers.filter(l => l.vis.params.lines === undefined)
  const lines = [...writtenLines(vis), ...layers.flatMap(l => measuredLines(l.vis, l.table))]
  const moments = table.moments ?? []
  return ownCharts(vis, table).map(chart => {
    const others = drawn.flatMap(layer => {
      const charts = ownCharts(layer.vis, layer.table)
      return charts.find(c => c.title === chart.title) ?? charts[0] ?? []
    })
    return { ...withLayers(chart, others), lines, moments }
  })
}

function ownCharts(vis: Vis, table: Table): XYChart[] {
  const split = bucketColumns(table).find(at => table.columns[at]?.schema === 'split')
  if (split === undefined) return [xyChart(vis, table, table.rows, null)]
  return [...groupBy(table.rows, row => row.cells[split]?.text ?? '')].map(([title, rows]) =>
    xyChart(vis, table, rows, title),
  )
}

export function groupBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const name = nameOf(item)
    const group = groups.get(name)
    if (group) group.push(item)
    else groups.set(name, [item])
  }
  return groups
}

function xyChart(vis: Vis, table: Table, rows: readonly Row[], title: string | null): XYChart {
  const at = bucketColumns(table).find(c => table.columns[c]?.schema === 'segment') ?? null
  const axis = axisOf(table, rows, at)
  const place = new Map(axis.values.map((value, i) => [value, i]))
  const groups = bucketColumns(table).filter(c => table.columns[c]?.schema === 'group')
  const grouped = groupBy(rows, row => groups.map(c => row.cells[c]?.text ?? '').join(' · '))
  const series: Series[] = []
  const all = metricColumnsOf(table)
  const metrics = all.filter(c => table.columns[c]?.schema !== 'radius')
  const size = all.find(c => table.columns[c]?.schema === 'radius')
  for (const [group, members] of grouped) {
    for (const metric of metrics) {
      if (series.length >= MAX_SERIES) break
      const one = newSeries(vis, table, metric, group, metrics.length, axis.values.length)
      if (one === null) continue
      if (size !== undefined) one.sizes = axis.values.map(() => null)
      const behind = new Map<number, Row>()
      one.filters = i => {
        const row = behind.get(i)
        return row ? rowFilters(table, row) : []
      }
      for (const row of members) {
        const i = at === null ? 0 : place.get(row.cells[at]?.value ?? '')
        if (i === undefined) continue
        one.values[i] = row.cells[metric]?.value ?? null
        behind.set(i, row)
        if (size !== undefined && one.sizes) one.sizes[i] = row.cells[size]?.value ?? null
      }
      series.push(zeroed(one, table, metric))
    }
  }
  return { title, axis, series, percent: isPercent(vis), lines: [], moments: [] }
}

/** A value that no bucket has was counted nought times, but its mean is not known. */
function zeroed(series: Series, table: Table, metric: number): Series {
  if (!table.columns[metric]?.additive) return series
  return { ...series, values: series.values.map(v => v ?? 0) }
}

function axisOf(table: Table, rows: readonly Row[], at: number | null): Axis {
  const column = at === null ? null : table.columns[at]
  if (at === null || !column)
    return {
      kind: 'category',
      name: '',
      values: [texts.all],
      text: () => texts.all,
      step: null,
      filters: () => [],
    }
  const found = new Map<number | string, Cell>()
  for (const row of rows) {
    const cell = row.cells[at]
    if (cell && cell.value !== null && !found.has(cell.value)) found.set(cell.value, cell)
  }
  const kind = column.format.kind === 'date' ? 'time' : column.step === null ? 'category' : 'number'
  const entries = [...found]
  if (kind !== 'category') entries.sort(([a], [b]) => Number(a) - Number(b))
  return {
    kind,
    name: column.name,
    values: entries.map(([value]) => value),
    text: i => entries[i]?.[1].text ?? '',
    step: column.step,
    ...(column.format.kind === 'date' && column.format.pattern && { pattern: column.format.pattern }),
    filters: i => {
      const filter = entries[i]?.[1].filter
      return filter ? [filter] : []
    },
  }
}

function newSeries(
  vis: Vis,
  table: Table,
  metric: number,
  group: string,
  metrics: number,
  length: number,
): Series | null {
  const column = table.columns[metric]
  if (!column?.agg) return null
  const id = column.agg.id
  const style = styleOf(vis, id)
  if (style.show === false) return null
  const name = group === '' ? column.name : metrics === 1 ? group : `${group} · ${column.name}`
  return {
    id: `${column.id} ${group}`,
    name:
      asText(asJson(style.data).label) && group === '' && metrics === 1
        ? asText(asJson(style.data).label)
        : name,
    group: group === '' ? null : group,
    kind: kindOf(vis, style),
    stack: stackOf(vis, style, column.additive, group !== '' || metrics > 1, id),
    axis: axisAt(vis, style.valueAxis),
    format: column.format,
    style,
    values: new Array<Value>(length).fill(null),
    filters: () => [],
  }
}

const styleOf = (vis: Vis, agg: string): Json =>
  asJson(asList(vis.params.seriesParams).find(s => asJson(asJson(s).data).id === agg))

/** Which of the value axes has an id; the first if none has. */
export const axisAt = (vis: Vis, id: unknown): number =>
  Math.max(
    0,
    asList(vis.params.valueAxes).findIndex(a => asJson(a).id === id),
  )

function kindOf(vis: Vis, style: Json): Series['kind'] {
  const type = asText(style.type, vis.type)
  if (type === 'line' || type === 'area') return type
  return 'bar'
}

/** As it is saved; else what can be added up is, unless lines are drawn. */
function stackOf(vis: Vis, style: Json, additive: boolean, several: boolean, id: string): string | null {
  const mode = asText(style.mode, asText(vis.params.mode))
  const axis = asText(style.valueAxis)
  if (mode === 'stacked' || mode === 'percentage' || isPercent(vis) || stackModeOf(vis))
    return `stack ${axis}`
  if (mode !== '' || !several || !additive) return null
  return kindOf(vis, style) === 'line' ? null : `stack ${axis} ${id}`
}

/** A stack that does not stand on nought, or null. */
export function stackModeOf(vis: Vis): StackMode | null {
  const modes = [vis.params.mode, ...asList(vis.params.valueAxes).map(a => asJson(asJson(a).scale).mode)]
  return modes.find(m => m === 'wiggle' || m === 'silhouette') ?? null
}

const isPercent = (vis: Vis): boolean =>
  vis.params.mode === 'percentage' ||
  asList(vis.params.valueAxes).some(a => asJson(asJson(a).scale).mode === 'percentage')

/** Shares of the stack that each value stands in, from 0 to 1. */
export function asShares(chart: XYChart): XYChart {
  const totals = chart.axis.values.map((_, at) =>
    chart.series.reduce((sum, s) => sum + (asNumber(s.values[at]) ?? 0), 0),
  )
  const share = (value: Value, total: number): Value =>
    typeof value === 'number' && total > 0 ? value / total : null
  const series = chart.series.map(
    (s): Series => ({
      ...s,
      format: { kind: 'percent' },
      values: s.values.map((v, at) => share(v, totals[at] ?? 0)),
    }),
  )
  return { ...chart, series }
}
