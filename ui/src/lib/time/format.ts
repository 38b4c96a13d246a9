// Times as text, in the browser's zone, always in the order year, month, day.

import { DAY, type EpochMillis, HOUR, MINUTE, type Millis, SECOND } from './units'

const two = (n: number) => String(n).padStart(2, '0')
const three = (n: number) => String(n).padStart(3, '0')

export function formatDate(at: EpochMillis): string {
  const d = new Date(at)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
}

export function formatClock(at: EpochMillis): string {
  const d = new Date(at)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

export function formatClockMillis(at: EpochMillis): string {
  return `${formatClock(at)}.${three(new Date(at).getMilliseconds())}`
}

/** Date, time and milliseconds. */
export function formatFull(at: EpochMillis): string {
  return `${formatDate(at)} ${formatClockMillis(at)}`
}

/** A bound of a range: the parts that the length of the range makes interesting. */
export function formatMoment(at: EpochMillis, range: { from: EpochMillis; to: EpochMillis }): string {
  const length = range.to - range.from
  if (length >= 30 * DAY) return formatDate(at)
  const d = new Date(at)
  const clock =
    length < 10 * SECOND
      ? formatClockMillis(at)
      : length < HOUR
        ? formatClock(at)
        : `${two(d.getHours())}:${two(d.getMinutes())}`
  return `${formatDate(at)} ${clock}`
}

/** A tick of a time axis: the largest unit that changes at it. */
export function formatTick(at: EpochMillis, step: Millis): string {
  const d = new Date(at)
  const midnight =
    d.getHours() === 0 && d.getMinutes() === 0 && d.getSeconds() === 0 && d.getMilliseconds() === 0
  if (midnight || step >= DAY) {
    if (d.getMonth() === 0 && d.getDate() === 1) return String(d.getFullYear())
    return `${MONTHS[d.getMonth()]} ${d.getDate()}`
  }
  if (step < SECOND) return formatClockMillis(at)
  return step < MINUTE ? formatClock(at) : `${two(d.getHours())}:${two(d.getMinutes())}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

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
  if (length < 2 * SECOND) return 'just now'
  const rough = formatDuration(length < MINUTE ? Math.round(length / SECOND) * SECOND : length)
  return at > now ? `in ${rough}` : `${rough} ago`
}
