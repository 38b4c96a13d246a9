import { chooseInterval } from './interval'
import type { EpochMillis, Millis } from './units'
import { offsetAt } from './zone'

/** Round local moments in a range, at most `max` of them, and the step between them. */
export function timeTicks(
  from: EpochMillis,
  to: EpochMillis,
  max: number,
): { step: Millis; at: EpochMillis[] } {
  const step = chooseInterval(to - from, max)
  const zone = offsetAt(from)
  const at: EpochMillis[] = []
  for (let t = Math.ceil((from + zone) / step) * step - zone; t <= to; t += step) at.push(t)
  return { step, at }
}
