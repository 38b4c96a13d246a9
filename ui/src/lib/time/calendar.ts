// Days of the calendar, without a clock and so without a zone.

import { MONTHS } from './months'

/** `2026-11-21`. Days compare as texts. */
export type Day = string

const two = (n: number) => String(n).padStart(2, '0')

const partsOf = (day: Day) => day.split('-').map(Number) as [number, number, number]

function dayAt(year: number, month: number, day: number): Day {
  // The constructor takes years below 100 for those of the last century.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return `${String(date.getUTCFullYear()).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
}

export function addDays(day: Day, count: number): Day {
  const [year, month, date] = partsOf(day)
  return dayAt(year, month, date + count)
}

/** The same day of another month, or its last where it has no such day. */
export function addMonths(day: Day, count: number): Day {
  const [year, month, date] = partsOf(day)
  const first = dayAt(year, month + count, 1)
  return addDays(first, Math.min(date, lengthOf(first)) - 1)
}

export const firstOfMonth = (day: Day): Day => `${day.slice(0, 7)}-01`

/** How many days the month of a day has. */
function lengthOf(day: Day): number {
  const [year, month] = partsOf(day)
  return partsOf(dayAt(year, month + 1, 0))[2]
}

/** 0 is Monday. */
export function weekday(day: Day): number {
  const [year, month, date] = partsOf(day)
  const at = new Date(0)
  at.setUTCFullYear(year, month - 1, date)
  return (at.getUTCDay() + 6) % 7
}

/** The days of the month that a day is in, by weeks from Monday on; null where a week is of another month. */
export function weeksOf(day: Day): (Day | null)[][] {
  const first = firstOfMonth(day)
  const days: (Day | null)[] = new Array<null>(weekday(first)).fill(null)
  for (let i = 0; i < lengthOf(first); i++) days.push(addDays(first, i))
  while (days.length % 7 !== 0) days.push(null)
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7))
}

/** "November 2026". */
export const monthName = (day: Day) => `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`

/** "21 November 2026". */
export const dayName = (day: Day) => `${Number(day.slice(8))} ${monthName(day)}`

/** The number of a month, 1 to 12, by its name or the beginning of it; null for any other word. */
export function monthNumber(word: string): number | null {
  const at =
    word.length < 3 ? -1 : MONTHS.findIndex(name => name.toLowerCase().startsWith(word.toLowerCase()))
  return at < 0 ? null : at + 1
}
