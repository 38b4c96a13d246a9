// How wide the bars of a histogram are.

import { DAY, HOUR, MINUTE, type Millis, SECOND } from './units'

const STEPS: readonly Millis[] = [
  1,
  5,
  10,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map(n => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map(n => n * MINUTE),
  ...[1, 2, 3, 6, 12].map(n => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 180, 365].map(n => n * DAY),
]

/** The narrowest round interval that needs at most `maxBars` bars for a range of this length. */
export function chooseInterval(length: Millis, maxBars: number): Millis {
  const least = Math.max(1, length / Math.max(1, maxBars))
  const step = STEPS.find(s => s >= least)
  return step ?? Math.ceil(least / (365 * DAY)) * 365 * DAY
}

/** As Elasticsearch's `fixed_interval`, in the largest unit that divides it. */
export function fixedInterval(interval: Millis): string {
  if (interval % DAY === 0) return `${interval / DAY}d`
  if (interval % HOUR === 0) return `${interval / HOUR}h`
  if (interval % MINUTE === 0) return `${interval / MINUTE}m`
  if (interval % SECOND === 0) return `${interval / SECOND}s`
  return `${interval}ms`
}
