import { afterEach, expect, it } from 'vitest'
import { formatPattern } from './pattern'
import { setTimeZone } from './zone'

afterEach(() => {
  setTimeZone('UTC')
})

it('writes moments as Moment does', () => {
  const at = Date.parse('2026-02-07T04:05:06.078Z')
  expect(formatPattern(at, 'YYYY-MM-DD HH:mm:ss.SSS Z')).toBe('2026-02-07 04:05:06.078 +00:00')
  expect(formatPattern(at, 'Q DDD DDDD Do [Q]')).toBe('1 38 038 7th Q')
  setTimeZone('Asia/Kolkata')
  expect(formatPattern(at, 'HH:mm Z ZZ')).toBe('09:35 +05:30 +0530')
})
