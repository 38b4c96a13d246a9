// Numbers with units of time, as questions name them and fields hold them.

import { numberOf } from './times'
import { singular, type Word } from './words'

const MILLIS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const UNIT_WORDS: Record<string, string> = {
  ms: 'ms',
  msec: 'ms',
  millisecond: 'ms',
  s: 's',
  sec: 's',
  second: 's',
  m: 'm',
  min: 'm',
  minute: 'm',
  h: 'h',
  hour: 'h',
}

/** A number with or without a unit of time. */
export function amountOf(
  words: readonly Word[],
  at: number,
): { value: string; millis: number | null; length: number } | null {
  const [, digits, glued] =
    /^[$€]?(\d+(?:\.\d+)?)(k|ms|msec|s|sec|m|min|h)?$/.exec(words[at]?.text ?? '') ?? []
  if (digits === undefined) {
    const number = numberOf(words[at]?.text)
    if (number === undefined) return null
    const unit = UNIT_WORDS[singular(words[at + 1]?.text ?? '')]
    return {
      value: String(number),
      millis: unit ? number * (MILLIS[unit] as number) : null,
      length: unit ? 2 : 1,
    }
  }
  if (glued === 'k') return { value: String(Number(digits) * 1000), millis: null, length: 1 }
  const next = words[at + 1]?.text ?? ''
  const unit = glued ? UNIT_WORDS[glued] : (UNIT_WORDS[next] ?? UNIT_WORDS[singular(next)])
  if (unit === undefined) return { value: digits, millis: null, length: 1 }
  return { value: digits, millis: Number(digits) * (MILLIS[unit] as number), length: glued ? 1 : 2 }
}

/** A span in the unit that a field's name tells; most durations of logs are milliseconds. */
export function inUnitOf(field: string, millis: number): string {
  const factor = /(_ns|nanos|event\.duration)$/.test(field)
    ? 1e6
    : /(_us|micros)$/.test(field)
      ? 1000
      : /(_s|_sec|seconds)$/.test(field)
        ? 0.001
        : 1
  return String(millis * factor)
}
