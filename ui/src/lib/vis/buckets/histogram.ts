// Buckets of numbers, all of one width.

import { texts } from '../../../texts/vis'
import { formatMeasure } from '../../numbers'
import { maxBars } from '../context'
import { VisError } from '../error'
import { rangeFilter } from '../filter'
import { asJson, asNumber, type Json } from '../json'
import { isXY, type VisAgg } from '../model'
import { type BucketKind, type BucketValue, listOf, nameOf, resolveField } from './bucket'

/** Empty buckets are put in between as long as they are not more than this. */
const MAX_FILLED = 1000
const AUTO_BARS = 50

export const isAutomatic = (agg: VisAgg): boolean =>
  agg.type === 'histogram' && (asNumber(agg.params.interval) ?? 0) <= 0

/** The narrowest round width with which a span has no more than so many buckets. */
export function niceStep(span: number, bars: number): number {
  const least = span / Math.max(1, bars)
  if (!(least > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 2.5, 5, 10].find(s => s * power >= least) ?? 10
  return Number((step * power).toPrecision(3))
}

export const histogram: BucketKind = {
  label: texts.histogram,
  field: 'number',
  level: (agg, { vis, context }) => {
    const { field, note } = resolveField(agg, context)
    const bounds = context.bounds?.[agg.id]
    if (isAutomatic(agg) && !bounds) throw new VisError(texts.theSpanOfAnAutomatic, agg.id)
    const step = isAutomatic(agg)
      ? niceStep((bounds?.max ?? 0) - (bounds?.min ?? 0), Math.min(AUTO_BARS, maxBars(context.width)))
      : (asNumber(agg.params.interval) ?? 1)
    const extended = agg.params.has_extended_bounds === true ? asJson(agg.params.extended_bounds) : null
    return {
      agg,
      name: nameOf(agg, field),
      format: { kind: 'number' },
      aggregation: {
        histogram: {
          field,
          interval: step,
          min_doc_count: 1,
          ...(extended && { extended_bounds: extended, min_doc_count: 0 }),
        },
      },
      needs: [],
      step,
      read: answer => {
        const buckets = listOf(answer)
        return (isXY(vis.type) ? filled(buckets, step) : buckets).map(b => value(field, step, b))
      },
      notes: note === null ? [] : [note],
    }
  },
}

function value(field: string, step: number, raw: Json): BucketValue {
  const key = asNumber(raw.key) ?? 0
  return { key, text: formatMeasure(key), filter: rangeFilter(field, { gte: key, lt: key + step }), raw }
}

function filled(buckets: Json[], step: number): Json[] {
  const keys = buckets.map(b => asNumber(b.key) ?? 0)
  const [first, last] = [keys[0], keys[keys.length - 1]]
  if (first === undefined || last === undefined || (last - first) / step > MAX_FILLED) return buckets
  const at = (key: number) => Math.round((key - first) / step)
  const found = new Map(buckets.map((b, i) => [at(keys[i] ?? 0), b]))
  return Array.from(
    { length: at(last) + 1 },
    (_, i) => found.get(i) ?? { key: Number((first + i * step).toPrecision(12)), doc_count: 0 },
  )
}
