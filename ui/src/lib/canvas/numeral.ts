// Numbers as the patterns of Numeral.js write them: `0,0`, `0.00`, `0.0a`, `0%`, `$0,0.00`, `0.0b`, `00:00:00`.

interface Parts {
  before: string
  after: string
  digits: { least: number; most: number }
  grouped: boolean
  leading: number
  unit: 'none' | 'short' | 'percent' | 'bytes' | 'binary' | 'ordinal'
  gap: string
  sign: 'minus' | 'plus' | 'parentheses'
}

const MAX_DIGITS = 12
const SHORT = [
  [1e12, 't'],
  [1e9, 'b'],
  [1e6, 'm'],
  [1e3, 'k'],
] as const
const BYTES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB']
const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

export function formatNumeral(value: number, pattern: string): string {
  if (!Number.isFinite(value)) return '–'
  if (/^0{1,2}:00(:00)?$/.test(pattern.trim())) return clock(value)
  const parts = partsOf(pattern)
  return parts === null ? String(value) : write(value, parts)
}

/** Null where it is no pattern of a number. */
function partsOf(pattern: string): Parts | null {
  const m = /^([^0#[(+%]*)([+(]?)((?:0[0,]*)|(?:#,##0)|0)(\.(?:0*)(?:\[0+\])?|\[\.\]0+)?(.*)$/.exec(pattern)
  if (!m) return null
  const [, before = '', signed = '', whole = '', decimals = '', rest = ''] = m
  const optional = /\[(0+)\]/.exec(decimals)?.[1]?.length ?? 0
  const always = decimals.startsWith('[.]') ? 0 : (/^\.(0*)/.exec(decimals)?.[1]?.length ?? 0)
  const most = decimals.startsWith('[.]') ? decimals.length - 3 : always + optional
  const [unit, gap, after] = unitOf(rest.replace(/^\)/, '').replace(/\)$/, ''))
  return {
    before,
    after,
    digits: { least: Math.min(always, MAX_DIGITS), most: Math.min(most, MAX_DIGITS) },
    grouped: whole.includes(','),
    leading: /^0+$/.test(whole) ? whole.length : 1,
    unit,
    gap,
    sign: signed === '+' ? 'plus' : signed === '(' ? 'parentheses' : 'minus',
  }
}

function unitOf(rest: string): [Parts['unit'], string, string] {
  const m = /^(\s*)(a|%|ib|b|o)(?![a-z])(.*)$/s.exec(rest)
  if (!m) return ['none', '', rest]
  const units: Record<string, Parts['unit']> = {
    a: 'short',
    '%': 'percent',
    b: 'bytes',
    ib: 'binary',
    o: 'ordinal',
  }
  return [units[m[2] as string] ?? 'none', m[1] ?? '', m[3] ?? '']
}

function write(value: number, parts: Parts): string {
  const { before, after, gap, sign, unit } = parts
  const [scaled, name] = scale(Math.abs(value), unit)
  const digits = trimmed(scaled.toFixed(parts.digits.most), parts.digits.least)
  const [whole = '0', fraction] = digits.split('.')
  const long = whole.padStart(parts.leading, '0')
  const shown =
    (parts.grouped ? long.replace(/\B(?=(\d{3})+$)/g, ',') : long) + (fraction ? `.${fraction}` : '')
  const text = `${before}${shown}${name === '' ? '' : gap + name}${after}`
  // What rounds to nothing has no sign.
  const negative = value < 0 && /[1-9]/.test(digits)
  if (sign === 'parentheses') return negative ? `(${text})` : text
  return negative ? `-${text}` : sign === 'plus' ? `+${text}` : text
}

function scale(value: number, unit: Parts['unit']): [number, string] {
  switch (unit) {
    case 'percent':
      return [value * 100, '%']
    case 'short': {
      const step = SHORT.find(([size]) => value >= size)
      return step ? [value / step[0], step[1]] : [value, '']
    }
    case 'bytes':
      return power(value, 1000, BYTES)
    case 'binary':
      return power(value, 1024, BINARY)
    case 'ordinal':
      return [value, ordinal(value)]
    case 'none':
      return [value, '']
  }
}

function power(value: number, base: number, names: readonly string[]): [number, string] {
  let at = 0
  for (; value >= base && at < names.length - 1; at++) value /= base
  return [value, names[at] ?? '']
}

function ordinal(value: number): string {
  const n = Math.round(value)
  if (n % 100 >= 11 && n % 100 <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'
}

/** Without zeros at the end beyond those that are always written. */
function trimmed(digits: string, least: number): string {
  const dot = digits.indexOf('.')
  if (dot < 0) return digits
  let end = digits.length
  while (end > dot + 1 + least && digits[end - 1] === '0') end--
  return digits.slice(0, end === dot + 1 ? dot : end)
}

/** Seconds as `h:mm:ss`. */
function clock(seconds: number): string {
  const all = Math.round(Math.abs(seconds))
  const two = (n: number) => String(n).padStart(2, '0')
  return `${seconds < 0 ? '-' : ''}${Math.floor(all / 3600)}:${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`
}
