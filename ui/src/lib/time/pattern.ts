// Moment's patterns, as Kibana keeps them for dates, in the chosen time zone.

import { texts } from '../../texts/times'
import { MONTHS } from './months'
import { type EpochMillis, MINUTE } from './units'
import { localParts, offsetAt } from './zone'

const DAYS = [
  texts.sunday,
  texts.monday,
  texts.tuesday,
  texts.wednesday,
  texts.thursday,
  texts.friday,
  texts.saturday,
]

/** What is written in brackets stays as it is. */
const TOKEN =
  /\[([^\]]*)\]|Y{4}|YY|M{1,4}|Do|D{1,4}|Q|d{3,4}|E|H{1,2}|h{1,2}|m{1,2}|s{1,2}|S{1,3}|A|a|Z{1,2}|x|X|LTS|LT|L{1,4}/g

/** The long names of Moment's locale formats, in English. */
const LOCAL: Record<string, string> = {
  LTS: 'h:mm:ss A',
  LT: 'h:mm A',
  L: 'MM/DD/YYYY',
  LL: 'MMMM D, YYYY',
  LLL: 'MMMM D, YYYY h:mm A',
  LLLL: 'dddd, MMMM D, YYYY h:mm A',
}

/** A moment by a pattern such as `YYYY-MM-DD HH:mm:ss.SSS`. Letters without a meaning stay as they are. */
export function formatPattern(at: EpochMillis, pattern: string): string {
  if (!Number.isFinite(at)) return '–'
  const date = localParts(at)
  return pattern.replace(TOKEN, (token, literal?: string) => {
    if (literal !== undefined) return literal
    const long = LOCAL[token]
    return long === undefined ? partOf(date, at, token) : formatPattern(at, long)
  })
}

function partOf(date: Date, at: EpochMillis, token: string): string {
  const padded = (n: number) => String(n).padStart(token.length, '0')
  const hours = date.getUTCHours()
  switch (token) {
    case 'YYYY':
      return String(date.getUTCFullYear()).padStart(4, '0')
    case 'YY':
      return padded(date.getUTCFullYear() % 100)
    case 'M':
    case 'MM':
      return padded(date.getUTCMonth() + 1)
    case 'MMM':
      return (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3)
    case 'MMMM':
      return MONTHS[date.getUTCMonth()] ?? ''
    case 'Q':
      return String(Math.floor(date.getUTCMonth() / 3) + 1)
    case 'DDD':
    case 'DDDD':
      return String(dayOfYear(date)).padStart(token === 'DDD' ? 1 : 3, '0')
    case 'Do':
      return ordinal(date.getUTCDate())
    case 'D':
    case 'DD':
      return padded(date.getUTCDate())
    case 'ddd':
      return (DAYS[date.getUTCDay()] ?? '').slice(0, 3)
    case 'dddd':
      return DAYS[date.getUTCDay()] ?? ''
    case 'E':
      return String(((date.getUTCDay() + 6) % 7) + 1)
    case 'H':
    case 'HH':
      return padded(hours)
    case 'h':
    case 'hh':
      return padded(hours % 12 === 0 ? 12 : hours % 12)
    case 'm':
    case 'mm':
      return padded(date.getUTCMinutes())
    case 's':
    case 'ss':
      return padded(date.getUTCSeconds())
    case 'A':
      return hours < 12 ? 'AM' : 'PM'
    case 'a':
      return hours < 12 ? 'am' : 'pm'
    case 'x':
      return String(at)
    case 'X':
      return String(Math.floor(at / 1000))
    case 'Z':
      return offset(at, ':')
    case 'ZZ':
      return offset(at, '')
    default:
      // S, SS, SSS: tenths, hundredths, thousandths.
      return String(date.getUTCMilliseconds()).padStart(3, '0').slice(0, token.length)
  }
}

function ordinal(n: number): string {
  const tens = n % 100
  const suffix = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${suffix}`
}

const dayOfYear = (date: Date) =>
  Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1

/** `+01:00`, or `+0100` with nothing between. */
function offset(at: EpochMillis, between: string): string {
  const minutes = Math.round(offsetAt(at) / MINUTE)
  const size = Math.abs(minutes)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${between}${two(size % 60)}`
}
