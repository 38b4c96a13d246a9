// A time range as people choose it (two texts of date math) and as a search needs it (two moments).

import { texts } from '../../texts/times'
import { resolveBound } from './datemath'
import { formatDate, formatMoment } from './format'
import type { EpochMillis, Millis } from './units'

export interface TimeRange {
  from: string
  to: string
}

export interface ResolvedRange {
  from: EpochMillis
  to: EpochMillis
}

export const DEFAULT_RANGE: TimeRange = { from: 'now-15m', to: 'now' }

let standard = DEFAULT_RANGE

/** The time of a page whose link names none. */
export const defaultRange = (): TimeRange => standard

/** Null is the program's own. */
export function setDefaultRange(range: TimeRange | null) {
  standard = range ?? DEFAULT_RANGE
}

export const QUICK_RANGES: readonly (TimeRange & { label: string })[] = [
  { label: texts.last5Minutes, from: 'now-5m', to: 'now' },
  { label: texts.last15Minutes, from: 'now-15m', to: 'now' },
  { label: texts.last30Minutes, from: 'now-30m', to: 'now' },
  { label: texts.last1Hour, from: 'now-1h', to: 'now' },
  { label: texts.last6Hours, from: 'now-6h', to: 'now' },
  { label: texts.last24Hours, from: 'now-24h', to: 'now' },
  { label: texts.last7Days, from: 'now-7d', to: 'now' },
  { label: texts.last30Days, from: 'now-30d', to: 'now' },
  { label: texts.last90Days, from: 'now-90d', to: 'now' },
  { label: texts.last1Year, from: 'now-1y', to: 'now' },
  { label: texts.today, from: 'now/d', to: 'now/d' },
  { label: texts.yesterday, from: 'now-1d/d', to: 'now-1d/d' },
  { label: texts.thisWeek, from: 'now/w', to: 'now/w' },
  { label: texts.lastWeek, from: 'now-1w/w', to: 'now-1w/w' },
]

/** By the unit of date math. */
const LENGTHS: Record<string, (count: number) => string> = {
  s: texts.seconds,
  m: texts.minutes,
  h: texts.hours,
  d: texts.days,
  w: texts.weeks,
  M: texts.months,
  y: texts.years,
}

/** Null when a bound cannot be read or the range runs backwards. */
export function resolveRange(range: TimeRange, now: EpochMillis): ResolvedRange | null {
  const from = resolveBound(range.from, now, 'down')
  const to = resolveBound(range.to, now, 'up')
  return from === null || to === null || from > to ? null : { from, to }
}

/** Two moments as a range; ISO 8601 in UTC, so that a shared link means the same everywhere. */
export function absoluteRange(from: EpochMillis, to: EpochMillis): TimeRange {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

export function isRelative(range: TimeRange): boolean {
  return range.from.startsWith('now') || range.to.startsWith('now')
}

/** "Last 15 minutes", or the two moments as short as they can be. */
export function describeRange(range: TimeRange, now: EpochMillis): string {
  const quick = QUICK_RANGES.find(q => q.from === range.from && q.to === range.to)
  if (quick) return quick.label
  const relative = /^now-(\d+)([smhdwMy])$/.exec(range.from)
  if (relative && range.to === 'now')
    return texts.last(LENGTHS[relative[2] as string]?.(Number(relative[1])) ?? '')
  const resolved = resolveRange(range, now)
  if (!resolved) return texts.to(range.from, range.to)
  if (isRelative(range)) return `${range.from} → ${range.to}`
  const [from, to] = [formatMoment(resolved.from, resolved), formatMoment(resolved.to, resolved)]
  const day = `${formatDate(resolved.from)} `
  return `${from} → ${to.startsWith(day) ? to.slice(day.length) : to}`
}

/** Twice the range around the same middle. */
export function zoomOut(range: ResolvedRange): TimeRange {
  const half = Math.max(1, (range.to - range.from) / 2)
  return absoluteRange(Math.floor(range.from - half), Math.ceil(range.to + half))
}

/** A range in which the newest event stands near the right edge. */
export function rangeEndingAt(newest: EpochMillis, length: Millis): TimeRange {
  return absoluteRange(newest - length, newest + Math.max(1000, length / 60))
}
