// Where a moment of a story is drawn. Long spells without anything are drawn short, so that what happened can be seen.

import type { EpochMillis } from '../time/units'
import type { Trace } from './spans'

export interface Scale {
  /** From 0 to 1. */
  place: (at: EpochMillis) => number
  /** The spells that are drawn shorter than they were. */
  folded: { from: EpochMillis; to: EpochMillis }[]
}

/** A folded spell takes this part of the width; all of them together at most the other part. */
const FOLD = 0.035
const ALL_FOLDS = 0.4
const MAX_FOLDS = 40
/** What is folded is at least this part of the whole; where most of the time nothing happened, every gap is. */
const LONG = 0.12
const MOSTLY_IDLE = 0.6

export function trueScale({ from, to }: Pick<Trace, 'from' | 'to'>): Scale {
  const length = Math.max(1, to - from)
  return { place: at => clamp((at - from) / length), folded: [] }
}

/** As it was, where nothing is gained by folding. */
export function foldedScale(trace: Pick<Trace, 'from' | 'to' | 'gaps'>): Scale {
  const length = trace.to - trace.from
  const idle = trace.gaps.reduce((sum, g) => sum + g.to - g.from, 0)
  const folded = trace.gaps
    .filter(g => g.to - g.from > length * LONG || idle > length * MOSTLY_IDLE)
    .slice(0, MAX_FOLDS)
    .sort((a, b) => a.from - b.from)
  if (folded.length === 0) return trueScale(trace)
  const active = length - folded.reduce((sum, g) => sum + g.to - g.from, 0)
  const fold = Math.min(FOLD, ALL_FOLDS / folded.length)
  const perMilli = (1 - folded.length * fold) / Math.max(1, active)
  const knots: [EpochMillis, number][] = [[trace.from, 0]]
  for (const gap of folded) {
    const [at, x] = knots.at(-1) as [EpochMillis, number]
    const left = x + (gap.from - at) * perMilli
    knots.push([gap.from, left], [gap.to, left + fold])
  }
  knots.push([trace.to, 1])
  return { place: at => clamp(between(knots, at)), folded }
}

function between(knots: [EpochMillis, number][], at: EpochMillis): number {
  const right = knots.findIndex(([moment]) => moment >= at)
  if (right < 0) return 1
  const [b, y] = knots[right] as [EpochMillis, number]
  const [a, x] = knots[right - 1] ?? [b, y]
  return b === a ? y : x + ((at - a) / (b - a)) * (y - x)
}

const clamp = (x: number) => Math.min(1, Math.max(0, x))
