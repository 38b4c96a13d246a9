// The time zone that times are shown and read in. One for the whole page, chosen by the person.

import { DAY, type EpochMillis, MINUTE, type Millis } from './units'

/** `browser`, `UTC`, or a name of the IANA database such as `Europe/Oslo`. */
export type Zone = string

export const BROWSER = 'browser'

/** Clocks change at whole quarters of an hour, so an offset holds for one. */
const STEP = 15 * MINUTE
/** A table of rows needs few; a scroll through years must not keep them all. */
const KEPT = 4096

let zone: Zone = BROWSER
let offsets = new Map<number, Millis>()
let formatter: Intl.DateTimeFormat | null = null

/** Sets the zone for everything that is formatted or read from now on. A name that the browser does not know changes nothing. */
export function setTimeZone(next: Zone): boolean {
  try {
    formatter = next === BROWSER || next === 'UTC' ? null : formatterOf(next)
  } catch {
    return false
  }
  zone = next
  offsets = new Map()
  return true
}

function formatterOf(name: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
}

/** How far the zone's clocks are ahead of UTC at a moment. */
export function offsetAt(at: EpochMillis): Millis {
  if (zone === 'UTC' || !Number.isFinite(at)) return 0
  if (formatter === null) return -new Date(at).getTimezoneOffset() * MINUTE
  const step = Math.floor(at / STEP)
  const known = offsets.get(step)
  if (known !== undefined) return known
  if (offsets.size >= KEPT) offsets = new Map()
  const offset = wallClock(formatter, step * STEP) - step * STEP
  offsets.set(step, offset)
  return offset
}

/** What the zone's clocks show, as if it were UTC. */
function wallClock(format: Intl.DateTimeFormat, at: EpochMillis): EpochMillis {
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** A date whose UTC parts are what the zone's clocks show at a moment. */
export const localParts = (at: EpochMillis): Date => new Date(at + offsetAt(at))

/** The moment at which the zone's clocks show these parts: the earlier one where they show them twice, the later clock where never. */
export function momentOf(local: Date): EpochMillis {
  const wall = local.getTime()
  const before = offsetAt(wall - DAY)
  const found = [before, offsetAt(wall + DAY)].map(o => wall - o).filter(t => t + offsetAt(t) === wall)
  return found.length === 0 ? wall - before : Math.min(...found)
}

/** The zone by name, as the server knows it too. */
export function zoneName(of: Zone = zone): string {
  return of === BROWSER ? Intl.DateTimeFormat().resolvedOptions().timeZone : of
}

/** "UTC", "UTC+2", "UTC−3:30": how the clocks stand at a moment. */
export function offsetText(at: EpochMillis): string {
  const minutes = Math.round(offsetAt(at) / MINUTE)
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`
}
