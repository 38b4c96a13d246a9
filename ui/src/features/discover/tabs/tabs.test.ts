import { describe, expect, it } from 'vitest'
import { type Field, fieldsOfMappings } from '../../../lib/fields'
import { compareRequest, decodeComparison, dimensionsOf, latencyOf, periodSides } from './compare'
import { decodeStats, statsRequest } from './fieldstats'
import { decodePatterns, partsOf, patternsRequest, textFields } from './patterns'

const range = { from: 1_000_000, to: 1_060_000 }
const fields: Field[] = fieldsOfMappings([
  {
    index: 'i',
    properties: {
      '@timestamp': { type: 'date' },
      body: { type: 'text' },
      client_ip: { type: 'ip' },
      latency_ms: { type: 'double' },
      log_level: { type: 'keyword' },
      message: { type: 'text' },
      region: { type: 'keyword' },
      trace_id: { type: 'keyword' },
      version: { type: 'keyword' },
    },
  },
])
const present = new Map(fields.map(f => [f.name, 1]))

describe('patterns', () => {
  it('are of the usual message first', () => {
    expect(textFields(fields)).toEqual(['message', 'body'])
  })
  it('ask for this period and the one before', () => {
    const { query, aggs } = patternsRequest({ match_all: {} }, 't', range, 'message')
    expect(JSON.stringify(query)).toContain(new Date(940_000).toISOString())
    expect(aggs?.patterns).toMatchObject({ categorize_text: { field: 'message' } })
  })
  it('tell what is new, and leave out what is not in this period', () => {
    const pattern = (key: string, count: number, now: number) => ({
      key,
      doc_count: count,
      now: {
        doc_count: now,
        first: { value: now === 0 ? null : 1_000_500 },
        timeline: { buckets: [{ key: 1, doc_count: now }] },
        example: { hits: { hits: now === 0 ? [] : [{ _source: { message: `${key} 7`, level: 'error' } }] } },
      },
    })
    const answer = decodePatterns(
      {
        periods: { buckets: { now: { doc_count: 9 }, before: { doc_count: 20 } } },
        patterns: { buckets: [pattern('gone', 10, 0), pattern('old', 12, 2), pattern('fresh', 7, 7)] },
      },
      'message',
    )
    expect(answer).toMatchObject({ total: 9, before: 20, rest: 0, cut: false })
    expect(answer.list.map(p => [p.words, p.count, p.before, p.example, p.level])).toEqual([
      ['fresh', 7, 0, 'fresh 7', 'error'],
      ['old', 2, 10, 'old 7', 'error'],
    ])
  })
  it('count what no pattern holds', () => {
    const periods = { buckets: { now: { doc_count: 6 }, before: { doc_count: 0 } } }
    expect(decodePatterns({ periods, patterns: { buckets: [] } }, 'message')).toMatchObject({
      total: 6,
      rest: 6,
    })
  })
  it('show which part of an example is the template', () => {
    expect(partsOf('Tool call: reserve user=u_1 took 12ms.', 'Tool call user took')).toEqual([
      ['Tool call: ', true],
      ['reserve ', false],
      ['user=', true],
      ['u_1 ', false],
      ['took ', true],
      ['12ms.', false],
    ])
    expect(partsOf('', 'a')).toEqual([])
  })
})

describe('a comparison', () => {
  it('is over what has few values', () => {
    expect(dimensionsOf(fields, present, 'version').map(d => d.field)).toEqual(['log_level', 'region'])
    expect(latencyOf(fields, present)).toBe('latency_ms')
    expect(latencyOf(fields, new Map())).toBeNull()
  })
  const side = (now: number, before: number) => ({
    buckets: { now: { doc_count: now }, before: { doc_count: before } },
  })
  const value = (key: string, now: number, before: number) => ({
    key,
    doc_count: now + before,
    sides: side(now, before),
  })
  const answer = {
    sides: {
      buckets: {
        now: { doc_count: 1000, latency: { values: { '50.0': 5, '95.0': 50 } } },
        before: { doc_count: 500, latency: { values: { '50.0': 4, '95.0': 40 } } },
      },
    },
    messages: { buckets: [value('pool exhausted', 30, 0), value('as ever', 970, 500)] },
    d0: { buckets: [value('INFO', 900, 480), value('ERROR', 100, 20), value('DEBUG', 0, 12)] },
  }
  const dimensions = [{ field: 'log_level', on: 'log_level' }]
  it('finds what is new, grew and vanished', () => {
    const { now, before, groups } = decodeComparison(answer, dimensions, false)
    expect([now, before]).toEqual([
      { count: 1000, errors: 100, p50: 5, p95: 50 },
      { count: 500, errors: 20, p50: 4, p95: 40 },
    ])
    expect(groups.map(g => [g.field, g.rows.map(r => [r.text, r.change])])).toEqual([
      [
        null,
        [
          ['as ever', 'grew'],
          ['pool exhausted', 'new'],
        ],
      ],
      [
        'log_level',
        [
          ['INFO', 'grew'],
          ['ERROR', 'grew'],
          ['DEBUG', 'vanished'],
        ],
      ],
    ])
  })
  it('tells one fact of several fields once', () => {
    const sides = (before: number, now: number) => ({
      buckets: { now: { doc_count: now }, before: { doc_count: before } },
    })
    const row = (key: string, before: number, now: number) => ({
      key,
      doc_count: now,
      sides: sides(before, now),
    })
    const { groups } = decodeComparison(
      {
        sides: sides(500, 1000),
        d0: { buckets: [row('Oslo', 100, 400), row('Bergen', 3, 30)] },
        d1: { buckets: [row('Norway', 101, 402), row('Peru', 0, 30)] },
      },
      [
        { field: 'city', on: 'city' },
        { field: 'country', on: 'country' },
      ],
      false,
    )
    expect(groups.map(g => g.rows.map(r => [r.text, r.also]))).toEqual([
      [
        ['Oslo', [{ field: 'country', text: 'Norway', key: 'Norway' }]],
        ['Bergen', []],
      ],
      [['Peru', []]],
    ])
  })
  it('compares shares where the sides differ in size', () => {
    const { groups } = decodeComparison(answer, dimensions, true)
    expect(groups.map(g => g.rows.map(r => r.text))).toEqual([['pool exhausted'], ['ERROR', 'DEBUG']])
  })
  it('asks once for everything', () => {
    const request = compareRequest(
      { match_all: {} },
      periodSides('t', range),
      dimensions,
      'message',
      'latency_ms',
    )
    expect(Object.keys(request.aggs ?? {})).toEqual(['sides', 'messages', 'd0'])
  })
})

describe('statistics of fields', () => {
  it('ask each field for what its kind has', () => {
    const { aggs } = statsRequest({ match_all: {} }, fields)
    const kinds = Object.keys(aggs ?? {}).map(name => `${name[0]} ${fields[Number(name.slice(1))]?.name}`)
    expect(kinds).toContain('p latency_ms')
    expect(kinds).toContain('t region')
    expect(kinds).toContain('z @timestamp')
    expect(kinds.filter(k => k.endsWith('message'))).toEqual(['h message'])
  })
  it('are decoded', () => {
    const [latency, region] = decodeStats(
      {
        h0: { doc_count: 7 },
        p0: { values: { '50.0': 3 } },
        d0: { value: 4 },
        h1: { doc_count: 9 },
        t1: { buckets: [{ key: 'eu', doc_count: 9 }] },
      },
      fields.filter(f => ['latency_ms', 'region'].includes(f.name)),
    )
    expect(latency).toMatchObject({ having: 7, distinct: 4, top: [] })
    expect(latency?.spread?.get(50)).toBe(3)
    expect(region).toMatchObject({ having: 9, distinct: null, top: [{ text: 'eu', count: 9 }] })
  })
})
