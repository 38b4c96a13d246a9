// Times as text, in the zone that was chosen, always in the order year, month, day.

import { texts } from '../../texts/times'
import { DAY, type EpochMillis, HOUR, MINUTE, type Millis, SECOND } from './units'
import { localParts } from './zone'

const two = (n: number) => String(n).padStart(2, '0')
const three = (n: number) => String(n).padStart(3, '0')

export function formatDate(at: EpochMillis): string {
  const d = localParts(at)
  return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`
}

export function formatClock(at: EpochMillis): string {
  const d = localParts(at)
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`
}

export function formatClockMillis(at: EpochMillis): string {
  return `${formatClock(at)}.${three(localParts(at).getUTCMilliseconds())}`
}

/** Date, time and milliseconds. */
export function formatFull(at: EpochMillis): string {
  return `${formatDate(at)} ${formatClockMillis(at)}`
}

/** ISO 8601 with its zone, as an event holds it; without one nobody knows the moment. */
const ZONED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** A moment written with its zone, in the chosen zone; null where that reads the same, or for anything else. */
export function inChosenZone(text: string): string | null {
  const at = ZONED.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) return null
  const here = formatFull(at)
  return here.slice(0, 16) === text.slice(0, 16).replace('T', ' ') ? null : here
}

/** A bound of a range: the parts that the length of the range makes interesting. */
export function formatMoment(at: EpochMillis, range: { from: EpochMillis; to: EpochMillis }): string {
  const length = range.to - range.from
  if (length >= 30 * DAY) return formatDate(at)
  const d = localParts(at)
  const clock =
    length < 10 * SECOND
      ? formatClockMillis(at)
      : length < HOUR
        ? formatClock(at)
        : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
  return `${formatDate(at)} ${clock}`
}

/** A tick of a time axis: the largest unit that changes at it. */
export function formatTick(at: EpochMillis, step: Millis): string {
  const d = localParts(at)
  const midnight =
    d.getUTCHours() === 0 &&
    d.getUTCMinutes() === 0 &&
    d.getUTCSeconds() === 0 &&
    d.getUTCMilliseconds() === 0
  if (midnight || step >= DAY) {
    if (d.getUTCMonth() === 0 && d.getUTCDate() === 1) return String(d.getUTCFullYear())
    return `${MONTHS[d.getUTCMonth()]} ${d.getUTCDate()}`
  }
  if (step < SECOND) return formatClockMillis(at)
  return step < MINUTE ? formatClock(at) : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`
}

const MONTHS = [
  texts.jan,
  texts.feb,
  texts.mar,
  texts.apr,
  texts.may,
  texts.jun,
  texts.jul,
  texts.aug,
  texts.sep,
  texts.oct,
  texts.nov,
  texts.dec,
]

/** "250 ms", "1.5 s", "15 min", "3 h", "12 d". */
export function formatDuration(length: Millis): string {
  const [value, unit] =
    length < SECOND
      ? [length, 'ms']
      : length < MINUTE
        ? [length / SECOND, 's']
        : length < HOUR
          ? [length / MINUTE, 'min']
          : length < DAY
            ? [length / HOUR, 'h']
            : [length / DAY, 'd']
  return `${value < 10 && value % 1 !== 0 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

/** "12 s ago", "3 h ago"; a future moment is "in 3 h". */
export function formatAgo(at: EpochMillis, now: EpochMillis): string {
  const length = Math.abs(now - at)
  if (length < 2 * SECOND) return texts.justNow
  const rough = formatDuration(length < MINUTE ? Math.round(length / SECOND) * SECOND : length)
  return at > now ? texts.in(rough) : texts.ago(rough)
}
