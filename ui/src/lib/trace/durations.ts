// Lengths of time in the fields of an event, by their names and units.

import type { Millis } from '../time/units'

export interface Duration {
  field: string
  /** What took the time, in words; the whole of the event where the name says no more. */
  stage: string
  length: Millis
}

/** Units at the end of a name: `_ms`, `Ms`, `.us`. */
const UNITS: readonly [RegExp, number][] = [
  [/(?:[_.]|(?<=[a-z])(?=M))(?:ms|millis|milliseconds|Ms|Millis)$/, 1],
  [/(?:[_.]|(?<=[a-z])(?=[SU]))(?:us|micros|microseconds|Us)$/, 0.001],
  [/(?:[_.]|(?<=[a-z])(?=N))(?:ns|nanos|nanoseconds|Ns|Nanos)$/, 0.000_001],
  [/(?:[_.]|(?<=[a-z])(?=S))(?:s|sec|secs|seconds|Seconds)$/, 1000],
]

/** Elastic's common fields count nanoseconds without saying so. */
const NANOS = new Set(['event.duration'])

const LONG = /(?:^|[._])(?:duration|latency|elapsed|took|time|ttft|first_token)$/
/** Points in time, and figures over many events, that are named alike. */
const OTHER =
  /(?:start|end|begin|event|created?|finish(?:ed)?|hour|date|up|expir\w*)[._]?time$|(?:^|[._])(?:avg|mean|min|max|p\d+|median)_/
/** Objects whose members are stages. */
const STAGED = /(?:^|\.)(?:stages?|timings?|phases|latencies|durations|breakdown)\./

/** Names of the whole, best first. */
const WHOLE = ['total', 'duration', 'latency', 'elapsed', 'response', 'took', 'processing', 'request']

/** A year: a longer one is a date. */
const MAX: Millis = 365 * 24 * 3_600_000

/** Every length of time in an event. */
export function durationsOf(flat: ReadonlyMap<string, unknown>): Duration[] {
  const found: Duration[] = []
  for (const [field, value] of flat) {
    if (typeof value !== 'number' || !(value >= 0)) continue
    const unit = UNITS.find(([ending]) => ending.test(field))
    const base = unit ? field.replace(unit[0], '') : field
    const snake = base.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()
    const staged = unit !== undefined && STAGED.test(field)
    if (OTHER.test(snake) || !(LONG.test(snake) || staged)) continue
    const length = value * (NANOS.has(field) ? 0.000_001 : (unit?.[1] ?? 1))
    if (length <= MAX) found.push({ field, stage: stageOf(snake), length })
  }
  return found
}

/** "feature store" of `input_features.feature_store_latency`. */
function stageOf(name: string): string {
  const leaf = name.slice(name.lastIndexOf('.') + 1)
  const short = leaf.replace(/_?(?:duration|latency|elapsed|took|time)$/, '')
  return (short === '' ? leaf : short).replaceAll('_', ' ')
}

/** Whether the name means all of the event. */
export const isWhole = ({ stage }: Duration) => WHOLE.includes(stage)

/** The one that is the length of the whole event: by its name, and the least nested of these; else the longest. */
export function wholeOf(durations: readonly Duration[]): Duration | null {
  const rank = ({ field, stage }: Duration) => {
    const at = WHOLE.indexOf(stage)
    return at < 0 ? null : field.split('.').length * WHOLE.length + at
  }
  let best: Duration | null = null
  for (const one of durations) {
    const [a, b] = [rank(one), best && rank(best)]
    if (best === null) best = one
    else if (a !== null && (b === null || b === undefined || a < b)) best = one
    else if (a === null && b === null && one.length > best.length) best = one
  }
  return best
}
