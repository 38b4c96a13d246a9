// What an answer becomes, whatever is drawn of it: columns and rows.

import type { LogEvent } from '../events'
import type { EpochMillis } from '../time/units'
import type { Value } from './expr'
import type { VisFilter } from './filter'
import type { ValueFormat } from './format'
import type { Schema, VisAgg } from './model'

export interface Column {
  id: string
  name: string
  kind: 'bucket' | 'metric' | 'field'
  /** Of documents there is none. */
  agg: VisAgg | null
  schema: Schema
  format: ValueFormat
  /** The width of the buckets on a scale (milliseconds for dates), or null. */
  step: number | null
  /** Of metrics: parts add up to a whole. */
  additive: boolean
}

export interface Cell {
  value: Value
  text: string
  /** The documents behind it; null where no filter says it. */
  filter: VisFilter | null
  point?: { lat: number; lon: number } | undefined
}

export interface Row {
  cells: Cell[]
  /** Of a document. */
  event?: LogEvent
}

export interface Table {
  columns: Column[]
  rows: Row[]
  /** How many documents were aggregated; null where that was not asked. */
  total: number | null
  /** The metrics over everything that was found, where a share of it is shown. */
  overall: Value[] | null
  /** What a person should know of these numbers: partial, widened, ordered otherwise. */
  notes: string[]
  /** Of the further layers, in their order. */
  layers?: Table[]
  /** When what is marked on a chart over time happened. */
  moments?: Moment[]
}

export interface Moment {
  at: EpochMillis
  /** The end of a span. */
  end?: EpochMillis
  label: string
  /** A token; that of annotations if there is none. */
  colour?: string
  style?: 'solid' | 'dashed' | 'dotted'
}

export const bucketColumns = (table: Table): number[] =>
  table.columns.flatMap((c, at) => (c.kind === 'bucket' ? at : []))

export const metricColumnsOf = (table: Table): number[] =>
  table.columns.flatMap((c, at) => (c.kind === 'metric' ? at : []))

/** The filters that lead to the documents behind a row. */
export const rowFilters = (table: Table, row: Row): VisFilter[] =>
  bucketColumns(table).flatMap(at => row.cells[at]?.filter ?? [])
