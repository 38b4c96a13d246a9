// Changes that a person makes to a visualization, each of which gives one that can be drawn.

import { texts } from '../../texts/vis'
import { enabledAggs, isDocuments, isXY, type Schema, type Vis, type VisAgg, type VisType } from './model'

export const nextId = (vis: Vis): string => {
  const used = new Set(vis.aggs.map(a => a.id))
  for (let n = 1; ; n++) if (!used.has(String(n))) return String(n)
}

export function addAgg(vis: Vis, type: string, schema: Schema, params: VisAgg['params'] = {}): Vis {
  return { ...vis, aggs: [...vis.aggs, { id: nextId(vis), enabled: true, type, schema, params }] }
}

export const changeAgg = (vis: Vis, id: string, patch: Partial<VisAgg>): Vis => ({
  ...vis,
  aggs: vis.aggs.map(a => (a.id === id ? { ...a, ...patch } : a)),
})

/** An option; undefined takes it away. */
export function setParam(vis: Vis, id: string, name: string, value: unknown): Vis {
  const agg = vis.aggs.find(a => a.id === id)
  if (!agg) return vis
  const { [name]: _, ...rest } = agg.params
  return changeAgg(vis, id, { params: value === undefined ? rest : { ...rest, [name]: value } })
}

export const removeAgg = (vis: Vis, id: string): Vis => ({ ...vis, aggs: vis.aggs.filter(a => a.id !== id) })

/** Earlier buckets lie around later ones, so their order has a meaning. */
export function moveAgg(vis: Vis, id: string, step: -1 | 1): Vis {
  const at = vis.aggs.findIndex(a => a.id === id)
  const metric = vis.aggs[at]?.schema === 'metric'
  const alike = (a: VisAgg | undefined) => a !== undefined && (a.schema === 'metric') === metric
  let to = at + step
  while (to >= 0 && to < vis.aggs.length && !alike(vis.aggs[to])) to += step
  const [moved, other] = [vis.aggs[at], vis.aggs[to]]
  if (!moved || !other) return vis
  return { ...vis, aggs: vis.aggs.with(at, other).with(to, moved) }
}

export function setVisParam(vis: Vis, name: string, value: unknown): Vis {
  const { [name]: _, ...rest } = vis.params
  return { ...vis, params: value === undefined ? rest : { ...rest, [name]: value } }
}

/** Where the buckets of a type can go, the usual place first. */
export function schemasOf(type: VisType): Schema[] {
  if (isXY(type)) return ['segment', 'group', 'split']
  switch (type) {
    case 'pie':
    case 'tagcloud':
    case 'tile_map':
      return ['segment']
    case 'heatmap':
      return ['segment', 'group']
    case 'metric':
    case 'gauge':
    case 'goal':
      return ['group']
    case 'table':
      return ['bucket', 'split']
    default:
      return []
  }
}

export const SCHEMA_LABELS: Record<Schema, string> = {
  metric: texts.value,
  segment: texts.axis,
  group: texts.breakDownBy,
  split: texts.smallChartsBy,
  bucket: texts.rowsBy,
  radius: texts.size,
}

export const schemaLabel = (type: VisType, schema: Schema): string => {
  if (schema !== 'segment') return SCHEMA_LABELS[schema]
  if (type === 'pie') return texts.slicesBy
  if (type === 'tagcloud') return texts.tagsBy
  return type === 'tile_map' ? texts.placesBy : SCHEMA_LABELS.segment
}

export const isScale = (agg: VisAgg) => agg.type === 'date_histogram' || agg.type === 'histogram'

/** The same numbers drawn otherwise: buckets go where the new type has a place for them. */
export function withType(vis: Vis, type: VisType): Vis {
  const schemas = schemasOf(type)
  const buckets = vis.aggs.filter(a => a.schema !== 'metric')
  const inner = isXY(type) || type === 'heatmap'
  const axis = inner
    ? (buckets.find(a => a.enabled && isScale(a)) ?? buckets.find(a => a.schema === 'segment') ?? buckets[0])
    : null
  const placed = (agg: VisAgg): VisAgg => {
    if (agg.schema === 'metric') return agg
    if (inner)
      return {
        ...agg,
        schema:
          agg === axis ? 'segment' : agg.schema === 'split' && schemas.includes('split') ? 'split' : 'group',
      }
    return {
      ...agg,
      schema: agg.schema === 'split' && schemas.includes('split') ? 'split' : (schemas[0] ?? 'segment'),
    }
  }
  const aggs = isDocuments(type) ? vis.aggs : vis.aggs.map(placed)
  return { ...vis, type, aggs, params: paramsOf(vis, type) }
}

/** What has a meaning for the new type too; the form of each series follows the type again. */
function paramsOf(vis: Vis, type: VisType): Vis['params'] {
  const { seriesParams: _, isDonut: __, ...rest } = vis.params
  if (type === 'pie') return { ...rest, isDonut: true }
  if (type === 'table') return { perPage: 10, showTotal: true, totalFunc: 'sum', ...rest }
  return rest
}

/** Whether a type can draw these buckets, so that what makes no sense is not offered. */
export function canBe(vis: Vis, type: VisType): boolean {
  const buckets = enabledAggs(vis, 'segment', 'group', 'split', 'bucket')
  const geo = buckets.some(a => a.type.startsWith('geo'))
  if (type === 'tile_map') return geo
  if (geo && type !== 'table') return false
  if (isXY(type)) return buckets.length > 0
  if (type === 'pie' || type === 'tagcloud') return buckets.length > 0
  return type !== 'heatmap' || buckets.length > 0
}
