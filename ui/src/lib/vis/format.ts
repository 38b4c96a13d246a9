// Values as text: the same in tables, tooltips, axes and exports.

import { formatCount, formatMeasure, formatShort } from '../numbers'
import { formatDate, formatFull } from '../time/format'
import { DAY, type Millis } from '../time/units'
import type { Value } from './expr'

export type ValueFormat =
  | { kind: 'number' | 'percent' | 'bytes' | 'duration' | 'text' }
  /** `step` is the length of a bucket, which tells how much of a moment is interesting. */
  | { kind: 'date'; step: Millis }

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

export function formatValue(value: Value, format: ValueFormat): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  switch (format.kind) {
    case 'percent':
      return formatPercent(value * 100)
    case 'bytes':
      return formatBytes(value)
    case 'duration':
      return formatMillis(value)
    case 'date':
      return format.step >= DAY ? formatDate(value) : formatFull(value).replace(/\.000$/, '')
    case 'text':
      return String(value)
    case 'number':
      return Number.isInteger(value) ? formatCount(value) : formatMeasure(value)
  }
}

/** For axes, where there is little room. */
export function formatAxis(value: number, format: ValueFormat): string {
  return format.kind === 'number'
    ? (value < 0 ? '−' : '') + formatShort(Math.abs(value))
    : formatValue(value, format)
}

/** Three digits; near the whole as many as keep it from looking whole. */
function formatPercent(percent: number): string {
  const digits = Math.abs(percent) > 99 && Math.abs(percent) < 100 ? 4 : Math.abs(percent) < 100 ? 3 : 6
  return `${Number(percent.toPrecision(digits))} %`
}

function formatBytes(bytes: number): string {
  const power =
    bytes === 0 ? 0 : Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(bytes)) / 10)))
  return `${formatMeasure(bytes / 1024 ** power)} ${UNITS[power]}`
}

/** Milliseconds with a fraction, unlike the lengths of intervals. */
function formatMillis(millis: Millis): string {
  if (Math.abs(millis) < 1000) return `${formatMeasure(millis)} ms`
  const seconds = millis / 1000
  if (Math.abs(seconds) < 120) return `${formatMeasure(seconds)} s`
  return Math.abs(seconds) < 7200
    ? `${formatMeasure(seconds / 60)} min`
    : `${formatMeasure(seconds / 3600)} h`
}
