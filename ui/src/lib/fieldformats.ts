// How a data view wants the values of a field written: Kibana's `fieldFormatMap`, a text of JSON by field.

import { texts } from '../texts/lib'
import { formatMeasure } from './numbers'
import { valueText } from './source'

/** A format as it is kept: its kind and what that takes. */
export interface FieldFormat {
  id: string
  params: Record<string, unknown>
}

export type FieldFormats = ReadonlyMap<string, FieldFormat>

/** A value as it is shown. */
export interface Formatted {
  text: string
  /** Where it leads; only to a page or a mail. */
  href?: string
  colour?: { text: string; background: string }
}

/** The kinds that are obeyed, by Kibana's names; a field with any other is shown as it came. */
export const FORMAT_NAMES: Record<string, string> = {
  bytes: texts.bytes,
  number: texts.number,
  percent: texts.percent,
  duration: texts.duration,
  url: texts.link,
  color: texts.colour,
  string: texts.text,
  truncate: texts.shortenedText,
  static_lookup: texts.namesOfValues,
}

/** Reads the text of a data view. A damaged one has no formats. */
export function readFieldFormats(text: unknown): FieldFormats {
  if (typeof text !== 'string' || text === '') return new Map()
  try {
    const read: unknown = JSON.parse(text)
    return new Map(
      Object.entries(objectOf(read)).flatMap(([field, one]) => {
        const { id, params } = objectOf(one)
        return typeof id === 'string' ? [[field, { id, params: objectOf(params) }]] : []
      }),
    )
  } catch {
    return new Map()
  }
}

export const writeFieldFormats = (formats: FieldFormats) => JSON.stringify(Object.fromEntries(formats))

const objectOf = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}

/** A list is written value by value; what a format cannot take is written as it came. */
export function formatField(value: unknown, format: FieldFormat): Formatted {
  if (Array.isArray(value)) return { text: value.map(one => formatField(one, format).text).join(', ') }
  if (value === null || value === undefined || typeof value === 'object') return { text: valueText(value) }
  const { id, params } = format
  switch (id) {
    case 'bytes':
      return numeric(value, n => bytesText(n))
    case 'number':
      return numeric(value, n => patternText(n, textOr(params.pattern, '0,0.[000]')))
    case 'percent':
      return numeric(value, n => patternText(n, textOr(params.pattern, '0,0.[000]%')))
    case 'duration':
      return numeric(value, n => durationText(n, params))
    case 'url':
      return linkOf(value, params)
    case 'color':
      return colourOf(value, params)
    case 'string':
      return { text: transformed(String(value), textOr(params.transform, '')) }
    case 'truncate':
      return { text: truncated(String(value), Number(params.fieldLength)) }
    case 'static_lookup':
      return { text: lookedUp(String(value), params) }
    default:
      return { text: valueText(value) }
  }
}

const textOr = (value: unknown, otherwise: string) =>
  typeof value === 'string' && value !== '' ? value : otherwise

function numeric(value: unknown, write: (n: number) => string): Formatted {
  const n =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN
  return { text: Number.isFinite(n) ? write(n) : valueText(value) }
}

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB']

function bytesText(n: number): string {
  const power = n === 0 ? 0 : Math.max(0, Math.min(SIZES.length - 1, Math.floor(Math.log2(Math.abs(n)) / 10)))
  return `${formatMeasure(n / 1024 ** power)} ${SIZES[power]}`
}

/** The widely used part of numeral.js' patterns: groups, fixed and optional decimals, %, b and a. */
const PATTERN = /^\$?(0,)?0+(?:\.(0*)(?:\[(0+)\])?)?( ?)(%|b|a)?$/

/** A pattern that cannot be read writes the number plainly. */
function patternText(n: number, pattern: string): string {
  const [whole, grouped, fixed = '', optional = '', space = '', unit] = PATTERN.exec(pattern) ?? []
  if (whole === undefined) return formatMeasure(n)
  if (unit === 'b') return bytesText(n)
  const [value, suffix] = unit === '%' ? [n * 100, '%'] : unit === 'a' ? shortened(n) : [n, '']
  const text = value.toLocaleString('en', {
    useGrouping: grouped !== undefined,
    minimumFractionDigits: Math.min(20, fixed.length),
    maximumFractionDigits: Math.min(20, fixed.length + optional.length),
  })
  return `${whole.startsWith('$') ? '$' : ''}${text}${suffix === '' ? '' : space + suffix}`
}

function shortened(n: number): [number, string] {
  const size = Math.abs(n)
  if (size >= 1e12) return [n / 1e12, 't']
  if (size >= 1e9) return [n / 1e9, 'b']
  if (size >= 1e6) return [n / 1e6, 'm']
  return size >= 1e3 ? [n / 1e3, 'k'] : [n, '']
}

const SECONDS: Record<string, number> = {
  picoseconds: 1e-12,
  nanoseconds: 1e-9,
  microseconds: 1e-6,
  milliseconds: 1e-3,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
  months: 2_629_746,
  years: 31_556_952,
}
const UNITS: Record<string, (count: number) => string> = {
  nanoseconds: texts.nanoseconds,
  microseconds: texts.microseconds,
  milliseconds: texts.milliseconds,
  seconds: texts.seconds,
  minutes: texts.minutes,
  hours: texts.hours,
  days: texts.days,
  weeks: texts.weeks,
  months: texts.months,
  years: texts.years,
}
/** From the longest that is told on. */
const SPOKEN = [
  'years',
  'months',
  'weeks',
  'days',
  'hours',
  'minutes',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
]

function durationText(n: number, params: Record<string, unknown>): string {
  const seconds = n * (SECONDS[textOr(params.inputFormat, 'seconds')] ?? 1)
  const output = textOr(params.outputFormat, 'humanize')
  const named = /^as([A-Z][a-z]+)$/.exec(output)?.[1]?.toLowerCase()
  // Every humanized form is written with the largest unit that fits, exactly: "about a minute" tells too little of a log.
  const unit =
    named !== undefined && named in SECONDS
      ? named
      : (SPOKEN.find(name => Math.abs(seconds) >= (SECONDS[name] as number)) ?? 'seconds')
  const value = seconds / (SECONDS[unit] as number)
  const precision = Number(params.outputPrecision ?? 2)
  const digits = Number.isInteger(precision) && precision >= 0 && precision <= 20 ? precision : 2
  const text = value.toLocaleString('en', { maximumFractionDigits: digits })
  return `${text} ${UNITS[unit]?.(text === '1' ? 1 : 2) ?? unit}`
}

/** {{value}} is the value for an address, {{rawValue}} the value as it is. */
function linkOf(value: unknown, params: Record<string, unknown>): Formatted {
  const raw = String(value)
  const fill = (template: string, coded: string) =>
    template.replace(/\{\{\s*(value|rawValue)\s*\}\}/g, (_, name) => (name === 'value' ? coded : raw))
  const href = fill(textOr(params.urlTemplate, '{{rawValue}}'), encodeURIComponent(raw))
  const text = fill(textOr(params.labelTemplate, raw), raw)
  // Data must not be able to run anything.
  return /^(?:https?:\/\/|mailto:|\/(?!\/))/i.test(href) ? { text, href } : { text }
}

/** What a saved colour may be: a hexadecimal or an rgb() one. */
const COLOUR = /^#[0-9a-f]{3,8}$|^rgba?\([\d\s.,%/]+\)$/i

function colourOf(value: unknown, params: Record<string, unknown>): Formatted {
  const text = valueText(value)
  const rules = Array.isArray(params.colors) ? params.colors.map(objectOf) : []
  const rule = rules.find(one =>
    params.fieldType === 'string'
      ? matches(textOr(one.regex, ''), text)
      : within(textOr(one.range, ''), Number(value)),
  )
  const [front, ground] = [textOr(rule?.text, ''), textOr(rule?.background, '')]
  if (!COLOUR.test(front) || !COLOUR.test(ground)) return { text }
  return { text, colour: { text: front, background: ground } }
}

/** "10:20", either side of which may be -Infinity or Infinity. */
function within(range: string, n: number): boolean {
  const [low, high] = range.split(':').map(Number)
  return low !== undefined && high !== undefined && n >= low && n <= high
}

function matches(regex: string, text: string): boolean {
  // Long texts are not worth what a hostile expression could cost.
  if (text.length > 200) return false
  try {
    return new RegExp(regex).test(text)
  } catch {
    return false
  }
}

function transformed(text: string, transform: string): string {
  switch (transform) {
    case 'lower':
      return text.toLowerCase()
    case 'upper':
      return text.toUpperCase()
    case 'title':
      return text.replace(/\S+/g, word => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    case 'short':
      // org.example.Service is o.e.Service.
      return text.replace(/([^.])[^.]*\./g, '$1.')
    default:
      return text
  }
}

const truncated = (text: string, length: number) =>
  Number.isInteger(length) && length > 0 && text.length > length ? `${text.slice(0, length)}…` : text

function lookedUp(text: string, params: Record<string, unknown>): string {
  const entries = Array.isArray(params.lookupEntries) ? params.lookupEntries.map(objectOf) : []
  const found = entries.find(entry => String(entry.key) === text)
  return found ? String(found.value) : textOr(params.unknownKeyValue, text)
}
