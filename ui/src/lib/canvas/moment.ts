// What a pattern of Moment can tell apart, in the time zone of the page.

import type { EpochMillis } from '../time/units'
import { localParts, momentOf } from '../time/zone'

const UNITS: readonly [RegExp, (d: Date) => number][] = [
  [/SSS|x/, d => d.getTime()],
  [/s|X/, d => d.setUTCMilliseconds(0)],
  [/m/, d => d.setUTCSeconds(0, 0)],
  [/H|h/, d => d.setUTCMinutes(0, 0, 0)],
  [/D|d|L/, d => d.setUTCHours(0, 0, 0, 0)],
  [/M|Q/, d => Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1)],
  [/Y/, d => Date.UTC(d.getUTCFullYear(), 0, 1)],
]

/** The beginning of what the pattern can tell apart: `YYYY-MM` is the first of the month. */
export function roundMoment(at: EpochMillis, pattern: string): EpochMillis {
  const unit = UNITS.find(([named]) => named.test(pattern.replace(/\[[^\]]*\]/g, '')))
  return unit && Number.isFinite(at) ? momentOf(new Date(unit[1](localParts(at)))) : at
}
