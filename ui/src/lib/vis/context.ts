// What a visualization is drawn for: the page's time, search and filters.

import type { Field } from '../fields'
import type { ResolvedRange } from '../time/range'
import type { Millis } from '../time/units'
import type { VisFilter } from './filter'
import type { VisQuery } from './model'

export interface VisContext {
  /** Null where the data has no time. */
  range: ResolvedRange | null
  timeField: string | null
  /** An IANA name, such as `Europe/Oslo`, for the days and hours of date histograms. */
  timeZone: string
  /** The page's search, beside the visualization's own. */
  query: VisQuery
  filters: readonly VisFilter[]
  /** CSS pixels, from which the number of bars and points follows. */
  width: number
  /** Of the data view; may be empty, then fields are taken as they are named. */
  fields: readonly Field[]
  /** The least and greatest value of the fields of automatic histograms, by aggregation; see `boundsRequest`. */
  bounds?: Readonly<Record<string, { min: number; max: number }>>
  /** How much earlier the range is than the one that it is compared with; see `shiftedContext`. */
  shiftedBy?: Millis
  /** The indices and the time field of a data view that a layer names, where it is another than the chart's. */
  viewOf?: (id: string) => { title: string; timeField: string | null }
}

/** Bars and points are at least this wide, so that they can be seen and pressed. */
const PIXELS_PER_BAR = 8
const MAX_AUTO_BARS = 160

export const maxBars = (width: number): number =>
  Math.max(10, Math.min(MAX_AUTO_BARS, Math.floor(width / PIXELS_PER_BAR)))
