import { describe, expect, it } from 'vitest'
import {
  cellOf,
  chooseBreakdown,
  chooseColumns,
  chooseTimeField,
  columnTitle,
  exactFieldOf,
  fieldsOfMappings,
  type MappingProperty,
  placesOf,
  SUMMARY,
  summarize,
} from './fields'
import {
  addFilter,
  between,
  exists,
  type Filter,
  filterClauses,
  formatFilter,
  is,
  oneOf,
  parseFilter,
} from './filters'
import { choosePattern, fitsPattern, patternsOf } from './indexpatterns'
import { levelOf } from './levels'
import { formatCount, formatShare, formatShort, niceCeiling } from './numbers'
import { flatten, levelOfEvent, valueText } from './source'

/** Mappings of indices named i0, i1 and so on. */
const mapped = (...list: Record<string, MappingProperty>[]) =>
  fieldsOfMappings(list.map((properties, i) => ({ index: `i${i}`, properties })))

describe('fields of mappings', () => {
  const fields = mapped(
    {
      '@timestamp': { type: 'date' },
      message: { type: 'text', fields: { keyword: { type: 'keyword' } } },
      body: { type: 'text' },
      raw: { type: 'keyword', doc_values: false, index: false },
      geoip: { properties: { country_name: { type: 'keyword' }, location: { type: 'geo_point' } } },
      status: { type: 'long' },
      log_level: { type: 'keyword' },
    },
    { status: { type: 'keyword' }, log_level: { type: 'keyword' } },
  )
  const field = (name: string) => fields.find(f => f.name === name)

  it('aggregates text on its keyword sub-field, and nothing on what has no values', () => {
    expect(field('message')).toMatchObject({ kind: 'text', aggregateOn: 'message.keyword' })
    expect(field('body')?.aggregateOn).toBeNull()
    expect(field('raw')).toMatchObject({ searchable: false, aggregateOn: null })
    expect(field('geoip.location')?.aggregateOn).toBeNull()
    expect(field('geoip.country_name')?.aggregateOn).toBe('geoip.country_name')
  })
  it('says where indices disagree', () => {
    expect(field('status')).toMatchObject({ type: 'long, keyword', kind: 'other', aggregateOn: null })
  })
  it('asks each group of indices by itself where they disagree', () => {
    const text: MappingProperty = { type: 'text', fields: { keyword: { type: 'keyword' } } }
    const [level] = mapped(
      { level: { type: 'keyword' } },
      { level: text },
      { level: { type: 'keyword' } },
      { level: { type: 'text' } },
    )
    expect(level).toMatchObject({ kind: 'text', aggregateOn: null })
    expect(level && placesOf(level, 'i*')).toEqual([
      { index: 'i0,i2', on: 'level' },
      { index: 'i1', on: 'level.keyword' },
    ])
    const [same] = mapped({ level: text }, { level: text })
    expect(same && placesOf(same, 'i*')).toEqual([{ index: 'i*', on: 'level.keyword' }])
    const [none] = mapped({ level: { type: 'text' } })
    expect(none && placesOf(none, 'i*')).toEqual([])
  })
  it('finds the time and the level', () => {
    expect(chooseTimeField(fields)).toBe('@timestamp')
    expect(chooseTimeField(mapped({ timestamp: { type: 'date' }, a: { type: 'date' } }))).toBe('timestamp')
    expect(chooseTimeField(mapped({ a: { type: 'long' } }))).toBeNull()
    expect(chooseBreakdown(fields)).toBe('log_level')
  })
})

describe('documents', () => {
  it('flattens objects, dotted names and arrays of objects', () => {
    const flat = flatten({ a: { b: 1 }, 'c.d': 'x', list: [1, 2], items: [{ n: 1 }, { n: 2 }], none: null })
    expect(Object.fromEntries(flat)).toEqual({
      'a.b': 1,
      'c.d': 'x',
      list: [1, 2],
      'items.n': [1, 2],
      none: null,
    })
  })
  it('finds the level wherever it is', () => {
    expect(levelOfEvent(flatten({ log: { level: 'Warning' } }))).toBe('warn')
    expect(levelOfEvent(flatten({ level: 'CRITICAL' }))).toBe('fatal')
    expect(levelOfEvent(flatten({ level: 3 }))).toBeNull()
    expect(levelOf('err')).toBe('error')
  })
  it('chooses columns by what the events have', () => {
    expect(
      chooseColumns(
        new Map([
          ['service_name', 90],
          ['tool_name', 5],
        ]),
      ),
    ).toEqual(['service_name', 'tool_name', SUMMARY])
    expect(
      chooseColumns(
        new Map([
          ['service_name', 90],
          ['service', 10],
        ]),
      ),
    ).toEqual(['_service', SUMMARY])
    expect(chooseColumns(new Map())).toEqual([SUMMARY])
  })
  it('fills a mixed column with what an event has', () => {
    expect(cellOf('_service', flatten({ service: 'a' }))).toEqual({ field: 'service', value: 'a' })
    expect(cellOf('_service', flatten({ service_name: null, app: 'b' }))).toEqual({
      field: 'app',
      value: 'b',
    })
    expect(cellOf('status', flatten({ status: 200 }))).toEqual({ field: 'status', value: 200 })
    expect([columnTitle('_service'), columnTitle(SUMMARY), columnTitle('status')]).toEqual([
      'Service',
      'Summary',
      'status',
    ])
  })
  it('sums an event up', () => {
    expect(summarize(flatten({ message: 'Tool call failed', error_message: 'timeout' }))).toEqual({
      text: 'Tool call failed',
      error: 'timeout',
    })
    expect(summarize(flatten({ prompt: 'What is ML?' })).text).toBe('What is ML?')
    expect(summarize(flatten({ '@timestamp': 'x', status: 200, path: '/a' })).text).toBe(
      'status=200  path=/a',
    )
  })
  it('writes values on one line', () => {
    expect([undefined, null, 'a', 1.5, true, ['a', 2], { b: 1 }].map(valueText)).toEqual([
      '',
      'null',
      'a',
      '1.5',
      'true',
      'a, 2',
      '{"b":1}',
    ])
  })
})

describe('filters', () => {
  it('of several values find any, and of two bounds what lies between', () => {
    const filters = [
      oneOf('a', ['x', 2], 'a: x, 2'),
      between('b', [1, 5], 'b'),
      between('c', [null, 'now'], 'c', true),
    ]
    expect(filterClauses(filters)).toEqual({
      filter: [
        {
          bool: {
            should: [{ match_phrase: { a: 'x' } }, { match_phrase: { a: 2 } }],
            minimum_should_match: 1,
          },
        },
        { range: { b: { gte: 1, lt: 5 } } },
      ],
      must_not: [{ range: { c: { lt: 'now' } } }],
    })
  })
  const samples: Filter[] = [
    is('log_level', 'ERROR'),
    is('status', 500, true),
    is('active', true),
    is('text', '500'),
    is('text', '*'),
    is('text', ''),
    is('odd:name\\', 'a:b'),
    is('~x', '!y', true),
    exists('trace_id'),
    exists('trace_id', true),
    oneOf('a', ['b, c', 1, true], 'a: any'),
    between('a', [1, null], 'a from 1', true),
    { ...is('a', 'b', true), disabled: true },
  ]
  it.each(samples.map(s => [formatFilter(s), s] as const))('%s survives the URL', (text, filter) => {
    expect(parseFilter(text)).toEqual(filter)
  })
  it.each(['', 'nothing', ':x', 'a:[1]', 'a:{"b":1}', 'a:null'])('refuses %j', text => {
    expect(parseFilter(text)).toBeNull()
  })
  it('become clauses unless disabled', () => {
    expect(
      filterClauses([is('a', 1), is('b', 'x', true), exists('c'), { ...is('d', 'y'), disabled: true }]),
    ).toEqual({
      filter: [{ match_phrase: { a: 1 } }, { exists: { field: 'c' } }],
      must_not: [{ match_phrase: { b: 'x' } }],
    })
  })
  it('compare analyzed text as a whole where it has a keyword sub-field', () => {
    const exact = exactFieldOf(
      mapped({
        m: { type: 'text', fields: { keyword: { type: 'keyword' } } },
        k: { type: 'keyword' },
        t: { type: 'text' },
      }),
    )
    const long = 'x'.repeat(300)
    expect(
      filterClauses([is('m', 'a b'), is('m', long), is('k', 'a'), is('t', 'a b'), is('m', 5)], exact).filter,
    ).toEqual([
      { term: { 'm.keyword': 'a b' } },
      { match_phrase: { m: long } },
      { match_phrase: { k: 'a' } },
      { match_phrase: { t: 'a b' } },
      { match_phrase: { m: 5 } },
    ])
  })
  it('replaces the opposite condition', () => {
    expect(addFilter([is('a', 1), is('b', 2)], is('a', 1, true))).toEqual([is('a', 1, true), is('b', 2)])
  })
})

describe('index patterns', () => {
  const of = (...names: string[]) => patternsOf(names.map(name => ({ name, docs: 10 })))
  it('groups dated and rolled-over indices', () => {
    expect(
      of(
        'chatgpt-logs-2026.11.21',
        'chatgpt-logs-2026.11.20',
        'ml-2026.11.21-000001',
        'apache',
        '.hidden',
      ).map(p => p.pattern),
    ).toEqual(['*', 'chatgpt-logs-*', 'apache', 'ml-*'])
  })
  it('knows data streams by their name, not by the hidden indices behind them', () => {
    expect(
      of(
        '.ds-logs-nginx.access-default-2026.11.26-000001',
        '.ds-logs-nginx.access-default-2026.11.27-000002',
        '.internal',
      ).map(p => [p.pattern, p.indices, p.docs]),
    ).toEqual([
      ['*', 2, 20],
      ['logs-nginx.access-default', 2, 20],
    ])
  })
  it.each([
    ['logs-2026.11.26', 'logs-*', true],
    ['logs-2026.11.26', 'ml-*, logs-2026*', true],
    ['logsx', 'logs.', false],
    ['.ds-logs-a-b-2026.11.26-000001', 'logs-*-*', true],
    ['.internal', '*', false],
    ['a(b', 'a(*', true],
  ])('%s fits %s: %s', (index, pattern, fits) => {
    expect(fitsPattern(index, pattern)).toBe(fits)
  })
  it('lands on the only series, else on the one with the newest events, else on everything', () => {
    const hour = 3_600_000
    const chosen = (...list: [name: string, docs: number, newest: number | null][]) =>
      choosePattern(
        patternsOf(
          list.map(([name, docs]) => ({ name, docs })),
          new Map(list.flatMap(([name, , at]) => (at === null ? [] : [[name, at] as const]))),
        ),
        9 * hour,
      )
    expect(chosen(['chatgpt-logs-2026.11.21', 5, null])).toBe('chatgpt-logs-*')
    expect(chosen(['logs-2015.05.20', 900, hour], ['app-2026.11.21', 5, 9 * hour])).toBe('app-*')
    expect(chosen(['a-2026.11.21', 5, 9 * hour], ['b-2026.11.21', 7, 9 * hour - 60_000])).toBe('b-*')
    expect(chosen(['logs-2026.11.21', 0, null], ['b-2026.11.21', 7, hour], ['c', 1, null])).toBe('b-*')
    expect(chosen(['a-2026.11.21', 5, null], ['b-2026.11.21', 7, null])).toBe('*')
    expect(choosePattern(of())).toBe('*')
    // A single event of next year.
    expect(chosen(['odd', 7, 9000 * hour], ['logs-2026.11.21', 900, 9 * hour - 1000])).toBe('logs-*')
  })
})

describe('numbers', () => {
  it('formats', () => {
    expect([formatCount(12408), formatShort(9999), formatShort(12408), formatShort(1_234_567)]).toEqual([
      '12,408',
      '9,999',
      '12.4k',
      '1.2M',
    ])
    expect([formatShare(61, 100), formatShare(1, 1000), formatShare(0, 10), formatShare(1, 0)]).toEqual([
      '61 %',
      '<1 %',
      '0 %',
      '–',
    ])
  })
  it('finds round tops', () => {
    expect([0, 1, 3, 7, 12, 23, 25, 180, 1001].map(niceCeiling)).toEqual([1, 1, 3, 8, 15, 25, 25, 200, 1500])
  })
})
