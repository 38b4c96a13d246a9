// Moments as the patterns of Moment.js write them, in the time zone of the page: `YYYY-MM-DD HH:mm`, `D MMM 'YY`, `LLL`.

import { texts } from '../../texts/canvas'
import type { EpochMillis } from '../time/units'
import { localParts, momentOf, offsetAt } from '../time/zone'

const MONTHS = [
  texts.january,
  texts.february,
  texts.march,
  texts.april,
  texts.may,
  texts.june,
  texts.july,
  texts.august,
  texts.september,
  texts.october,
  texts.november,
  texts.december,
]
const DAYS = [
  texts.sunday,
  texts.monday,
  texts.tuesday,
  texts.wednesday,
  texts.thursday,
  texts.friday,
  texts.saturday,
]

const LONG: Record<string, string> = {
  LLLL: 'dddd, MMMM D, YYYY h:mm A',
  LLL: 'MMMM D, YYYY h:mm A',
  LL: 'MMMM D, YYYY',
  LTS: 'h:mm:ss A',
  LT: 'h:mm A',
  L: 'MM/DD/YYYY',
}

const TOKENS =
  /\[([^\]]*)\]|LLLL|LLL|LL|LTS|LT|L|YYYY|YY|Q|MMMM|MMM|MM|M|DDDD|DDD|Do|DD|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|SSS|A|a|ZZ|Z|x|X/g

const two = (n: number) => String(n).padStart(2, '0')

export function formatMoment(at: EpochMillis, pattern: string): string {
  if (!Number.isFinite(at)) return '–'
  const d = localParts(at)
  const hour = d.getUTCHours()
  const month = MONTHS[d.getUTCMonth()] ?? ''
  const weekday = DAYS[d.getUTCDay()] ?? ''
  const parts: Record<string, () => string> = {
    YYYY: () => String(d.getUTCFullYear()),
    YY: () => two(d.getUTCFullYear() % 100),
    Q: () => String(Math.floor(d.getUTCMonth() / 3) + 1),
    MMMM: () => month,
    MMM: () => month.slice(0, 3),
    MM: () => two(d.getUTCMonth() + 1),
    M: () => String(d.getUTCMonth() + 1),
    DDDD: () => String(dayOfYear(d)).padStart(3, '0'),
    DDD: () => String(dayOfYear(d)),
    Do: () => `${d.getUTCDate()}${suffix(d.getUTCDate())}`,
    DD: () => two(d.getUTCDate()),
    D: () => String(d.getUTCDate()),
    dddd: () => weekday,
    ddd: () => weekday.slice(0, 3),
    HH: () => two(hour),
    H: () => String(hour),
    hh: () => two(hour % 12 || 12),
    h: () => String(hour % 12 || 12),
    mm: () => two(d.getUTCMinutes()),
    m: () => String(d.getUTCMinutes()),
    ss: () => two(d.getUTCSeconds()),
    s: () => String(d.getUTCSeconds()),
    SSS: () => String(d.getUTCMilliseconds()).padStart(3, '0'),
    A: () => (hour < 12 ? 'AM' : 'PM'),
    a: () => (hour < 12 ? 'am' : 'pm'),
    ZZ: () => offset(at, ''),
    Z: () => offset(at, ':'),
    x: () => String(at),
    X: () => String(Math.floor(at / 1000)),
  }
  const long = pattern.replace(/\[[^\]]*\]|LLLL|LLL|LL|LTS|LT|L/g, token => LONG[token] ?? token)
  return long.replace(TOKENS, (token, literal?: string) => literal ?? parts[token]?.() ?? token)
}

const dayOfYear = (d: Date) => Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1

function suffix(day: number): string {
  if (day >= 11 && day <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th'
}

function offset(at: EpochMillis, between: string): string {
  const minutes = Math.round(offsetAt(at) / 60_000)
  const size = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${between}${two(size % 60)}`
}

const UNITS: readonly [RegExp, (d: Date) => number][] = [
  [/SSS|x/, d => d.getTime()],
  [/s|X/, d => d.setUTCMilliseconds(0)],
  [/m/, d => d.setUTCSeconds(0, 0)],
  [/H|h/, d => d.setUTCMinutes(0, 0, 0)],
  [/D|d|L/, d => d.setUTCHours(0, 0, 0, 0)],
  [/M|Q/, d => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1)],
  [/Y/, d => Date.UTC(d.getUTCFullYear(), 0, 1)],
]

/** The beginning of what the pattern can tell apart: `YYYY-MM` is the first of the month. */
export function roundMoment(at: EpochMillis, pattern: string): EpochMillis {
  const unit = UNITS.find(([named]) => named.test(pattern.replace(/\[[^\]]*\]/g, '')))
  return unit && Number.isFinite(at) ? momentOf(new Date(unit[1](localParts(at)))) : at
}
