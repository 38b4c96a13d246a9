// A bound of a range as people write it: date math, ISO 8601, and plain forms such as "yesterday 14:30", "2 hours ago", "21 Nov".

import { addDays, type Day, monthNumber } from './calendar'
import { resolveBound } from './datemath'
import { formatDate } from './format'
import { DAY, type EpochMillis } from './units'

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/^s(?:ec(?:ond)?s?)?$/, 's'],
  [/^m(?:in(?:ute)?s?)?$/, 'm'],
  [/^h(?:(?:ou)?rs?)?$/, 'h'],
  [/^d(?:ays?)?$/, 'd'],
  [/^w(?:eeks?)?$/, 'w'],
  [/^mo(?:n(?:th)?s?)?$/, 'M'],
  [/^y(?:(?:ea)?rs?)?$/, 'y'],
]
const DAYS: Record<string, number> = { today: 0, yesterday: -1, tomorrow: 1 }

/**
 * The bound as a link holds it: date math, or a moment in UTC; null for what cannot be read. Dates without a zone are in
 * the chosen one, and a day without a clock is its beginning, as the end of a range (`up`) its end.
 */
export function readBound(text: string, now: EpochMillis, side: 'down' | 'up'): string | null {
  const trimmed = text.trim()
  if (trimmed.startsWith('now')) return resolveBound(trimmed, now, side) === null ? null : trimmed
  const plain = trimmed.toLowerCase().replace(/\s+/g, ' ').replace(/,/g, '')
  if (plain in DAYS) return shifted(DAYS[plain] as number)
  const ago = /^(?:last |past )?(\d{1,6}) ?([a-z]+)(?: ago)?$/.exec(plain)
  const unit = ago && UNITS.find(([name]) => name.test(ago[2] as string))?.[1]
  if (ago && unit) return `now-${ago[1]}${unit}`
  const moment = absolute(trimmed, plain, now, side)
  return moment === null ? null : new Date(moment).toISOString()
}

const shifted = (days: number) => (days === 0 ? 'now/d' : `now${days > 0 ? '+' : ''}${days}d/d`)

function absolute(text: string, plain: string, now: EpochMillis, side: 'down' | 'up'): EpochMillis | null {
  // Ten digits are seconds, as most programs print them.
  if (/^\d{10}$/.test(plain)) return Number(plain) * 1000
  const clock = /^(.*?)(?:^| )(\d{1,2}(?::\d{2})(?::\d{2}(?:\.\d{1,3})?)?) ?(am|pm)?$/.exec(plain)
  const day = dayOf(clock ? (clock[1] as string).replace(/ at$/, '').trim() : plain, now, clock !== null)
  if (day === null) return resolveBound(text, now, side)
  if (clock) return resolveBound(`${day} ${clockOf(clock[2] as string, clock[3])}`, now, side)
  if (side === 'down') return resolveBound(day, now, side)
  const next = resolveBound(addDays(day, 1), now, side)
  return next === null ? null : next - 1
}

/** An empty text is today, where a clock follows. */
function dayOf(text: string, now: EpochMillis, timed: boolean): Day | null {
  const today = formatDate(now)
  if (text === '') return timed ? today : null
  if (text in DAYS) return addDays(today, DAYS[text] as number)
  const numbers =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)?.slice(1) ??
    /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)?.slice(1).reverse()
  if (numbers) return written(Number(numbers[0]), Number(numbers[1]), Number(numbers[2]))
  const named =
    /^(?:(\d{1,2})(?:st|nd|rd|th)?\.? )?([a-z]+)\.?(?: (\d{1,2})(?:st|nd|rd|th)?)?(?: (\d{4}))?$/.exec(text)
  const month = named && monthNumber(named[2] as string)
  const date = Number(named?.[1] ?? named?.[3])
  if (!named || !month || Number.isNaN(date) || (named[1] !== undefined && named[3] !== undefined))
    return null
  if (named[4] !== undefined) return written(Number(named[4]), month, date)
  // Logs are of the past: without a year it is the last such day.
  const year = Number(today.slice(0, 4))
  const thisYear = written(year, month, date)
  if (thisYear !== null && thisYear <= formatDate(now + DAY)) return thisYear
  return written(year - 1, month, date)
}

/** Null for a day that its month does not have. */
function written(year: number, month: number, date: number): Day | null {
  const two = (n: number) => String(n).padStart(2, '0')
  const day = `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`
  return month < 1 || month > 12 || date < 1 || addDays(day, 0) !== day ? null : day
}

/** With two digits of hours. */
function clockOf(text: string, half: string | undefined): string {
  const [hours = '', ...rest] = text.split(':')
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0)
  return [String(hour).padStart(2, '0'), ...rest].join(':')
}

/** Date math with its rounding changed (null for none); other bounds as they are. */
export function roundedTo(bound: string, unit: string | null): string {
  if (!bound.startsWith('now')) return bound
  return bound.replace(/\/[smhHdwMy]$/, '') + (unit === null ? '' : `/${unit}`)
}

/** The unit that date math ends in; null for a bound without. */
export const roundingOf = (bound: string) => /^now.*\/([smhHdwMy])$/.exec(bound)?.[1] ?? null
