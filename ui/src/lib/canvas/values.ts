// What functions of Canvas hand to each other.

import type { Query } from '../kql/dsl'

export type Cell = string | number | boolean | null
export type ColumnType = 'string' | 'number' | 'date' | 'boolean' | 'null'

export interface Datatable {
  type: 'datatable'
  columns: { name: string; type: ColumnType }[]
  /** Cells in the order of the columns. Dates are milliseconds since 1970. */
  rows: Cell[][]
}

/** What narrows a search down: the workpad's time, and clauses of functions. */
export interface FilterValue {
  type: 'filter'
  /** Whether the workpad's time holds. */
  timed: boolean
  clauses: Query[]
}

export interface Font {
  type: 'style'
  family: string | null
  /** CSS pixels. */
  size: number
  color: string | null
  align: 'left' | 'center' | 'right' | 'justify'
  weight: string
  italic: boolean
  underline: boolean
  /** CSS pixels; null is 1.3 times the size. */
  lineHeight: number | null
}

export interface ContainerStyle {
  type: 'containerStyle'
  background: string | null
  /** A data URL of an image. */
  image: string | null
  imageSize: 'contain' | 'cover' | 'stretch'
  border: { width: number; style: string; color: string } | null
  radius: number
  padding: number
  opacity: number
  visible: boolean
}

export interface Palette {
  type: 'palette'
  colors: string[]
  gradient: boolean
}

export interface SeriesStyle {
  type: 'seriesStyle'
  /** Null is the style of every series. */
  label: string | null
  color: string | null
  lines: number
  bars: number
  points: number
  fill: number
  stack: string | null
  horizontal: boolean
}

export interface AxisConfig {
  type: 'axisConfig'
  show: boolean
  min: number | null
  max: number | null
  tickSize: number | null
}

export interface Dimension {
  label: string
  kind: 'dimension' | 'measure'
  type: ColumnType
}

export interface Point {
  x: Cell
  y: Cell
  color: Cell
  size: Cell
  text: Cell
}

export interface PointSeries {
  type: 'pointseries'
  x: Dimension | null
  y: Dimension | null
  color: Dimension | null
  size: Dimension | null
  points: Point[]
}

export interface Case {
  type: 'case'
  matches: boolean
  result: Value
}

export const SHAPES = [
  'arrow',
  'arrowMulti',
  'bookmark',
  'circle',
  'cross',
  'diamond',
  'hexagon',
  'kite',
  'line',
  'octagon',
  'parallelogram',
  'pentagon',
  'plus',
  'rhombus',
  'semicircle',
  'speechBubble',
  'square',
  'star',
  'tag',
  'trapezoid',
  'triangle',
  'triangleRight',
] as const
export type ShapeName = (typeof SHAPES)[number]

export const PROGRESS_SHAPES = [
  'gauge',
  'horizontalBar',
  'horizontalPill',
  'semicircle',
  'verticalBar',
  'verticalPill',
  'wheel',
] as const
export type ProgressShape = (typeof PROGRESS_SHAPES)[number]

export type ImageMode = 'contain' | 'cover' | 'stretch'

/** What stands on the page. */
export type Drawing =
  | { kind: 'markdown'; text: string; font: Font }
  | { kind: 'metric'; value: string; label: string; metricFont: Font; labelFont: Font }
  | { kind: 'image'; source: string | null; mode: ImageMode }
  | {
      kind: 'shape'
      shape: ShapeName
      fill: string | null
      border: string | null
      borderWidth: number
      maintainAspect: boolean
    }
  | {
      kind: 'progress'
      shape: ProgressShape
      /** Of the whole, 0 to 1. */
      share: number
      label: string | null
      valueColor: string | null
      barColor: string | null
      valueWeight: number
      barWeight: number
      font: Font
    }
  | { kind: 'table'; table: Datatable; font: Font; showHeader: boolean; perPage: number }
  | {
      kind: 'plot'
      series: PointSeries
      defaultStyle: SeriesStyle
      styles: SeriesStyle[]
      palette: Palette | null
      legend: string | false
      xaxis: AxisConfig
      yaxis: AxisConfig
      font: Font
    }
  | {
      kind: 'pie'
      series: PointSeries
      styles: SeriesStyle[]
      palette: Palette | null
      /** Percent of the radius. */
      hole: number
      labels: boolean
      legend: string | false
      font: Font
    }
  | { kind: 'saved'; saved: Saved }
  | { kind: 'nothing' }

/** Something of the library, or a chart that the workpad holds itself. */
export interface Saved {
  /** Null where the attributes are the element's own. */
  key: { type: string; id: string } | null
  own: { type: string; attributes: Record<string, unknown> } | null
  title: string | null
  range: { from: string; to: string } | null
}

export interface Render {
  type: 'render'
  drawing: Drawing
  container: ContainerStyle
}

export interface ImageValue {
  type: 'image'
  source: string | null
  mode: ImageMode
}

export type Value =
  | Cell
  | Datatable
  | FilterValue
  | Font
  | ContainerStyle
  | Palette
  | SeriesStyle
  | AxisConfig
  | PointSeries
  | Case
  | ImageValue
  | Render

export type Typed = Exclude<Value, Cell>

export const isTyped = (value: Value): value is Typed => typeof value === 'object' && value !== null

/** What a value is called in a sentence. */
export const typeOf = (value: Value): string =>
  value === null ? 'nothing' : isTyped(value) ? value.type : `a ${typeof value}`

export const columnAt = (table: Datatable, name: string): number =>
  table.columns.findIndex(c => c.name === name)

/** The type that all cells agree on. */
export function typeOfCells(cells: readonly Cell[]): ColumnType {
  const found = cells.find(c => c !== null)
  if (found === undefined) return 'null'
  return typeof found === 'number' ? 'number' : typeof found === 'boolean' ? 'boolean' : 'string'
}
