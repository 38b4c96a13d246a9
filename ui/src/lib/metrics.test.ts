import { expect, it } from 'vitest'
import { linePath } from './metrics'

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
