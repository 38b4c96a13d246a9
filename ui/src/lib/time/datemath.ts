// Elasticsearch date math, as far as a time range needs it: `now`, offsets and
// rounding (`now-15m`, `now-1d/d`), or an absolute ISO 8601 date. Offsets of
// days and more, and all rounding, follow the calendar of the chosen time zone.

import type { EpochMillis } from './units'
import { localParts, momentOf } from './zone'

type Rounding = 'down' | 'up'

const UNIT_NAMES = { d: 'UTCDate', M: 'UTCMonth', y: 'UTCFullYear' } as const
const ELAPSED: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, H: 3_600_000 }

/** The moment that a bound names, or null if it is not date math. `up` rounds to the last millisecond of the unit. */
export function resolveBound(text: string, now: EpochMillis, rounding: Rounding): EpochMillis | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('now')) return parseAbsolute(trimmed)
  let moment = now
  const steps = trimmed.slice(3)
  const pattern = /([+-])(\d{1,9})([smhHdwMy])|\/([smhHdwMy])/y
  let at = 0
  while (at < steps.length) {
    pattern.lastIndex = at
    const step = pattern.exec(steps)
    if (!step) return null
    at = pattern.lastIndex
    if (step[4]) moment = round(moment, step[4], rounding)
    else moment = shift(moment, (step[1] === '-' ? -1 : 1) * Number(step[2]), step[3] as string)
  }
  return Number.isNaN(moment) ? null : moment
}

/** ISO 8601 with or without a zone; without one it is in the chosen zone. A bare number is epoch milliseconds. */
function parseAbsolute(text: string): EpochMillis | null {
  if (/^\d{10,16}$/.test(text)) return Number(text)
  if (!/^\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?$/.test(text))
    return null
  const full = /^\d{4}-\d{2}$/.test(text) ? `${text}-01` : text
  const iso = full.replace(' ', 'T').replace(',', '.').replace(/\s+/g, '')
  const timed = iso.includes('T') ? iso : `${iso}T00:00`
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(timed.slice(10))
  const result = Date.parse(zoned ? timed : `${timed}Z`)
  if (Number.isNaN(result)) return null
  return zoned ? result : momentOf(new Date(result))
}

function shift(at: EpochMillis, amount: number, unit: string): EpochMillis {
  // Elapsed time, so that a change of the clocks does not lengthen it.
  const elapsed = ELAPSED[unit]
  if (elapsed !== undefined) return at + amount * elapsed
  const date = localParts(at)
  if (unit === 'w') {
    date.setUTCDate(date.getUTCDate() + 7 * amount)
  } else {
    const name = UNIT_NAMES[unit as 'd' | 'M' | 'y']
    date[`set${name}`](date[`get${name}`]() + amount)
  }
  return momentOf(date)
}

function round(at: EpochMillis, unit: string, rounding: Rounding): EpochMillis {
  const date = localParts(at)
  if (unit === 'w') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  const order = ['y', 'M', 'd', 'h', 'm', 's']
  const level = order.indexOf(unit === 'w' ? 'd' : unit === 'H' ? 'h' : unit)
  if (level < 1) date.setUTCMonth(0)
  if (level < 2) date.setUTCDate(1)
  if (level < 3) date.setUTCHours(0)
  if (level < 4) date.setUTCMinutes(0)
  if (level < 5) date.setUTCSeconds(0)
  date.setUTCMilliseconds(0)
  const start = momentOf(date)
  return rounding === 'up' ? shift(start, 1, unit) - 1 : start
}
