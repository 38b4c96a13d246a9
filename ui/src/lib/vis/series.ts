// A table as what charts with axes draw: one axis, and series along it.

import type { Value } from './expr'
import type { VisFilter } from './filter'
import type { ValueFormat } from './format'
import { asJson, asList, asNumber, asText, type Json } from './json'
import type { Vis } from './model'
import { bucketColumns, metricColumnsOf, type Row, rowFilters, type Table } from './table'

export interface Axis {
  kind: 'time' | 'number' | 'category'
  name: string
  values: (number | string)[]
  texts: string[]
  /** The width of a bucket in the unit of the values; null for categories. */
  step: number | null
  /** The documents of each value, whatever the series. */
  filters: VisFilter[][]
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
  filters: VisFilter[][]
}

export interface XYChart {
  /** The value that small charts are split by, or null. */
  title: string | null
  axis: Axis
  series: Series[]
  /** Stacks are shares of their whole. */
  percent: boolean
}

/** Beyond this many lines nobody tells them apart. */
export const MAX_SERIES = 30

/** One chart, or one for each value that the visualization is split by. */
export function xyCharts(vis: Vis, table: Table): XYChart[] {
  const buckets = bucketColumns(table)
  const split = buckets.find(at => table.columns[at]?.schema === 'split')
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
  const metrics = metricColumnsOf(table)
  for (const [group, members] of grouped) {
    for (const metric of metrics) {
      if (series.length >= MAX_SERIES) break
      const one = newSeries(vis, table, metric, group, metrics.length, axis.values.length)
      if (one === null) continue
      for (const row of members) {
        const i = at === null ? 0 : place.get(row.cells[at]?.value ?? '')
        if (i === undefined) continue
        one.values[i] = row.cells[metric]?.value ?? null
        one.filters[i] = rowFilters(table, row)
      }
      series.push(zeroed(one, table, metric))
    }
  }
  return { title, axis, series, percent: isPercent(vis) }
}

/** A value that no bucket has was counted nought times, but its mean is not known. */
function zeroed(series: Series, table: Table, metric: number): Series {
  if (!table.columns[metric]?.additive) return series
  return { ...series, values: series.values.map(v => v ?? 0) }
}

function axisOf(table: Table, rows: readonly Row[], at: number | null): Axis {
  const column = at === null ? null : table.columns[at]
  if (at === null || !column)
    return { kind: 'category', name: '', values: ['All'], texts: ['All'], step: null, filters: [[]] }
  const found = new Map<number | string, { text: string; filter: VisFilter | null }>()
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
    texts: entries.map(([, { text }]) => text),
    step: column.step,
    filters: entries.map(([, { filter }]) => (filter === null ? [] : [filter])),
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
  const style = asJson(asList(vis.params.seriesParams).find(s => asJson(asJson(s).data).id === id))
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
    axis: Math.max(
      0,
      asList(vis.params.valueAxes).findIndex(a => asJson(a).id === style.valueAxis),
    ),
    format: column.format,
    style,
    values: new Array<Value>(length).fill(null),
    filters: Array.from({ length }, () => []),
  }
}

function kindOf(vis: Vis, style: Json): Series['kind'] {
  const type = asText(style.type, vis.type)
  if (type === 'line' || type === 'area') return type
  return 'bar'
}

/** As it is saved; else what can be added up is, unless lines are drawn. */
function stackOf(vis: Vis, style: Json, additive: boolean, several: boolean, id: string): string | null {
  const mode = asText(style.mode, asText(vis.params.mode))
  const axis = asText(style.valueAxis)
  if (mode === 'stacked' || mode === 'percentage' || isPercent(vis)) return `stack ${axis}`
  if (mode !== '' || !several || !additive) return null
  return kindOf(vis, style) === 'line' ? null : `stack ${axis} ${id}`
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
