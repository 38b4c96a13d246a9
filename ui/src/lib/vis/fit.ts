// What stands where nothing was measured: Kibana's fitting functions.

import type { Value } from './expr'

/** As they are named in a visState; Lens writes them with a capital. */
export const FITTINGS = ['none', 'zero', 'linear', 'carry', 'lookahead', 'average', 'nearest'] as const
export type Fitting = (typeof FITTINGS)[number]

export const readFitting = (value: unknown): Fitting => {
  const name = typeof value === 'string' ? value.toLowerCase() : ''
  return FITTINGS.find(f => f === name) ?? 'none'
}

/**
 * The values with gaps filled. `positions` are the places of the values on the axis. `ends` says what stands before the first and
 * behind the last one, where the function itself has nothing to say.
 */
export function fitted(
  values: readonly Value[],
  positions: readonly number[],
  how: Fitting,
  ends: 'none' | 'zero' | 'nearest' = 'none',
): Value[] {
  if (how === 'none') return [...values]
  if (how === 'zero') return values.map(v => v ?? 0)
  const before = lastKnown(values)
  const after = lastKnown(values.toReversed())
    .toReversed()
    .map(at => (at === null ? null : values.length - 1 - at))
  return values.map((value, at) => {
    if (value !== null) return value
    const [left, right] = [before[at] ?? null, after[at] ?? null]
    const found = between(values, positions, at, left, right, how)
    if (found !== null || ends === 'none' || (left !== null && right !== null)) return found
    return ends === 'zero' ? 0 : (values[left ?? right ?? -1] ?? null)
  })
}

/** For each place the nearest one before it, or itself, that has a value. */
function lastKnown(values: readonly Value[]): (number | null)[] {
  let last: number | null = null
  return values.map((value, at) => {
    if (value !== null) last = at
    return last
  })
}

function between(
  values: readonly Value[],
  positions: readonly number[],
  at: number,
  left: number | null,
  right: number | null,
  how: Exclude<Fitting, 'none' | 'zero'>,
): Value {
  const valueAt = (place: number | null) => (place === null ? null : (values[place] ?? null))
  const [a, b] = [valueAt(left), valueAt(right)]
  if (how === 'carry') return a
  if (how === 'lookahead') return b
  const [x, from, to] = [at, left, right].map(place =>
    place === null ? Number.NaN : (positions[place] ?? place),
  )
  const share = ((x ?? 0) - (from ?? 0)) / ((to ?? 0) - (from ?? 0))
  // At the ends only the nearest has something to say.
  if (how === 'nearest') return a === null || b === null ? (a ?? b) : share <= 0.5 ? a : b
  if (typeof a !== 'number' || typeof b !== 'number') return null
  return how === 'average' ? (a + b) / 2 : a + (b - a) * share
}
