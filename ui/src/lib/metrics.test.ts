import { expect, it } from 'vitest'
import { linePath, type MetricPoint, withGaps } from './metrics'

it('draws a line, and lifts the pen where there is nothing', () => {
  const points = [
    { x: 0, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0.6, y: null },
    { x: 1, y: 0.5 },
  ]
  expect(linePath(points, 100, 10)).toBe('M0.0 10.0h0L50.0 0.0M100.0 5.0h0')
  expect(linePath([], 100, 10)).toBe('')
})

it('has a gap where no process ran, and none where one took over', () => {
  const point = (at: number, seconds: number, restarted: boolean) =>
    ({ at, seconds, restarted }) as MetricPoint
  const first = point(10_000, 10, false)
  const second = point(100_000, 10, true)
  const third = point(112_000, 2, true)
  expect(withGaps([first, second, third])).toEqual([
    { at: 10_000, point: first },
    { at: 90_000, point: null },
    { at: 100_000, point: second },
    { at: 112_000, point: third },
  ])
  expect(withGaps([second])).toEqual([{ at: 100_000, point: second }])
})
