// A dashboard: panels on a grid of 48 columns, what narrows all of them down, and the time they are opened with.

import type { ObjectKey, Reference } from '../savedobjects'
import type { TimeRange } from '../time/range'
import type { Millis } from '../time/units'
import type { VisFilter } from '../vis/filter'
import type { Json } from '../vis/json'
import { EMPTY_QUERY, type VisQuery } from '../vis/model'

export const COLUMNS = 48

/** In cells of the grid. */
export interface Place {
  x: number
  y: number
  w: number
  h: number
}

/** Where a panel's chart comes from: the library, or the dashboard itself. */
export type PanelSource =
  | { kind: 'library'; key: ObjectKey }
  | { kind: 'own'; type: string; attributes: Json; references: Reference[] }
  /** The dashboard names it, and its reference is missing. */
  | { kind: 'lost'; type: string }

export interface Panel {
  /** Unique in the dashboard. */
  id: string
  place: Place
  source: PanelSource
  /** Instead of the chart's own; null shows that. */
  title: string | null
  hideTitle: boolean
  /** A time of its own; null follows the page's. */
  range: TimeRange | null
  /** What else the panel is saved with, kept as it is. */
  config: Json
}

/** A choice over the panels: of values, or of a span of numbers. */
export interface Control {
  id: string
  kind: 'options' | 'range'
  title: string
  field: string
  /** The id of the data view that values come from; null takes that of the first panel. */
  view: string | null
  chosen: ControlChoice
}

export type ControlChoice =
  | { kind: 'options'; values: string[]; exclude: boolean }
  | { kind: 'range'; from: number | null; to: number | null }

/** Moments that are marked on every chart over time: those of the documents that a query finds. */
export interface Annotation {
  id: string
  label: string
  query: VisQuery
  /** The pattern of indices that it looks in. */
  index: string
  timeField: string
  enabled: boolean
}

export interface Dashboard {
  title: string
  description: string
  panels: Panel[]
  controls: Control[]
  annotations: Annotation[]
  query: VisQuery
  filters: VisFilter[]
  /** What it is opened with; null keeps the time that the person has chosen. */
  range: TimeRange | null
  /** How often it asks again; null only on demand. */
  refresh: Millis | null
  hideTitles: boolean
  /** What was read otherwise than it was written. */
  notes: string[]
  /** What else it is saved with, kept as it is. */
  kept: { attributes: Json; options: Json; controls: Json; references: Reference[] }
}

export const newDashboard = (title = ''): Dashboard => ({
  title,
  description: '',
  panels: [],
  controls: [],
  annotations: [],
  query: EMPTY_QUERY,
  filters: [],
  range: null,
  refresh: null,
  hideTitles: false,
  notes: [],
  kept: { attributes: {}, options: {}, controls: {}, references: [] },
})

/** An id that no part of the dashboard has. */
export function freshId(dashboard: Dashboard): string {
  const taken = new Set([...dashboard.panels, ...dashboard.controls, ...dashboard.annotations].map(p => p.id))
  let n = taken.size + 1
  while (taken.has(String(n))) n++
  return String(n)
}

/** Nothing chosen. */
export const emptyChoice = (kind: Control['kind']): ControlChoice =>
  kind === 'options' ? { kind, values: [], exclude: false } : { kind, from: null, to: null }

export const isEmptyChoice = (choice: ControlChoice): boolean =>
  choice.kind === 'options' ? choice.values.length === 0 : choice.from === null && choice.to === null
