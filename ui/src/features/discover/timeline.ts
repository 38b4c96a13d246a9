// The histogram's answer, turned into series that can be drawn.

import { type Bucket, decodeBuckets } from '../../api/schemas/search'
import type { Json } from '../../api/schemas/shape'
import { LEVELS, type Level, levelOf } from '../../lib/levels'
import type { EpochMillis, Millis } from '../../lib/time/units'

export interface Series {
  /** The value as the index holds it; null for what has none or is beyond the most frequent. */
  key: string | number | null
  label: string
  level: Level | null
  total: number
  /** One count per bar. */
  counts: number[]
}

export interface Timeline {
  interval: Millis
  starts: EpochMillis[]
  totals: number[]
  /** From the bottom of a bar upwards: the worst level first, else the most frequent value first. */
  series: Series[]
}

/** The label of the only series when nothing is stacked. */
const PLAIN = 'events'

export function decodeTimeline(aggregations: Json, interval: Millis, stacked: boolean): Timeline {
  const { buckets } = decodeBuckets(aggregations, 'timeline')
  const series = new Map<string | number, Series>()
  const rest: Series = {
    key: null,
    label: stacked ? 'other' : PLAIN,
    level: null,
    total: 0,
    counts: buckets.map(() => 0),
  }
  buckets.forEach((bar, at) => {
    let left = bar.count
    for (const value of stackOf(bar, stacked)) {
      const one = series.get(value.key) ?? newSeries(value, buckets.length)
      series.set(value.key, one)
      one.counts[at] = value.count
      one.total += value.count
      left -= value.count
    }
    // A list of values counts once per value, so the parts can exceed the whole.
    rest.counts[at] = Math.max(0, left)
    rest.total += Math.max(0, left)
  })
  const ordered = [...series.values()].sort(worstFirst)
  return {
    interval,
    starts: buckets.map(b => Number(b.key)),
    totals: buckets.map(b => b.count),
    series: rest.total > 0 || !stacked ? [...ordered, rest] : ordered,
  }
}

function stackOf(bar: Bucket, stacked: boolean): Bucket[] {
  return stacked && bar.raw.by !== undefined ? decodeBuckets(bar.raw, 'by').buckets : []
}

function newSeries(value: Bucket, bars: number): Series {
  return {
    key: value.key,
    label: value.keyText,
    level: levelOf(value.keyText),
    total: 0,
    counts: new Array<number>(bars).fill(0),
  }
}

function worstFirst(a: Series, b: Series): number {
  const rank = (s: Series) => (s.level === null ? -1 : LEVELS.indexOf(s.level))
  return rank(b) - rank(a) || b.total - a.total || a.label.localeCompare(b.label)
}

/** The token that colours a series. A stack that holds levels uses their colours, any other the palette. */
export function colourOf(series: Series, position: number): string {
  if (series.level !== null) return `var(--level-${series.level})`
  if (series.key === null) return series.label === PLAIN ? 'var(--series-plain)' : 'var(--level-none)'
  return `var(--series-${(position % 10) + 1})`
}
