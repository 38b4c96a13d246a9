// The histogram's answer, turned into series that can be drawn.

import { type Bucket, decodeBuckets } from '../../api/schemas/search'
import type { Json } from '../../api/schemas/shape'
import { LEVELS, type Level, levelOf } from '../../lib/levels'
import type { EpochMillis, Millis } from '../../lib/time/units'
import { texts } from '../../texts/discover'

export interface Series {
  /** The value as the index holds it; null for what has none or is beyond the most frequent. */
  key: string | number | null
  label: string
  level: Level | null
  /** How many of the series before it spell the same level, such as `error` beside `ERROR`. */
  shade: number
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
const PLAIN = texts.eventsPlain

/**
 * The bars of `base`, stacked by the values that `stacks` count: answers with the same bars, each for a part of the
 * indices. Null stacks nothing.
 */
export function decodeTimeline(base: Json, interval: Millis, stacks: Json[] | null): Timeline {
  const { buckets } = decodeBuckets(base, 'timeline')
  const place = new Map(buckets.map((bar, at) => [Number(bar.key), at]))
  const left = buckets.map(bar => bar.count)
  const series = new Map<string | number, Series>()
  for (const bar of (stacks ?? []).flatMap(stack => decodeBuckets(stack, 'timeline').buckets)) {
    const at = place.get(Number(bar.key))
    if (at === undefined || bar.raw.by === undefined) continue
    for (const value of decodeBuckets(bar.raw, 'by').buckets) {
      const one = series.get(value.key) ?? newSeries(value, buckets.length)
      series.set(value.key, one)
      one.counts[at] = (one.counts[at] ?? 0) + value.count
      one.total += value.count
      left[at] = (left[at] ?? 0) - value.count
    }
  }
  const rest = restOf(left, stacks === null ? PLAIN : texts.other)
  const ordered = [...series.values()].sort(worstFirst)
  ordered.forEach((one, i) => {
    one.shade = one.level === null ? 0 : ordered.slice(0, i).filter(s => s.level === one.level).length
  })
  return {
    interval,
    starts: buckets.map(b => Number(b.key)),
    totals: buckets.map(b => b.count),
    series: rest.total > 0 || stacks === null ? [...ordered, rest] : ordered,
  }
}

/** What no value accounts for. A list of values counts once per value, so the parts can exceed the whole. */
function restOf(left: number[], label: string): Series {
  const counts = left.map(count => Math.max(0, count))
  return { key: null, label, level: null, shade: 0, total: counts.reduce((a, b) => a + b, 0), counts }
}

function newSeries(value: Bucket, bars: number): Series {
  return {
    key: value.key,
    label: value.keyText === '' ? texts.empty : value.keyText,
    level: levelOf(value.keyText),
    shade: 0,
    total: 0,
    counts: new Array<number>(bars).fill(0),
  }
}

function worstFirst(a: Series, b: Series): number {
  const rank = (s: Series) => (s.level === null ? -1 : LEVELS.indexOf(s.level))
  return rank(b) - rank(a) || b.total - a.total || a.label.localeCompare(b.label)
}

/** How much of its level's colour a further spelling has, in percent. */
const SHADES = [65, 45]

/** The token that colours a series. A stack that holds levels uses their colours, any other the palette. */
export function colourOf(series: Series, position: number): string {
  if (series.level !== null) {
    const colour = `var(--level-${series.level})`
    return series.shade === 0
      ? colour
      : `color-mix(in oklab, ${colour} ${SHADES[series.shade - 1] ?? 30}%, var(--ground))`
  }
  if (series.key === null) return series.label === PLAIN ? 'var(--series-plain)' : 'var(--level-none)'
  return `var(--series-${(position % 10) + 1})`
}
