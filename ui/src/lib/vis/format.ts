// Values as text: the same in tables, tooltips, axes and exports.

import { formatCount, formatMeasure, formatShort } from '../numbers'
import { formatDate, formatFull } from '../time/format'
import { formatPattern } from '../time/pattern'
import { DAY, type Millis } from '../time/units'
import type { Value } from './expr'
import { asJson, asNumber, asText, entryOf } from './json'

export type ValueFormat =
  | ({ kind: 'number' | 'percent' | 'bytes' | 'duration' | 'text' } & Written)
  /** `step` is the length of a bucket, which tells how much of a moment is interesting; a pattern is Moment's. */
  | { kind: 'date'; step: Millis; pattern?: string }

/** How a person has a number written. */
interface Written {
  /** Digits behind the point. */
  decimals?: number
  prefix?: string
  suffix?: string
  /** What it is multiplied by first: a duration that is measured in seconds has 1000. */
  factor?: number
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

export function formatValue(value: Value, format: ValueFormat): string {
  if (value === null) return '–'
  if (typeof value === 'string') return value
  if (format.kind === 'date')
    return format.pattern
      ? formatPattern(value, format.pattern)
      : format.step >= DAY
        ? formatDate(value)
        : formatFull(value).replace(/\.000$/, '')
  const { prefix = '', suffix = '', factor = 1 } = format
  return `${prefix}${plain(value * factor, format)}${suffix}`
}

function plain(value: number, { kind, decimals }: Exclude<ValueFormat, { kind: 'date' }>): string {
  switch (kind) {
    case 'percent':
      return decimals === undefined ? formatPercent(value * 100) : `${fixed(value * 100, decimals)} %`
    case 'bytes':
      return formatBytes(value)
    case 'duration':
      return formatMillis(value)
    case 'text':
      return String(value)
    case 'number':
      if (decimals !== undefined) return fixed(value, decimals)
      return Number.isInteger(value) ? formatCount(value) : formatMeasure(value)
  }
}

const fixed = (value: number, decimals: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })

/** For axes, where there is little room. */
export function formatAxis(value: number, format: ValueFormat): string {
  if (format.kind !== 'number') return formatValue(value, format)
  const { prefix = '', suffix = '', factor = 1 } = format
  const shown = value * factor
  return `${prefix}${shown < 0 ? '−' : ''}${formatShort(Math.abs(shown))}${suffix}`
}

/** Milliseconds of the units that Kibana names. */
const UNIT_MILLIS: Record<string, number> = {
  nanoseconds: 1e-6,
  ns: 1e-6,
  microseconds: 1e-3,
  us: 1e-3,
  milliseconds: 1,
  ms: 1,
  seconds: 1000,
  s: 1000,
  minutes: 60_000,
  m: 60_000,
  hours: 3_600_000,
  h: 3_600_000,
  days: 86_400_000,
  d: 86_400_000,
}

const MAX_DECIMALS = 10
const MAX_AFFIX = 40

/** A format as Kibana saves it: a name, or one with params. Null for what says nothing. */
export function readFormat(value: unknown): ValueFormat | null {
  const params = asJson(asJson(value).params)
  const id = typeof value === 'string' ? value : asText(asJson(value).id)
  const decimals = asNumber(params.decimals)
  const suffix = asText(params.suffix).slice(0, MAX_AFFIX)
  const prefix = asText(params.prefix).slice(0, MAX_AFFIX)
  const from = entryOf(UNIT_MILLIS, asText(params.inputFormat, asText(params.fromUnit)))
  const written: Written = {
    ...(decimals !== null && { decimals: Math.min(MAX_DECIMALS, Math.max(0, Math.round(decimals))) }),
    ...(prefix !== '' && { prefix }),
    ...(suffix !== '' && { suffix: /^[\p{L}\p{N}]/u.test(suffix) ? ` ${suffix}` : suffix }),
  }
  if (id === 'duration') return { kind: id, ...written, ...(from !== undefined && { factor: from }) }
  return id === 'percent' || id === 'bytes' || id === 'number' ? { kind: id, ...written } : null
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
