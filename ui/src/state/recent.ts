// Time ranges used lately, newest first.

import type { TimeRange } from '../lib/time/range'
import { carryRange } from './places'
import { readStored, writeStored } from './stored'

const KEY = 'elkhorn.recent-ranges'
const KEPT = 6

export function recentRanges(): TimeRange[] {
  try {
    const stored: unknown = JSON.parse(readStored(KEY) ?? '[]')
    return Array.isArray(stored) ? stored.filter(isRange).slice(0, KEPT) : []
  } catch {
    return []
  }
}

/** Also carries it to the pages that are gone to. */
export function rememberRange(range: TimeRange) {
  carryRange(range)
  const others = recentRanges().filter(r => r.from !== range.from || r.to !== range.to)
  writeStored(KEY, JSON.stringify([{ from: range.from, to: range.to }, ...others].slice(0, KEPT)))
}

function isRange(value: unknown): value is TimeRange {
  if (typeof value !== 'object' || value === null) return false
  const { from, to } = value as Record<string, unknown>
  return typeof from === 'string' && typeof to === 'string'
}
