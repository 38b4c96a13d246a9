// When: the times that questions name, as date math.

import { formatDate } from '../time/format'
import type { TimeRange } from '../time/range'
import { DAY, type EpochMillis } from '../time/units'
import { localParts } from '../time/zone'
import type { Word } from './words'

export interface Said<T> {
  /** How many words it takes. */
  length: number
  value: T
}

const UNITS: Record<string, string> = {
  second: 's',
  sec: 's',
  minute: 'm',
  min: 'm',
  hour: 'h',
  hr: 'h',
  day: 'd',
  week: 'w',
  month: 'M',
  year: 'y',
}

const NUMBERS: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  twenty: 20,
  thirty: 30,
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The letter of date math for a unit of time, such as `h` of `hours`. */
export const unitOf = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : (UNITS[word] ?? UNITS[word.replace(/s$/, '')])

export function numberOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  return /^\d{1,9}$/.test(word) ? Number(word) : NUMBERS[word]
}

/** A whole day, week, month or year, or the one before it. */
const whole = (unit: string, ago: number): TimeRange => {
  const bound = ago === 0 ? `now/${unit}` : `now-${ago}${unit}/${unit}`
  return { from: bound, to: bound }
}

/** The time that the words from `at` on name, such as `since yesterday` or `in the last 2 hours`. */
export function timeAt(words: readonly Word[], at: number, now: EpochMillis): Said<TimeRange> | null {
  const text = (i: number) => (words[at + i]?.quoted ? undefined : words[at + i]?.text)
  const first = text(0)
  if (first === 'since' || first === 'from' || first === 'after') {
    const start = pointAt(words, at + 1, now)
    if (start === null) return null
    const length = 1 + start.length
    if (['to', 'until', 'till'].includes(text(length) ?? '')) {
      const end = pointAt(words, at + length + 1, now)
      if (end) return { length: length + 1 + end.length, value: { from: start.value.from, to: end.value.to } }
    }
    return { length, value: { from: start.value.from, to: 'now' } }
  }
  if (first === 'between') {
    const start = pointAt(words, at + 1, now)
    const joint = start ? 1 + start.length : 0
    const end = start && text(joint) === 'and' ? pointAt(words, at + joint + 1, now) : null
    return start && end
      ? { length: joint + 1 + end.length, value: { from: start.value.from, to: end.value.to } }
      : null
  }
  if (['in', 'over', 'during', 'for', 'within', 'on'].includes(first ?? '')) {
    const inner = pointAt(words, at + 1, now)
    return inner && { length: 1 + inner.length, value: inner.value }
  }
  return pointAt(words, at, now)
}

/** A day, a time of today, or a span that ends now. */
function pointAt(words: readonly Word[], at: number, now: EpochMillis): Said<TimeRange> | null {
  const text = (i: number) => (words[at + i]?.quoted ? undefined : words[at + i]?.text)
  const said = (length: number, from: string, to = from): Said<TimeRange> => ({ length, value: { from, to } })
  const first = text(0) ?? ''
  if (first === 'the' || first === 'these') {
    // "the last week" is the time until now, "last week" the week before this one.
    return spanAt(words, at + 1, true, 2) ?? null
  }
  if (first === 'today') return { length: 1, value: whole('d', 0) }
  if (first === 'yesterday') return { length: 1, value: whole('d', 1) }
  if (first === 'day' && text(1) === 'before' && text(2) === 'yesterday') return said(3, 'now-2d/d')
  if (first === 'now') return said(1, 'now')
  if (first === 'midnight') return said(1, 'now/d', 'now')
  if (first === 'this') {
    if (text(1) === 'morning') return said(2, 'now/d', 'now/d+12h')
    const unit = unitOf(text(1))
    return unit && 'hdwMy'.includes(unit) ? { length: 2, value: whole(unit, 0) } : null
  }
  const span = spanAt(words, at, false, 1)
  if (span) return span
  const count = numberOf(first)
  const unit = unitOf(text(1))
  if (count !== undefined && unit !== undefined && text(2) === 'ago')
    return said(3, `now-${count}${unit}`, 'now')
  const weekday = WEEKDAYS.indexOf(first)
  if (weekday >= 0) {
    const ago = (localParts(now).getUTCDay() - weekday + 7) % 7
    return { length: 1, value: whole('d', ago) }
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(first)) return said(1, `${first}T00:00:00`, `${first}T23:59:59.999`)
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(first)
  if (clock) {
    // A time that is still to come today was yesterday's.
    const today = localParts(now)
    const later = Number(clock[1]) * 60 + Number(clock[2]) > today.getUTCHours() * 60 + today.getUTCMinutes()
    const day = formatDate(later ? now - DAY : now)
    return said(1, `${day}T${(clock[1] as string).padStart(2, '0')}:${clock[2]}:00`)
  }
  return null
}

/** `last 3 hours`, `past week`, `last hour`. `rolling` counts back from now even for weeks and longer. */
function spanAt(words: readonly Word[], at: number, rolling: boolean, min: number): Said<TimeRange> | null {
  const text = (i: number) => words[at + i]?.text
  const before = min - 1
  if (!['last', 'past', 'previous'].includes(text(0) ?? '')) return null
  const glued = /^(\d{1,6})(s|m|h|d|w)$/.exec(text(1) ?? '')
  if (glued) return { length: before + 2, value: { from: `now-${glued[1]}${glued[2]}`, to: 'now' } }
  const count = numberOf(text(1))
  if (count !== undefined) {
    const unit = unitOf(text(2))
    return unit ? { length: before + 3, value: { from: `now-${count}${unit}`, to: 'now' } } : null
  }
  const unit = unitOf(text(1))
  if (text(1) === 'night') return { length: before + 2, value: { from: 'now-1d/d+18h', to: 'now/d+6h' } }
  if (unit === undefined) return null
  const calendar = 'wMy'.includes(unit) && !rolling && text(0) !== 'past'
  return {
    length: before + 2,
    value: calendar ? whole(unit, 1) : { from: `now-1${unit}`, to: 'now' },
  }
}

/** The step of a chart: `per hour`, `hourly`, `by day`, `over time`. */
export function intervalAt(words: readonly Word[], at: number): Said<string> | null {
  const text = (i: number) => words[at + i]?.text
  const first = text(0) ?? ''
  const adverb = { hourly: '1h', daily: '1d', weekly: '1w', monthly: '1M' }[first]
  if (adverb) return { length: 1, value: adverb }
  if (first === 'over' && text(1) === 'time') return { length: 2, value: 'auto' }
  if (!['per', 'by', 'every', 'each'].includes(first)) return null
  if (first === 'by' && text(1) === 'time') return { length: 2, value: 'auto' }
  const count = numberOf(text(1))
  const unit = unitOf(text(count === undefined ? 1 : 2))
  if (unit === undefined) return null
  return { length: count === undefined ? 2 : 3, value: `${count ?? 1}${unit}` }
}
