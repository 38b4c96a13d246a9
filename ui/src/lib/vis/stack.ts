// Stacks whose ground is not nought, and scales that a stack must be measured on as a whole.

import type { Value } from './expr'
import { asNumber } from './json'
import type { Series, XYChart } from './series'

export type StackMode = 'wiggle' | 'silhouette'

const sizeOf = (value: Value | undefined): number => Math.max(0, asNumber(value ?? null) ?? 0)

/**
 * Where the lowest of stacked series begins at each place of the axis. A silhouette lies around nought. A wiggle (Byron and
 * Wattenberg, "Stacked Graphs", 2008) begins so that the slopes of all layers, weighted by their width, are least.
 */
export function baseline(series: readonly Series[], length: number, mode: StackMode): number[] {
  const at = (i: number) => series.map(s => sizeOf(s.values[i]))
  if (mode === 'silhouette')
    return Array.from({ length }, (_, i) => -at(i).reduce((sum, v) => sum + v, 0) / 2)
  const out: number[] = []
  let ground = 0
  for (let i = 0; i < length; i++) {
    const [now, before] = [at(i), i > 0 ? at(i - 1) : null]
    if (before !== null) {
      let [weights, slopes, beneath] = [0, 0, 0]
      for (const [k, v] of now.entries()) {
        const change = v - (before[k] ?? 0)
        weights += v
        slopes += v * (beneath + change / 2)
        beneath += change
      }
      ground -= weights > 0 ? slopes / weights : 0
    }
    out.push(ground)
  }
  return out
}

/** The square root that keeps the sign. */
export const signedRoot = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value))

/** The chart measured in square roots: of a stack the whole is, and each part is what it adds to it. */
export function inRoots(chart: XYChart, axes: ReadonlySet<number>): XYChart {
  const heights = new Map<string, number[]>()
  const series = chart.series.map((s): Series => {
    if (!axes.has(s.axis)) return s
    const under = s.stack === null ? null : (heights.get(s.stack) ?? chart.axis.values.map(() => 0))
    if (s.stack !== null && under) heights.set(s.stack, under)
    const values = s.values.map((value, at): Value => {
      if (typeof value !== 'number') return value
      if (under === null) return signedRoot(value)
      const from = under[at] ?? 0
      under[at] = from + value
      return signedRoot(from + value) - signedRoot(from)
    })
    return { ...s, values }
  })
  return { ...chart, series }
}
