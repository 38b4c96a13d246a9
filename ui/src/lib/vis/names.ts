// What people call the kinds of charts: one name each, on every page.

import { asJson, asText, entryOf, parseObject } from './json'
import type { VisType } from './model'
import { readVis } from './read'

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

/** Kinds that are read and not made here, by their names in a visState. */
const OTHER_TYPES: Record<string, string> = {
  region_map: 'Regions',
  log_stream: 'Log stream',
  metrics: 'TSVB',
  vega: 'Vega',
  timelion: 'Timelion',
  input_control_vis: 'Controls',
}

export const typeLabel = (type: string): string =>
  CHART_TYPES.find(t => t.type === type)?.label ?? entryOf(OTHER_TYPES, type) ?? type.replaceAll('_', ' ')

/** The kind of an object of the library that a panel can show. */
export function kindLabel(type: string, attributes: Record<string, unknown>): string {
  if (type === 'search') return 'Saved search'
  if (type === 'lens') return 'Lens'
  const read = readVis(attributes).type
  if (read !== 'unsupported') return typeLabel(read)
  return typeLabel(asText(asJson(parseObject(asText(attributes.visState))).type, 'Chart'))
}

/** The key that chooses the type at a place, or null. */
export const keyOf = (at: number): string | null => (at < 9 ? String(at + 1) : at === 9 ? '0' : null)
