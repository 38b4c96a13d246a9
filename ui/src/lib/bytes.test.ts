import { expect, it } from 'vitest'
import { formatBytes } from './bytes'

it('writes bytes with the unit that leaves a short number', () => {
  expect([0, 1023, 1024, 1536, 10 * 1024, 25 * 1024 ** 2, 3.25 * 1024 ** 4].map(formatBytes)).toEqual([
    '0 B',
    '1023 B',
    '1.0 kB',
    '1.5 kB',
    '10 kB',
    '25 MB',
    '3.3 TB',
  ])
})
