// A table as numbers with ranges: gauges, goals and big numbers.

import type { Value } from './expr'
import type { VisFilter } from './filter'
import { formatValue, type ValueFormat } from './format'
import { asJson, asList, asNumber, asText } from './json'
import type { Vis } from './model'
import { metricColumnsOf, rowFilters, type Table } from './table'

export interface Band {
  from: number
  to: number
}

export interface Reading {
  label: string
  value: Value
  text: string
  /** The band that the value lies in; -1 for none. */
  band: number
  /** Of the whole scale, from 0 to 1. */
  share: number
  filters: VisFilter[]
}

export interface Gauge {
  readings: Reading[]
  bands: Band[]
  min: number
  max: number
  format: ValueFormat
}

/** What an error rate in percent is judged by when nothing else is said. */
const DEFAULT_PERCENT_BANDS: Band[] = [
  { from: 0, to: 1 },
  { from: 1, to: 5 },
  { from: 5, to: 100 },
]

export function gaugeOf(vis: Vis, table: Table): Gauge {
  const style = asJson(vis.params.gauge ?? vis.params.metric)
  const percent = style.percentageMode === true
  const asked = readBands(style.colorsRange)
  const rows = percent && table.overall !== null && isShare(table)
  const bands = asked.length > 0 ? asked : rows ? DEFAULT_PERCENT_BANDS : []
  const readings = table.rows.flatMap((row, at) =>
    metricColumnsOf(table).map((column, metric) => {
      const { value = null } = row.cells[column] ?? {}
      const format = table.columns[column]?.format ?? { kind: 'number' as const }
      const whole = table.overall?.[metric] ?? null
      const measured = rows ? shareOf(value, whole) : percent ? percentOf(value, bands) : value
      const shown: ValueFormat = rows || percent ? { kind: 'percent' } : format
      const text = formatValue(typeof measured === 'number' && percent ? measured / 100 : measured, shown)
      const label = labelOf(vis, table, at, column)
      return { label, value: measured, text, filters: rowFilters(table, row) }
    }),
  )
  // Shares are compared with bands in percent; other percentages are positions on a scale that the bands give.
  const compared =
    percent && !rows
      ? [...bands.map(b => ({ from: positionOf(b.from, bands), to: positionOf(b.to, bands) }))]
      : bands
  const max = scaleEnd(
    compared,
    readings.map(r => r.value),
    rows,
  )
  const min = compared[0]?.from ?? 0
  const format = table.columns[metricColumnsOf(table)[0] ?? -1]?.format ?? { kind: 'number' as const }
  return {
    readings: readings.map(r => ({
      ...r,
      band: bandOf(r.value, compared),
      share: portion(r.value, min, max),
    })),
    bands: compared,
    min,
    max,
    format: percent ? { kind: 'percent' } : format,
  }
}

/** Filters of which each is a part of everything: the matching ones of all. */
const isShare = (table: Table): boolean =>
  table.columns.some(c => c.kind === 'bucket' && c.agg?.type === 'filters')

const shareOf = (value: Value, whole: Value): Value =>
  typeof value === 'number' && typeof whole === 'number' && whole > 0 ? (100 * value) / whole : null

const positionOf = (value: number, bands: readonly Band[]): number => {
  const [least, most] = [bands[0]?.from ?? 0, bands.at(-1)?.to ?? 100]
  return most > least ? (100 * (value - least)) / (most - least) : value
}

const percentOf = (value: Value, bands: readonly Band[]): Value =>
  typeof value === 'number' ? positionOf(value, bands) : null

/** A scale in percent ends at 100, or a little above what is judged where the interesting part is at its beginning. */
function scaleEnd(bands: readonly Band[], values: readonly Value[], share: boolean): number {
  const largest = Math.max(0, ...values.map(v => asNumber(v) ?? 0))
  if (!share) return bands.at(-1)?.to ?? (largest > 0 ? largest * 1.25 : 1)
  const last = bands.at(-1)?.from ?? 0
  const close = Math.max(largest * 1.25, last * 2)
  return close >= 50 || last === 0 ? 100 : Math.ceil(close / 5) * 5
}

const portion = (value: Value, min: number, max: number): number =>
  typeof value === 'number' && max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0

/** The upper bound belongs to the next band, and the last one has no end. */
function bandOf(value: Value, bands: readonly Band[]): number {
  if (typeof value !== 'number') return -1
  const at = bands.findIndex((b, i) => value >= b.from && (value < b.to || i === bands.length - 1))
  return at
}

export const readBands = (value: unknown): Band[] =>
  asList(value).flatMap(one => {
    const { from, to } = asJson(one)
    const [least, most] = [asNumber(from), asNumber(to)]
    return least === null || most === null ? [] : [{ from: least, to: most }]
  })

/** The bands up to a target, which ends the scale; without a target there is no scale. Kibana keeps a goal's target so. */
export function withTarget(bands: readonly Band[], target: number | null): Band[] {
  if (target === null) return []
  const below = bands.filter(b => b.from < target).map(b => ({ from: b.from, to: Math.min(b.to, target) }))
  const last = below.pop() ?? { from: Math.min(0, target), to: target }
  return [...below, { ...last, to: target }]
}

function labelOf(vis: Vis, table: Table, row: number, column: number): string {
  const metric = table.columns[column]
  const own = asText(metric?.agg?.params.customLabel) || (metric?.name ?? '')
  const group = table.columns
    .flatMap((c, at) => (c.kind === 'bucket' ? (table.rows[row]?.cells[at]?.text ?? '') : []))
    .join(' · ')
  if (group === '') return own
  // One filter is what the metric is called after: its label says nothing more.
  const single = table.rows.length === 1 && asText(metric?.agg?.params.customLabel) !== ''
  if (single) return own
  // A name of blanks is how Kibana's authors leave it out.
  const both = own.trim() !== '' && (metricColumnsOf(table).length > 1 || vis.type === 'metric')
  return both ? `${group} · ${own}` : group
}
