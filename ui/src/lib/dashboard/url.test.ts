import { describe, expect, it } from 'vitest'
import { phraseFilter, rangeFilter } from '../vis/filter'
import { type DashboardState, dashboardOf, dashboardUrl, formatDashboardUrl, parseDashboardUrl } from './url'

const PLAIN: DashboardState = {
  range: null,
  refresh: null,
  query: null,
  filters: null,
  choices: {},
  full: false,
  panel: null,
}

describe('the URL of a dashboard', () => {
  it('is empty when everything is as it is saved', () => {
    expect(formatDashboardUrl(PLAIN)).toBe('')
    expect(parseDashboardUrl('')).toEqual(PLAIN)
  })

  it.each<[string, Partial<DashboardState>]>([
    ['a time', { range: { from: 'now-1h', to: 'now' } }],
    ['a refresh', { refresh: 30_000 }],
    ['no refresh', { refresh: 0 }],
    ['an empty search', { query: { query: '', language: 'kuery' } }],
    ['a search', { query: { query: 'level:ERROR AND x:"a & b"', language: 'lucene' } }],
    ['no filters', { filters: [] }],
    ['filters', { filters: [phraseFilter('tool', 'a=b'), rangeFilter('ms', { gte: 1, lt: 5 })] }],
    [
      'choices',
      {
        choices: {
          c1: { kind: 'options', values: ['a,b', '"'], exclude: true },
          c2: { kind: 'range', from: null, to: 7.5 },
        },
      },
    ],
    ['one panel on a full screen', { full: true, panel: 'a b' }],
  ])('keeps %s', (_, part) => {
    const state = { ...PLAIN, ...part }
    expect(parseDashboardUrl(`?${formatDashboardUrl(state)}`)).toEqual(state)
  })

  it.each(['plain', 'team/on call', 'a%2Fb', 'ü?#&'])('names the dashboard %s', id => {
    expect(dashboardOf(dashboardUrl(id))).toBe(id)
  })
  it('may name it with a slash that is not escaped, or with a damaged escape', () => {
    expect(dashboardOf('/dashboards/team/a')).toBe('team/a')
    expect(dashboardOf('/dashboards/100%')).toBe('100%')
  })

  it.each(['?f={', '?c.x=1', '?refresh=never', '?from=now', '?c.x={"kind":"sausage"}'])(
    'takes the damaged link %s for what it can',
    search => {
      expect(parseDashboardUrl(search)).toMatchObject({ range: null, refresh: null, choices: {} })
    },
  )
})
