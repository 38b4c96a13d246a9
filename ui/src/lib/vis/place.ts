// Fields that a person puts somewhere on a chart: as a value, on the axis, as a breakdown.

import { canAggregate, type Field } from '../fields'
import { BUCKETS } from './buckets/table'
import { addAgg, changeAgg, isScale, schemasOf } from './edit'
import { asText, entryOf } from './json'
import { METRICS } from './metrics'
import { isXY, type Schema, type Vis, type VisAgg } from './model'

const nameOn = (field: Field): string => field.aggregateOn ?? field.name

/** Whether an aggregation takes a field: `any`, `geo` or a kind of field. */
export function fits(field: Field, wanted: string): boolean {
  if (wanted === 'geo') return field.kind === 'geo'
  if (!canAggregate(field)) return false
  return wanted === 'any' || field.kind === wanted
}

/** Where one more bucket has a place, in the order of the settings. */
export function freeSchemas(vis: Vis): Schema[] {
  const several = (schema: Schema) =>
    schema === 'bucket' || (schema === 'group' && vis.type !== 'heatmap') || vis.type === 'pie'
  return schemasOf(vis.type).filter(s => several(s) || !vis.aggs.some(a => a.schema === s))
}

/** The buckets that suit a field best; without one, those of time. */
function bucketOf(field: Field | null, timeField: string | null): Pick<VisAgg, 'type' | 'params'> {
  if (field === null || field.kind === 'date') {
    const on = field ? nameOn(field) : (timeField ?? '')
    return { type: 'date_histogram', params: { field: on, interval: 'auto', min_doc_count: 0 } }
  }
  const on = nameOn(field)
  if (field.kind === 'geo') return { type: 'geohash_grid', params: { field: on, autoPrecision: true } }
  if (field.kind === 'number') return { type: 'histogram', params: { field: on, interval: 'auto' } }
  return { type: 'terms', params: { field: on, size: 5, order: 'desc', orderBy: '_count' } }
}

/** A number is averaged, of anything else the different values are counted. */
export function addMetric(vis: Vis, field: Field): Vis {
  return addAgg(vis, field.kind === 'number' ? 'avg' : 'cardinality', 'metric', { field: nameOn(field) })
}

/** A breakdown lies around the axis, so that each value has the same series all along it. */
export function addBucket(vis: Vis, field: Field | null, timeField: string | null, schema: Schema): Vis {
  const { type, params } = bucketOf(field, timeField)
  const added = addAgg(vis, type, schema, params)
  const agg = added.aggs.at(-1)
  if (schema !== 'group' || !agg) return added
  const first = added.aggs.findIndex(a => a.schema !== 'metric')
  return { ...added, aggs: added.aggs.slice(0, -1).toSpliced(first, 0, agg) }
}

/** Another field in the place of an aggregation's own; one that does not suit its kind brings its own kind. */
export function replaceField(vis: Vis, id: string, field: Field, timeField: string | null): Vis {
  const agg = vis.aggs.find(a => a.id === id)
  if (!agg) return vis
  const kinds: Readonly<Record<string, { field: string }>> = agg.schema === 'metric' ? METRICS : BUCKETS
  const wanted = entryOf(kinds, agg.type)?.field ?? 'none'
  // Of numbers and dates the spans tell more than the single values, unless those were asked for.
  const suits = wanted !== 'none' && fits(field, wanted) && !(wanted === 'any' && field.kind === 'date')
  if (suits) return changeAgg(vis, id, { params: { ...agg.params, field: nameOn(field) } })
  if (agg.schema !== 'metric') return changeAgg(vis, id, bucketOf(field, timeField))
  const type = field.kind === 'number' ? 'avg' : 'cardinality'
  return changeAgg(vis, id, { type, params: { ...labelOf(agg), field: nameOn(field) } })
}

const labelOf = ({ params }: VisAgg) =>
  asText(params.customLabel) === '' ? {} : { customLabel: params.customLabel }

/** Puts a field to a place that may be taken: then it takes the place of the field that is there. */
export function putField(vis: Vis, field: Field, timeField: string | null, schema: Schema): Vis {
  if (schema === 'metric') return addMetric(vis, field)
  if (freeSchemas(vis).includes(schema)) return addBucket(vis, field, timeField, schema)
  const there = vis.aggs.find(a => a.schema === schema)
  return there ? replaceField(vis, there.id, field, timeField) : vis
}

/** Puts a field where it tells most: a number is measured, a date is the axis, anything else breaks down. */
export function dropField(vis: Vis, field: Field, timeField: string | null): Vis {
  const schemas = schemasOf(vis.type)
  if (field.kind === 'number') return addMetric(vis, field)
  const axis = vis.aggs.find(a => a.schema === 'segment' && isScale(a))
  if (field.kind === 'date' && axis) return replaceField(vis, axis.id, field, timeField)
  const free = freeSchemas(vis)
  const wanted: Schema | undefined = isXY(vis.type) && field.kind !== 'date' ? 'group' : schemas[0]
  const schema = wanted && free.includes(wanted) ? wanted : (free[0] ?? wanted)
  return schema ? putField(vis, field, timeField, schema) : vis
}
