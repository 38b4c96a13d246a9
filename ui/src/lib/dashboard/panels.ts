// Panels that are added to a dashboard, and charts that are put into them.

import type { Vis } from '../vis/model'
import { writeVis } from '../vis/read'
import { freePlace } from './grid'
import { type Dashboard, freshId, type Panel, type PanelSource } from './model'

/** In cells of the grid: width and height. */
type Size = [number, number]

const USUAL: Size = [24, 14]
const SIZES: Partial<Record<Vis['type'], Size>> = {
  metric: [12, 8],
  gauge: [12, 12],
  goal: [12, 12],
  pie: [16, 14],
  markdown: [16, 8],
  tile_map: [24, 16],
  top_hits_table: [48, 16],
}

export const sizeOf = (vis: Vis): Size => SIZES[vis.type] ?? USUAL

/** A chart that belongs to one dashboard only. */
export const ownSource = (vis: Vis): PanelSource => ({
  kind: 'own',
  type: 'visualization',
  ...writeVis(vis),
})

/** Adds a panel at the first place that is free, and tells its id. */
export function addPanel(
  dashboard: Dashboard,
  source: PanelSource,
  [w, h]: Size,
): { dashboard: Dashboard; id: string } {
  const id = freshId(dashboard)
  const place = freePlace(dashboard.panels, w, h)
  const panel: Panel = { id, place, source, title: null, hideTitle: false, range: null, config: {} }
  return { dashboard: { ...dashboard, panels: [...dashboard.panels, panel] }, id }
}

export const addChart = (dashboard: Dashboard, vis: Vis): Dashboard =>
  addPanel(dashboard, ownSource(vis), sizeOf(vis)).dashboard

export const changePanel = (dashboard: Dashboard, id: string, patch: Partial<Panel>): Dashboard => ({
  ...dashboard,
  panels: dashboard.panels.map(p => (p.id === id ? { ...p, ...patch } : p)),
})
