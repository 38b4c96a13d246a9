import { beforeEach, describe, expect, it } from 'vitest'
import { DEFAULT_RANGE } from '../lib/time/range'
import { carriedInto, carriedRange, carryRange, rememberSearch, wayTo } from './places'
import { writeTab } from './stored'

// There is no session storage here, so what stands in its place is tested too.
beforeEach(() => {
  rememberSearch('')
  carryRange(DEFAULT_RANGE)
})

describe('the way to Discover', () => {
  it('is the bare page at first', () => {
    expect(wayTo('/discover')).toBe('/discover')
  })
  it('leads to the search that was left there, at the time looked at since', () => {
    rememberSearch('index=logs-*&q=a%3D1&from=now-7d&to=now&tab=fields')
    carryRange({ from: 'now-24h', to: 'now' })
    expect(wayTo('/discover')).toBe('/discover?index=logs-*&q=a%3D1&tab=fields&from=now-24h&to=now')
    carryRange(DEFAULT_RANGE)
    expect(wayTo('/discover')).toBe('/discover?index=logs-*&q=a%3D1&tab=fields')
  })
  it('is not taken to other pages', () => {
    rememberSearch('q=a')
    expect(wayTo('/dashboards')).toBe('/dashboards')
  })
})

describe('the time carried along', () => {
  it('goes where there is none', () => {
    expect(carriedInto('id=x')).toBeNull()
    carryRange({ from: '2026-01-01T00:00:00.000Z', to: 'now' })
    expect(carriedInto('?id=x')).toBe('id=x&from=2026-01-01T00:00:00.000Z&to=now')
    expect(carriedInto('from=now-1h&to=now')).toBeNull()
  })
  it('is the usual one where what is kept cannot be read', () => {
    for (const damaged of ['', '{', 'null', '{"from":1,"to":2}']) {
      writeTab('elkhorn.range', damaged)
      expect(carriedRange()).toEqual(DEFAULT_RANGE)
    }
  })
})
