import { afterEach, describe, expect, it } from 'vitest'
import { resolveBound } from './datemath'
import { formatAgo, formatDuration, formatFull, formatTick, inChosenZone } from './format'
import { chooseInterval, fixedInterval } from './interval'
import { absoluteRange, describeRange, QUICK_RANGES, rangeEndingAt, resolveRange, zoomOut } from './range'
import { timeTicks } from './ticks'
import { DAY, HOUR, MINUTE } from './units'
import { BROWSER, localParts, momentOf, offsetText, setTimeZone } from './zone'

const NOW = new Date(2026, 10, 21, 14, 32, 18, 456).getTime() // a Saturday, local time

const local = (...parts: [number, number, number, number?, number?, number?, number?]) =>
  new Date(...parts).getTime()

describe('date math', () => {
  it.each([
    ['now', NOW],
    ['now-15m', NOW - 15 * MINUTE],
    ['now+1h-30m', NOW + 30 * MINUTE],
    ['now-1M', local(2026, 9, 21, 14, 32, 18, 456)],
    ['now-2y', local(2024, 10, 21, 14, 32, 18, 456)],
    ['now-1w', local(2026, 10, 14, 14, 32, 18, 456)],
    ['now/d', local(2026, 10, 21)],
    ['now/w', local(2026, 10, 16)],
    ['now-1d/d', local(2026, 10, 20)],
    ['now/M', local(2026, 10, 1)],
    ['now/y', local(2026, 0, 1)],
    ['now/h', local(2026, 10, 21, 14)],
    ['2026-01-15T09:12:01.120Z', Date.UTC(2026, 0, 15, 9, 12, 1, 120)],
    ['2026-01-15T09:12:01+02:00', Date.UTC(2026, 0, 15, 7, 12, 1)],
    ['2026-01-15 09:12', local(2026, 0, 15, 9, 12)],
    ['2026-01-15', local(2026, 0, 15)],
    ['2026-01', local(2026, 0, 1)],
    ['1768468321120', 1768468321120],
  ])('%s', (text, want) => {
    expect(resolveBound(text, NOW, 'down')).toBe(want)
  })

  it('rounds an upper bound to the end of the unit', () => {
    expect(resolveBound('now/d', NOW, 'up')).toBe(local(2026, 10, 22) - 1)
    expect(resolveBound('now/w', NOW, 'up')).toBe(local(2026, 10, 23) - 1)
  })

  it.each(['', 'yesterday', 'now-', 'now-15', 'now-15x', 'now/', 'nowish', '2026', '2026-13-45', '12:00'])(
    'refuses %j',
    text => {
      expect(resolveBound(text, NOW, 'down')).toBeNull()
    },
  )
})

describe('ranges', () => {
  it('resolves every quick range', () => {
    for (const range of QUICK_RANGES) expect(resolveRange(range, NOW), range.label).not.toBeNull()
  })
  it('refuses a range that runs backwards', () => {
    expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW)).toBeNull()
  })
  it('describes', () => {
    expect(describeRange({ from: 'now-15m', to: 'now' }, NOW)).toBe('Last 15 minutes')
    expect(describeRange({ from: 'now-45m', to: 'now' }, NOW)).toBe('Last 45 minutes')
    expect(describeRange({ from: 'now-1w', to: 'now' }, NOW)).toBe('Last 1 week')
    expect(describeRange({ from: 'x', to: 'now' }, NOW)).toBe('x to now')
    const range = absoluteRange(local(2026, 0, 15, 9), local(2026, 0, 15, 12))
    expect(describeRange(range, NOW)).toBe('2026-01-15 09:00 → 12:00')
  })
  it('ends a little after the newest event', () => {
    const range = resolveRange(rangeEndingAt(NOW, HOUR), NOW)
    expect(range).toEqual({ from: NOW - HOUR, to: NOW + MINUTE })
  })
  it('zooms out around the middle', () => {
    const wider = resolveRange(zoomOut({ from: 1000, to: 3000 }), NOW)
    expect(wider).toEqual({ from: 0, to: 4000 })
  })
})

describe('histogram intervals', () => {
  it.each([
    [15 * MINUTE, 60, '15s'],
    [15 * MINUTE, 90, '10s'],
    [HOUR, 60, '1m'],
    [DAY, 96, '15m'],
    [7 * DAY, 60, '3h'],
    [30 * DAY, 60, '12h'],
    [365 * DAY, 60, '7d'],
    [500, 60, '10ms'],
    [0, 60, '1ms'],
    [100 * 365 * DAY, 50, '730d'],
  ])('%d ms in %d bars', (length, bars, want) => {
    expect(fixedInterval(chooseInterval(length, bars))).toBe(want)
  })
})

describe('times as text', () => {
  it('durations', () => {
    expect([250, 1500, 90_000, 3 * HOUR, 36 * HOUR].map(formatDuration)).toEqual([
      '250 ms',
      '1.5 s',
      '1.5 min',
      '3 h',
      '1.5 d',
    ])
  })
  it('ages', () => {
    expect(formatAgo(NOW - 500, NOW)).toBe('just now')
    expect(formatAgo(NOW - 12_000, NOW)).toBe('12 s ago')
    expect(formatAgo(NOW + 3 * HOUR, NOW)).toBe('in 3 h')
  })
  it('ticks stand on round local times', () => {
    const ticks = timeTicks(local(2026, 10, 21, 14, 2), local(2026, 10, 21, 14, 32), 8)
    expect(ticks.at.map(t => formatTick(t, ticks.step))).toEqual([
      '14:05',
      '14:10',
      '14:15',
      '14:20',
      '14:25',
      '14:30',
    ])
    expect(formatTick(local(2026, 10, 22), HOUR)).toBe('Nov 22')
  })
})

describe('time zones', () => {
  afterEach(() => {
    setTimeZone(BROWSER)
  })
  const moment = Date.UTC(2026, 6, 1, 22, 30, 0, 7)
  it.each([
    ['UTC', '2026-07-01 22:30:00.007', 'UTC'],
    ['Europe/Oslo', '2026-07-02 00:30:00.007', 'UTC+2'],
    ['America/St_Johns', '2026-07-01 20:00:00.007', 'UTC−2:30'],
    ['Asia/Kathmandu', '2026-07-02 04:15:00.007', 'UTC+5:45'],
  ])('%s', (zone, text, offset) => {
    expect(setTimeZone(zone)).toBe(true)
    expect([formatFull(moment), offsetText(moment)]).toEqual([text, offset])
    expect(momentOf(localParts(moment))).toBe(moment)
    expect(resolveBound(text, 0, 'down')).toBe(moment)
    expect(resolveBound('now/d', moment, 'down')).toBe(resolveBound(text.slice(0, 10), 0, 'down'))
  })
  it('changes nothing for a zone that does not exist', () => {
    setTimeZone('UTC')
    expect(setTimeZone('Middle/Earth')).toBe(false)
    expect(formatFull(moment)).toBe('2026-07-01 22:30:00.007')
  })
  it('follows the clocks when they change', () => {
    setTimeZone('Europe/Oslo')
    // On 25 October 2026 the hour after 02:00 comes twice; on 29 March it is left out.
    expect(resolveBound('2026-10-25 02:30', 0, 'down')).toBe(Date.UTC(2026, 9, 25, 0, 30))
    expect(resolveBound('2026-03-29 02:30', 0, 'down')).toBe(Date.UTC(2026, 2, 29, 1, 30))
    const noon = Date.UTC(2026, 9, 25, 11)
    expect(resolveBound('now-1d', noon, 'down')).toBe(noon - 25 * HOUR)
    expect(resolveBound('now/d', noon, 'up')).toBe(Date.UTC(2026, 9, 25, 23) - 1)
  })
})

describe('a moment in the chosen zone', () => {
  afterEach(() => setTimeZone(BROWSER))

  it.each([
    ['2026-11-26T22:14:11.460Z', '2026-11-27 03:59:11.460'],
    ['2026-11-26T22:14:11.460123456Z', '2026-11-27 03:59:11.460'],
    ['2026-11-26T22:14:11+02:00', '2026-11-27 01:59:11.000'],
    ['2026-11-26T22:14+0200', '2026-11-27 01:59:00.000'],
    ['2026-11-27T03:59:11+05:45', null],
    ['2026-11-26T22:14:11', null],
    ['2026-11-26', null],
    ['2026-13-26T22:14:11Z', null],
    ['at 2026-11-26T22:14:11Z', null],
    ['', null],
  ])('%s', (text, want) => {
    setTimeZone('Asia/Kathmandu')
    expect(inChosenZone(text)).toBe(want)
  })
})
