import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addDays, addMonths, dayName, monthName, weeksOf } from './calendar'
import { readBound, roundedTo, roundingOf } from './plain'
import { BROWSER, setTimeZone } from './zone'

const NOW = Date.UTC(2026, 10, 21, 13, 32, 18, 456) // 14:32 in Oslo

beforeEach(() => {
  setTimeZone('Europe/Oslo')
})
afterEach(() => {
  setTimeZone(BROWSER)
})

describe('bounds as people write them', () => {
  it.each([
    ['now-15m', 'now-15m'],
    ['now/d', 'now/d'],
    ['today', 'now/d'],
    ['Yesterday', 'now-1d/d'],
    ['tomorrow', 'now+1d/d'],
    ['15m', 'now-15m'],
    ['2 hours ago', 'now-2h'],
    ['last 3 days', 'now-3d'],
    ['1 month ago', 'now-1M'],
    ['90 sec', 'now-90s'],
    ['1 yr', 'now-1y'],
    ['14:30', '2026-11-21T13:30:00.000Z'],
    ['9:05:07', '2026-11-21T08:05:07.000Z'],
    ['2:30 pm', '2026-11-21T13:30:00.000Z'],
    ['12:15am', '2026-11-20T23:15:00.000Z'],
    ['yesterday 14:30', '2026-11-20T13:30:00.000Z'],
    ['yesterday at 14:30', '2026-11-20T13:30:00.000Z'],
    ['Nov 3', '2026-11-02T23:00:00.000Z'],
    ['3rd november', '2026-11-02T23:00:00.000Z'],
    ['3. Nov 2025 08:00', '2025-11-03T07:00:00.000Z'],
    ['Dec 24, 2024', '2024-12-23T23:00:00.000Z'],
    ['Dec 24', '2025-12-23T23:00:00.000Z'],
    ['2026/11/3 8:05', '2026-11-03T07:05:00.000Z'],
    ['21.11.2026 14:30:00', '2026-11-21T13:30:00.000Z'],
    ['2026-11-21 14:30', '2026-11-21T13:30:00.000Z'],
    ['2026-11-21T14:30:00Z', '2026-11-21T14:30:00.000Z'],
    ['2026-11-21 14:30:00.120', '2026-11-21T13:30:00.120Z'],
    ['2026-11', '2026-10-31T23:00:00.000Z'],
    ['1768468321', '2026-01-15T09:12:01.000Z'],
    ['1768468321120', '2026-01-15T09:12:01.120Z'],
  ])('%s', (text, want) => {
    expect(readBound(text, NOW, 'down')).toBe(want)
  })

  it('take a day as the end of a range to its end', () => {
    expect(readBound('2026-11-21', NOW, 'up')).toBe('2026-11-21T22:59:59.999Z')
    expect(readBound('25.10.2026', NOW, 'up')).toBe('2026-10-25T22:59:59.999Z')
    expect(readBound('2026-11-21 14:30', NOW, 'up')).toBe('2026-11-21T13:30:00.000Z')
  })

  it.each([
    '',
    'the other day',
    'now-',
    'nov',
    'nov 31',
    '31.2.2026',
    '25:00',
    '12:75',
    'ab 3',
    '5 parsecs ago',
    '2026-13-01',
    '3 nov 4',
  ])('refuse %j', text => {
    expect(readBound(text, NOW, 'down')).toBeNull()
  })
})

describe('rounding', () => {
  it('is changed where there is date math', () => {
    expect(roundedTo('now-1d', 'd')).toBe('now-1d/d')
    expect(roundedTo('now-1d/d', 'h')).toBe('now-1d/h')
    expect(roundedTo('now/w', null)).toBe('now')
    expect(roundedTo('2026-11-21 10:00', 'd')).toBe('2026-11-21 10:00')
    expect([roundingOf('now-1d/d'), roundingOf('now'), roundingOf('2026/11/d')]).toEqual(['d', null, null])
  })
})

describe('the calendar', () => {
  it('counts days and months', () => {
    expect([addDays('2026-12-31', 1), addDays('2024-03-01', -1)]).toEqual(['2027-01-01', '2024-02-29'])
    expect([addMonths('2026-01-31', 1), addMonths('2026-01-15', -1), addMonths('2026-11-30', 3)]).toEqual([
      '2026-02-28',
      '2025-12-15',
      '2027-02-28',
    ])
    expect([monthName('2026-11-21'), dayName('2026-11-01')]).toEqual(['November 2026', '1 November 2026'])
  })
  it('lays out weeks from Monday on', () => {
    const weeks = weeksOf('2026-11-21')
    expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(weeks.at(-1)?.[0]).toBe('2026-11-30')
    expect(weeks.flat().filter(day => day !== null)).toHaveLength(30)
    expect(weeksOf('2027-02-10')).toHaveLength(4)
  })
})
