import type { VisType } from '../../lib/vis/model'
import { texts } from '../../texts/visualize'

/** The forms a chart can take, in the order of the keys that choose them: 1 to 9, then 0. */
export const CHART_TYPES: readonly { type: VisType; label: string }[] = [
  { type: 'histogram', label: texts.bars },
  { type: 'horizontal_bar', label: texts.flatBars },
  { type: 'line', label: texts.line },
  { type: 'area', label: texts.area },
  { type: 'pie', label: texts.pie },
  { type: 'metric', label: texts.number },
  { type: 'gauge', label: texts.gauge },
  { type: 'table', label: texts.table },
  { type: 'heatmap', label: texts.heatMap },
  { type: 'tagcloud', label: texts.tags },
  { type: 'goal', label: texts.goal },
  { type: 'tile_map', label: texts.map },
  { type: 'top_hits_table', label: texts.documents },
  { type: 'markdown', label: texts.text },
]

/** The key that chooses the type at a place, or null. */
export const keyOf = (at: number): string | null => (at < 9 ? String(at + 1) : at === 9 ? '0' : null)

export const typeLabel = (type: VisType): string => CHART_TYPES.find(t => t.type === type)?.label ?? type
