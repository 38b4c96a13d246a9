import type { VisType } from '../../lib/vis/model'

/** The forms a chart can take, in the order of the keys that choose them: 1 to 9, then 0. */
export const CHART_TYPES: readonly { type: VisType; label: string }[] = [
  { type: 'histogram', label: 'Bars' },
  { type: 'horizontal_bar', label: 'Flat bars' },
  { type: 'line', label: 'Line' },
  { type: 'area', label: 'Area' },
  { type: 'pie', label: 'Pie' },
  { type: 'metric', label: 'Number' },
  { type: 'gauge', label: 'Gauge' },
  { type: 'table', label: 'Table' },
  { type: 'heatmap', label: 'Heat map' },
  { type: 'tagcloud', label: 'Tags' },
  { type: 'goal', label: 'Goal' },
  { type: 'tile_map', label: 'Map' },
  { type: 'top_hits_table', label: 'Documents' },
  { type: 'markdown', label: 'Text' },
]

/** The key that chooses the type at a place, or null. */
export const keyOf = (at: number): string | null => (at < 9 ? String(at + 1) : at === 9 ? '0' : null)

export const typeLabel = (type: VisType): string => CHART_TYPES.find(t => t.type === type)?.label ?? type
