// Which series of a chart is under the pointer.

import { asNumber } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { stackModeOf } from '../../lib/vis/series'
import { baseline } from '../../lib/vis/stack'
import type { Drawn } from './xy_option'

/**
 * The series of a stack that holds the place, or the line that is nearest to it: its number, or -1. `valueAt` is the value of the
 * place on one of the value axes.
 */
export function seriesAt(
  vis: Vis,
  { chart, roots }: Drawn,
  hidden: ReadonlySet<string>,
  at: number,
  valueAt: (axis: number) => number,
): number {
  let best = -1
  let distance = Number.POSITIVE_INFINITY
  const mode = stackModeOf(vis)
  const visible = chart.series.filter(s => !hidden.has(s.id))
  const stacked = visible.filter(s => s.stack !== null)
  const ground = mode === null ? 0 : (baseline(stacked, chart.axis.values.length, mode)[at] ?? 0)
  const heights = new Map<string, number>()
  for (const [i, s] of chart.series.entries()) {
    const own = asNumber(s.values[at] ?? null)
    if (own === null || hidden.has(s.id)) continue
    const drawnAt = valueAt(s.axis)
    const value = roots.has(s.axis) ? Math.sign(drawnAt) * drawnAt * drawnAt : drawnAt
    const base = s.stack === null ? 0 : (heights.get(s.stack) ?? ground)
    if (s.stack !== null) heights.set(s.stack, base + own)
    const inside = s.stack !== null && value >= base && value < base + own
    const away = inside ? -1 : Math.abs(base + own - value)
    if (away < distance) [best, distance] = [i, away]
  }
  return best
}
