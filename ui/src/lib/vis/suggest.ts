// A chart at once for the fields that a person picks.

import { texts } from '../../texts/vis'
import type { Field } from '../fields'
import { canAggregate } from '../fields'
import { LEVEL_FIELDS } from '../levels'
import { newVis, type Vis, type VisAgg, type VisType } from './model'

const agg = (id: string, type: string, schema: VisAgg['schema'], params: VisAgg['params'] = {}): VisAgg => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})

const COUNT = agg('1', 'count', 'metric')
const overTime = (id: string, field: string) =>
  agg(id, 'date_histogram', 'segment', { field, interval: 'auto', min_doc_count: 0 })
const termsOf = (id: string, field: string, schema: VisAgg['schema'], size: number) =>
  agg(id, 'terms', schema, { field, size, order: 'desc', orderBy: '1' })

const named = (type: VisType, title: string, aggs: VisAgg[], params: Vis['params'] = {}): Vis => ({
  ...newVis(type, aggs, params),
  title,
})

/** Names of numbers that are durations, sizes and amounts, of which the middle and the worst tell more than the mean. */
const SPREAD = /(latency|duration|time|took|elapsed|_ms|millis|bytes|size|length)/i
/** Names of numbers that stand for something and are not measured: an hour, a code. */
const CODES = /(^|[._])(hour|day|month|weekday|code|status|port|level|id|version)([._]|$)/i

/** A number that is measured, such as a duration, whose spread over time tells something. */
export const isMeasure = ({ kind, name }: Field): boolean =>
  kind === 'number' && !CODES.test(name) && SPREAD.test(name)

/** The charts that fit a field best first; never empty. */
export function suggestions(field: Field, timeField: string | null): Vis[] {
  if (!canAggregate(field) && field.kind !== 'geo') return [countOverTime(timeField)]
  const on = field.aggregateOn ?? field.name
  switch (field.kind) {
    case 'date':
      return [countOverTime(on)]
    case 'geo':
      return [
        named(
          'tile_map',
          texts.where(field.name),
          [COUNT, agg('2', 'geohash_grid', 'segment', { field: on, autoPrecision: true })],
          { mapZoom: 2, mapCenter: [0, 0] },
        ),
      ]
    case 'number':
      return CODES.test(field.name)
        ? valuesOf(field.name, on, timeField)
        : numberCharts(field.name, on, timeField)
    default:
      return valuesOf(field.name, on, timeField)
  }
}

function countOverTime(timeField: string | null): Vis {
  return timeField === null
    ? named('metric', texts.documents, [COUNT])
    : named('histogram', texts.documentsOverTime, [COUNT, overTime('2', timeField)])
}

function numberCharts(name: string, on: string, timeField: string | null): Vis[] {
  const spread = named('histogram', texts.distributionOf(name), [
    COUNT,
    agg('2', 'histogram', 'segment', { field: on, interval: 'auto' }),
  ])
  const percentiles = agg('1', 'percentiles', 'metric', { field: on, percents: [50, 95, 99] })
  const average = agg('1', 'avg', 'metric', { field: on })
  const value = named('metric', texts.averageField(name), [average])
  if (timeField === null) return [spread, value]
  const axis = overTime('2', timeField)
  const lines = named('line', texts.overTime(name), [SPREAD.test(name) ? percentiles : average, axis])
  return [
    lines,
    spread,
    named('area', texts.sumOfOverTime(name), [agg('1', 'sum', 'metric', { field: on }), axis]),
    value,
  ]
}

function valuesOf(name: string, on: string, timeField: string | null): Vis[] {
  const bars = named('horizontal_bar', texts.topValuesOf(name), [COUNT, termsOf('2', on, 'segment', 10)])
  const pie = named('pie', texts.sharesOf(name), [COUNT, termsOf('2', on, 'segment', 6)], { isDonut: true })
  const table = named('table', texts.valuesOf(name), [COUNT, termsOf('2', on, 'bucket', 20)], {
    perPage: 10,
    showTotal: true,
    totalFunc: 'sum',
  })
  if (timeField === null) return [bars, pie, table]
  const stacked = named('histogram', texts.overTime(name), [
    COUNT,
    termsOf('3', on, 'group', 8),
    overTime('2', timeField),
  ])
  return isLevel(name) ? [stacked, bars, pie, table] : [bars, stacked, pie, table]
}

const isLevel = (name: string) => LEVEL_FIELDS.includes(name.replace(/\.keyword$/, ''))

/**
 * The chart for picked fields: one alone, a number by a value, or a value over a date, in whatever order they were picked.
 */
export function suggest(fields: readonly Field[], timeField: string | null): Vis {
  const [first, second] = fields
  if (!first) return countOverTime(timeField)
  if (!second) return suggestions(first, timeField)[0] as Vis
  const number = fields.find(f => f.kind === 'number' && !CODES.test(f.name))
  const value = fields.find(f => f !== number && f.kind !== 'date' && canAggregate(f))
  const date = fields.find(f => f.kind === 'date')
  const axis = date?.aggregateOn ?? timeField
  if (number && value) {
    const average = agg('1', 'avg', 'metric', { field: number.aggregateOn ?? number.name })
    const by = value.aggregateOn ?? value.name
    if (axis === null)
      return named('horizontal_bar', texts.by(number.name, value.name), [
        average,
        termsOf('2', by, 'segment', 10),
      ])
    return named('line', texts.by(number.name, value.name), [
      average,
      termsOf('3', by, 'group', 5),
      overTime('2', axis),
    ])
  }
  if (date && value)
    return suggestions(value, date.name).find(v => v.aggs.some(a => a.type === 'date_histogram')) as Vis
  const values = fields.filter(f => f.kind !== 'date' && canAggregate(f))
  const [outer, inner] = values
  if (outer && inner)
    return named('heatmap', texts.and(outer.name, inner.name), [
      COUNT,
      termsOf('2', outer.aggregateOn ?? outer.name, 'segment', 12),
      termsOf('3', inner.aggregateOn ?? inner.name, 'group', 12),
    ])
  return suggestions(first, timeField)[0] as Vis
}
