// What people call the kinds of charts: one name each, on every page.

import { texts } from '../../texts/vis'
import { asJson, asText, entryOf, parseObject } from './json'
import type { VisType } from './model'
import { readVis } from './read'

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

/** Kinds that are read and not made here, by their names in a visState. */
const OTHER_TYPES: Record<string, string> = {
  region_map: texts.regions,
  log_stream: texts.logStream,
  metrics: 'TSVB',
  vega: texts.vega,
  timelion: texts.timelion,
  input_control_vis: texts.controls,
}

export const typeLabel = (type: string): string =>
  CHART_TYPES.find(t => t.type === type)?.label ?? entryOf(OTHER_TYPES, type) ?? type.replaceAll('_', ' ')

/** The kind of an object of the library that a panel can show. */
export function kindLabel(type: string, attributes: Record<string, unknown>): string {
  if (type === 'search') return texts.savedSearch
  if (type === 'lens') return 'Lens'
  if (type === 'map') return texts.map
  if (type === 'links') return texts.links
  const read = readVis(attributes).type
  if (read !== 'unsupported') return typeLabel(read)
  return typeLabel(asText(asJson(parseObject(asText(attributes.visState))).type, texts.chart))
}

/** The key that chooses the type at a place, or null. */
export const keyOf = (at: number): string | null => (at < 9 ? String(at + 1) : at === 9 ? '0' : null)
