// A bucket per range of numbers, dates or addresses.

import { texts } from '../../../texts/vis'
import { formatMeasure } from '../../numbers'
import { VisError } from '../error'
import { rangeFilter } from '../filter'
import { asJson, asList, asNumber, asText, type Json } from '../json'
import type { VisAgg } from '../model'
import {
  type BucketKind,
  type BucketValue,
  type Level,
  listOf,
  nameOf,
  resolveField,
  type Scope,
} from './bucket'

export const range: BucketKind = {
  label: texts.range,
  field: 'number',
  level: (agg, scope) => {
    const ranges = asList(agg.params.ranges).map(r => boundsOf(asJson(r), asNumber))
    return level(agg, scope, 'range', ranges, {}, (field, raw) => {
      const bounds = { ...numberAt(raw, 'from', 'gte'), ...numberAt(raw, 'to', 'lt') }
      const text = spanText(bounds.gte, bounds.lt, formatMeasure)
      return { key: bounds.gte ?? Number.NEGATIVE_INFINITY, text, filter: rangeFilter(field, bounds), raw }
    })
  },
}

export const dateRange: BucketKind = {
  label: texts.dateRange,
  field: 'date',
  level: (agg, scope) => {
    const ranges = asList(agg.params.ranges).map(r => boundsOf(asJson(r), v => asText(v) || null))
    const zone = { time_zone: scope.context.timeZone }
    return level(agg, scope, 'date_range', ranges, zone, (field, raw) => {
      const [from, to] = [asText(raw.from_as_string), asText(raw.to_as_string)]
      const bounds = { ...(from && { gte: from }), ...(to && { lt: to }) }
      return {
        key: asNumber(raw.from) ?? 0,
        text: spanText(from || undefined, to || undefined, String),
        filter: rangeFilter(field, bounds),
        raw,
      }
    })
  },
}

export const ipRange: BucketKind = {
  label: texts.ipRange,
  field: 'ip',
  level: (agg, scope) => {
    const { ranges, ipRangeType } = agg.params
    const masks = ipRangeType === 'mask'
    const asked = asList(masks ? asJson(ranges).mask : (asJson(ranges).fromTo ?? ranges))
    const read = (one: unknown): Json => {
      const { mask, from, to } = asJson(one)
      return masks ? { mask } : { ...(from ? { from } : {}), ...(to ? { to } : {}) }
    }
    return level(agg, scope, 'ip_range', asked.map(read), {}, (field, raw) => {
      const bounds = {
        ...(raw.from !== undefined && { gte: raw.from }),
        ...(raw.to !== undefined && { lt: raw.to }),
      }
      const text = asText(raw.key)
      return { key: text, text, filter: rangeFilter(field, bounds), raw }
    })
  },
}

function level(
  agg: VisAgg,
  scope: Scope,
  kind: string,
  ranges: Json[],
  options: Json,
  read: (field: string, raw: Json) => BucketValue,
): Level {
  const { field, note } = resolveField(agg, scope.context)
  if (ranges.length === 0) throw new VisError(texts.thereAreNoRanges, agg.id)
  return {
    agg,
    name: nameOf(agg, field),
    format: { kind: 'text' },
    aggregation: { [kind]: { field, ranges, ...options } },
    needs: [],
    step: null,
    read: answer => listOf(answer).map(raw => read(field, raw)),
    notes: note === null ? [] : [note],
  }
}

/** An open end is left out. */
function boundsOf(range: Json, read: (value: unknown) => unknown): Json {
  const [from, to] = [read(range.from), read(range.to)]
  return { ...(from !== null && { from }), ...(to !== null && { to }) }
}

function numberAt<Name extends string>(raw: Json, from: string, name: Name): { [key in Name]?: number } {
  const value = asNumber(raw[from])
  return value === null ? {} : ({ [name]: value } as { [key in Name]?: number })
}

function spanText<T>(from: T | undefined, to: T | undefined, format: (value: T) => string): string {
  if (from === undefined) return to === undefined ? texts.all : texts.below(format(to))
  return to === undefined ? texts.andAbove(format(from)) : texts.fromTo(format(from), format(to))
}
