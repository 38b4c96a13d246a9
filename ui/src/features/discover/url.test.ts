import { describe, expect, it } from 'vitest'
import { exists, is, words } from '../../lib/filters'
import { DEFAULT_STATE, type DiscoverState, formatDiscoverUrl, parseDiscoverUrl } from './url'

describe('the URL of Discover', () => {
  const states: DiscoverState[] = [
    DEFAULT_STATE,
    { ...DEFAULT_STATE, index: 'chatgpt-logs-*,ml-*', query: 'log_level:ERROR and message:"a & b = 100%"' },
    {
      ...DEFAULT_STATE,
      language: 'lucene',
      query: 'a:[1 TO 5] +b',
      range: { from: '2026-01-15T09:00:00.000Z', to: 'now' },
    },
    {
      ...DEFAULT_STATE,
      filters: [
        is('service_name', 'restaurant-booking'),
        is('status', 500, true),
        { ...exists('trace_id', true), disabled: true },
        is('m', 'x&f=y#z+ '),
        words('message', 'Tool call: user', true),
        {
          field: 'two: hosts',
          kind: 'dsl',
          value: '{"terms":{"host":["a","b:c"]}}',
          negated: false,
          disabled: true,
        },
        { ...is('*odd!', '.x'), pinned: true },
        is('.dotted', '*'),
      ],
      columns: ['service_name', 'odd,name', 'back\\slash', '100%', 'ünïcode'],
      breakdown: 'service_name',
      refreshMode: 5000,
    },
    { ...DEFAULT_STATE, columns: [], breakdown: null, sort: { field: 'latency_ms', order: 'desc' } },
    { ...DEFAULT_STATE, sort: { field: '@timestamp', order: 'asc' } },
    { ...DEFAULT_STATE, tab: 'patterns', patternField: 'error_message', saved: 'a-1' },
    { ...DEFAULT_STATE, previous: true },
    { ...DEFAULT_STATE, tab: 'compare', against: ['deployment_version', 'v1,a', 'v2'] },
  ]
  it.each(states.map(s => [formatDiscoverUrl(s), s] as const))('?%s', (text, state) => {
    expect(parseDiscoverUrl(text)).toEqual(state)
    expect(parseDiscoverUrl(new URL(`http://x/discover?${text}`).search)).toEqual(state)
  })

  it('is empty at the defaults and readable beyond them', () => {
    expect(formatDiscoverUrl(DEFAULT_STATE)).toBe('')
    expect(formatDiscoverUrl({ ...DEFAULT_STATE, index: 'logs-*', filters: [is('a', 'b')] })).toBe(
      'index=logs-*&f=a:b',
    )
  })

  it('survives damage', () => {
    expect(
      parseDiscoverUrl('?f=&f=nonsense&f=..q:{&refresh=often&lang=sql&from=&by=&tab=x&against=a,b'),
    ).toEqual(DEFAULT_STATE)
    expect(parseDiscoverUrl('refresh=0s').refreshMode).toBe(1000)
  })
})
