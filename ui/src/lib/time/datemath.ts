// Elasticsearch date math, as far as a time range needs it: `now`, offsets and
// rounding (`now-15m`, `now-1d/d`), or an absolute ISO 8601 date. Offsets of
// months and years and all rounding follow the local calendar of the browser.

import type { EpochMillis } from './units'

type Rounding = 'down' | 'up'

const UNIT_NAMES = {
  s: 'Seconds',
  m: 'Minutes',
  h: 'Hours',
  H: 'Hours',
  d: 'Date',
  M: 'Month',
  y: 'FullYear',
} as const

/** The moment that a bound names, or null if it is not date math. `up` rounds to the last millisecond of the unit. */
export function resolveBound(text: string, now: EpochMillis, rounding: Rounding): EpochMillis | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('now')) return parseAbsolute(trimmed)
  const date = new Date(now)
  const steps = trimmed.slice(3)
  const pattern = /([+-])(\d{1,9})([smhHdwMy])|\/([smhHdwMy])/y
  let at = 0
  while (at < steps.length) {
    pattern.lastIndex = at
    const step = pattern.exec(steps)
    if (!step) return null
    at = pattern.lastIndex
    if (step[4]) round(date, step[4], rounding)
    else shift(date, (step[1] === '-' ? -1 : 1) * Number(step[2]), step[3] as string)
  }
  const result = date.getTime()
  return Number.isNaN(result) ? null : result
}

/** ISO 8601 with or without a zone; without one it is local time. A bare number is epoch milliseconds. */
function parseAbsolute(text: string): EpochMillis | null {
  if (/^\d{10,16}$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?$/.test(text))
    return null
  const full = /^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text
  const iso = full.replace(' ', 'T').replace(',', '.')
  const result = Date.parse(iso.includes('T') ? iso.replace(/\s+/g, '') : `${iso}T00:00`)
  return Number.isNaN(result) ? null : result
}

function shift(date: Date, amount: number, unit: string) {
  if (unit === 'w') {
    date.setDate(date.getDate() + 7 * amount)
  } else if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'H') {
    // Elapsed time, so that a change of the clocks does not lengthen it.
    const millis = unit === 's' ? 1000 : unit === 'm' ? 60_000 : 3_600_000
    date.setTime(date.getTime() + amount * millis)
  } else {
    const name = UNIT_NAMES[unit as 'd' | 'M' | 'y']
    date[`set${name}`](date[`get${name}`]() + amount)
  }
}

function round(date: Date, unit: string, rounding: Rounding) {
  if (unit === 'w') date.setDate(date.getDate() - ((date.getDay() + 6) % 7))
  const order = ['y', 'M', 'd', 'h', 'm', 's']
  const level = order.indexOf(unit === 'w' ? 'd' : unit === 'H' ? 'h' : unit)
  if (level < 1) date.setMonth(0)
  if (level < 2) date.setDate(1)
  if (level < 3) date.setHours(0)
  if (level < 4) date.setMinutes(0)
  if (level < 5) date.setSeconds(0)
  date.setMilliseconds(0)
  if (rounding === 'up') {
    shift(date, 1, unit)
    date.setTime(date.getTime() - 1)
  }
}
