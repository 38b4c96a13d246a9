import type { VisFilter } from '../../lib/vis/filter'

/** What a person pressed: a bar, a slice, a cell, with the filters that lead to the documents behind it. */
export interface Mark {
  title: string
  text: string
  filters: VisFilter[]
  /** Where it was pressed, in the window. */
  x: number
  y: number
}

/** The parts of a chart that a person can press say so to who shows the chart. */
export interface ChartEvents {
  /** A menu of one of its marks is open. */
  marked?: boolean
  onMark: (mark: Mark) => void
  /** A span of time was drawn over. */
  onZoom?: ((from: number, to: number) => void) | undefined
}
