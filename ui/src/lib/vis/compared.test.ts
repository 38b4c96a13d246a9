// What charts compute beside one search: earlier times, layers, reference lines and annotations, with numbers.

import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../time/units'
import type { VisContext } from './context'
import type { Json } from './json'
import { loadVis } from './load'
import { EMPTY_QUERY, newVis, type VisAgg } from './model'
import type { SearchBody } from './request'
import type { VisAnswer } from './response'
import { xyCharts } from './series'
import { bucketOffset, readShift } from './shift'

const START = Date.UTC(2026, 2, 10, 12)
const range = { from: START, to: START + 2 * HOUR }
const context: VisContext = {
  range,
  timeField: '@timestamp',
  timeZone: 'UTC',
  query: EMPTY_QUERY,
  filters: [],
  width: 600,
  fields: [],
}

const agg = (id: string, type: string, schema: VisAgg['schema'], params: Json = {}): VisAgg => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})
const time = agg('t', 'date_histogram', 'segment', { interval: '1h' })

const answer = (total: number, aggregations: Json, hits: VisAnswer['hits'] = []): VisAnswer => ({
  total: { value: total, exact: true },
  hits,
  aggregations,
  missing: [],
})

/** Answers in turn, and keeps what was asked. */
function server(...answers: VisAnswer[]) {
  const asked: { index: string; body: SearchBody }[] = []
  const search = async (index: string, body: SearchBody) => {
    asked.push({ index, body })
    return answers[asked.length - 1] ?? answer(0, {})
  }
  return { asked, search }
}

const buckets = (from: number, ...counts: number[]) => ({
  buckets: counts.map((doc_count, i) => ({ key: from + i * HOUR, doc_count })),
})

describe('values that are ordered by a part of their documents', () => {
  it.each([
    ["count(kql='ok: 1')", 'by-order-0'],
    ["sum(bytes, kql='ok: 1')", 'by-order-0>v'],
  ])('%s', async (formula, path) => {
    const orderAgg = { type: 'formula', params: { formula } }
    const by = agg('by', 'terms', 'segment', { field: 'host', orderBy: 'custom', orderAgg })
    const { asked, search } = server(answer(0, {}))
    await loadVis(newVis('pie', [agg('n', 'count', 'metric'), by]), 'logs', context, search)
    expect(asked[0]?.body.aggs?.by).toMatchObject({ terms: { order: { [path]: 'desc' } } })
  })
})

describe('the times that are compared', () => {
  it.each<[string, number | null]>([
    ['1d', START - DAY],
    ['90m', START - 90 * MINUTE],
    ['1 w', START - 7 * DAY],
    ['1M', Date.UTC(2026, 1, 10, 12)],
    ['1y', Date.UTC(2025, 2, 10, 12)],
    ['previous', START - 2 * HOUR],
    ['startAt(2026-03-01T00:00:00Z)', Date.UTC(2026, 2, 1)],
    ['endAt(2026-03-01T00:00:00Z)', Date.UTC(2026, 1, 28, 22)],
    ['soon', null],
    ['startAt(soon)', null],
    ['-1d', null],
  ])('%s', (text, want) => {
    expect(readShift(text, range)?.(START) ?? null).toBe(want)
  })
  it('have buckets that begin as those they are compared with', () => {
    expect(bucketOffset(undefined, HOUR, false)).toBe(0)
    expect(bucketOffset(DAY, HOUR, false)).toBe(0)
    expect(bucketOffset(90 * MINUTE, HOUR, false)).toBe(30 * MINUTE)
    expect(bucketOffset(DAY, 7 * DAY, false)).toBe(6 * DAY)
    expect(bucketOffset(3 * HOUR, DAY, true)).toBe(21 * HOUR)
    expect(bucketOffset(7 * DAY, DAY, true)).toBe(0)
  })
})

describe('a metric of an earlier time', () => {
  const vis = newVis('line', [
    agg('n', 'count', 'metric'),
    agg('before', 'formula', 'metric', { formula: "count(shift='1d')" }),
    agg('growth', 'formula', 'metric', { formula: "count() / count(shift='1d') - 1" }),
    time,
  ])
  it('is asked of that time and stands beside that of now', async () => {
    const { asked, search } = server(
      answer(30, { t: buckets(START, 10, 20) }),
      answer(13, { t: buckets(START - DAY, 8, 5) }),
    )
    const table = await loadVis(vis, 'logs', context, search)
    expect(asked.length).toBe(2)
    expect(asked[1]?.body.query).toMatchObject({
      bool: {
        filter: [
          { range: { '@timestamp': { gte: '2026-03-09T12:00:00.000Z', lte: '2026-03-09T14:00:00.000Z' } } },
        ],
      },
    })
    expect(table?.rows.map(r => r.cells.slice(1).map(c => c.value))).toEqual([
      [10, 8, 0.25],
      [20, 5, 3],
    ])
  })
  it('finds its bucket where one of either time is missing', async () => {
    const { search } = server(
      answer(30, { t: buckets(START, 10, 20) }),
      answer(5, { t: buckets(START - DAY + HOUR, 5) }),
    )
    const table = await loadVis(vis, 'logs', context, search)
    expect(table?.rows.map(r => r.cells[2]?.value)).toEqual([null, 5])
  })
  it('is of the values that were found now, whatever came first then', async () => {
    const by = agg('by', 'terms', 'group', { field: 'tool', size: 2, orderBy: 'm' })
    const most = agg('m', 'max', 'metric', { field: 'ms' })
    const before = agg('b', 'formula', 'metric', { formula: "max(ms, shift='previous')" })
    const terms = (...found: [string, number][]) => ({
      by: {
        buckets: found.map(([key, value]) => ({ key, doc_count: 1, m: { value }, 'b-0': { value } })),
      },
    })
    const { asked, search } = server(
      answer(3, terms(['pay', 9], ['book', 7])),
      answer(2, terms(['book', 4], ['pay', 2])),
    )
    const table = await loadVis(newVis('metric', [most, before, by]), 'logs', context, search)
    expect(asked[1]?.body.aggs).toEqual({
      by: {
        terms: { field: 'tool', size: 2, include: ['pay', 'book'] },
        aggs: { 'b-0': { max: { field: 'ms' } } },
      },
    })
    expect(table?.rows.map(r => r.cells.map(c => c.value))).toEqual([
      ['pay', 9, 2],
      ['book', 7, 4],
    ])
  })
  it('of everything needs no buckets', async () => {
    const one = agg('g', 'formula', 'metric', { formula: 'count() - count()', timeShift: '1w' })
    const now = agg('n', 'formula', 'metric', { formula: "count() - count(shift='1w')" })
    const { asked, search } = server(answer(30, {}), answer(12, {}))
    const table = await loadVis(newVis('metric', [one, now]), 'logs', context, search)
    expect(asked.length).toBe(2)
    expect(table?.rows[0]?.cells.map(c => c.value)).toEqual([0, 18])
  })
})

describe('a value per unit of time', () => {
  it('follows the width of the buckets, or the whole time', async () => {
    const per = (unit: string) =>
      agg('n', 'formula', 'metric', { formula: `normalize_by_unit(count(), unit='${unit}')` })
    const { search } = server(answer(7200, { t: buckets(START, 3600, 1800) }))
    const spread = await loadVis(newVis('line', [per('m'), time]), 'logs', context, search)
    expect(spread?.rows.map(r => r.cells[1]?.value)).toEqual([60, 30])
    const whole = await loadVis(
      newVis('metric', [per('h')]),
      'logs',
      context,
      server(answer(7200, {})).search,
    )
    expect(whole?.rows[0]?.cells[0]?.value).toBe(3600)
  })
  it('can be of the last part of the time only', async () => {
    const { asked, search } = server(answer(9, { 'n-0': { doc_count: 4 } }))
    const last = agg('n', 'formula', 'metric', { formula: "count(reducedTimeRange='1m')" })
    const table = await loadVis(newVis('metric', [last]), 'logs', context, search)
    expect(asked[0]?.body.aggs).toMatchObject({
      'n-0': { filter: { range: { '@timestamp': { gte: '2026-03-10T13:59:00.000Z' } } } },
    })
    expect(table?.rows[0]?.cells[0]?.value).toBe(4)
  })
})

describe('layers', () => {
  const other = [
    agg('m', 'avg', 'metric', { field: 'ms' }),
    agg('by', 'terms', 'group', { field: 'host' }),
    agg('u', 'date_histogram', 'segment', { interval: '30m' }),
  ]
  const vis = newVis('histogram', [agg('n', 'count', 'metric'), time], {
    layers: [
      { aggs: other, index: 'elsewhere' },
      {
        aggs: [agg('q', 'max', 'metric', { field: 'ms' })],
        lines: { q: { colour: 'series-3', fill: 'above' } },
      },
    ],
    thresholds: [{ value: 15, label: 'many', colour: 'level-warn' }],
    seriesParams: [{ data: { id: 'm' }, type: 'line' }],
  })
  const half = { buckets: [0, 1, 2, 3].map(i => ({ key: START + i * 30 * MINUTE, m: { value: i + 1 } })) }
  const load = () => {
    const { asked, search } = server(
      answer(30, { t: buckets(START, 10, 20) }),
      answer(30, { by: { buckets: [{ key: 'h1', doc_count: 4, u: half }] } }),
      answer(30, { q: { value: 42 } }),
    )
    const viewOf = (id: string) => ({ title: `${id}-*`, timeField: 'when' })
    return loadVis(vis, 'logs', { ...context, viewOf }, search).then(table => ({ asked, table }))
  }
  it('are searches of their own along one axis', async () => {
    const { asked, table } = await load()
    expect(asked.map(a => a.index)).toEqual(['logs', 'elsewhere-*', 'logs'])
    expect(JSON.stringify(asked[1]?.body)).toContain('"when"')
    const [chart] = table ? xyCharts(vis, table) : []
    expect(chart?.axis.values).toEqual([0, 1, 2, 3].map(i => START + i * 30 * MINUTE))
    expect(chart?.axis.step).toBe(30 * MINUTE)
    expect(chart?.series.map(s => [s.name, s.kind, s.step, s.places, s.values])).toEqual([
      ['Count', 'bar', HOUR, [0, 2], [10, null, 20, null]],
      ['h1', 'line', 30 * MINUTE, [0, 1, 2, 3], [1, 2, 3, 4]],
    ])
  })
  it('of lines stand across the chart beside those that are written down', async () => {
    const { table } = await load()
    const [chart] = table ? xyCharts(vis, table) : []
    expect(chart?.lines.map(l => [l.value, l.label, l.colour, l.fill])).toEqual([
      [15, 'many', 'level-warn', 'none'],
      [42, 'Max ms', 'series-3', 'above'],
    ])
  })
})

describe('annotations', () => {
  const vis = newVis('line', [agg('n', 'count', 'metric'), time], {
    annotations: [
      { label: 'Release', at: '2026-03-10T12:30:00Z', end: '2026-03-10T12:45:00Z', colour: '#E24D42' },
      {
        label: 'to {{version}}',
        query: { query: 'event: deploy', language: 'kuery' },
        index: 'events',
        timeField: 'at',
      },
      { label: 'never', at: 'soon' },
    ],
  })
  it('are moments that are written down, and those of documents', async () => {
    const hit = { index: 'events', id: '1', source: { version: '2.1' }, sort: [START + MINUTE] }
    const { asked, search } = server(answer(3, { t: buckets(START, 1, 2) }), answer(1, {}, [hit]))
    const table = await loadVis(vis, 'logs', context, search)
    expect(asked[1]?.index).toBe('events')
    expect(asked[1]?.body.sort).toEqual([{ at: { order: 'desc', unmapped_type: 'date' } }])
    const [chart] = table ? xyCharts(vis, table) : []
    expect(chart?.moments).toEqual([
      { at: START + MINUTE, label: 'to 2.1' },
      { at: START + 30 * MINUTE, end: START + 45 * MINUTE, label: 'Release', colour: 'level-error' },
    ])
  })
})

describe('collapsed buckets', () => {
  const nested = (counts: number[][]) =>
    answer(9, {
      by: { buckets: counts.map((c, i) => ({ key: `h${i}`, doc_count: 1, t: buckets(START, ...c) })) },
    })
  const by = agg('by', 'terms', 'group', { field: 'host' })
  const load = async (collapse: Json[]) => {
    const { search } = server(
      nested([
        [1, 2],
        [3, 4],
        [5, 0],
      ]),
    )
    const vis = newVis('line', [agg('n', 'count', 'metric'), by, time], { collapse })
    return (await loadVis(vis, 'logs', context, search))?.rows.map(r => r.cells.map(c => c.value))
  }
  it.each<[string, unknown[]]>([
    ['sum', [9, 6]],
    ['avg', [3, 2]],
    ['min', [1, 0]],
    ['max', [5, 4]],
  ])('are one by their %s', async (how, want) => {
    expect(await load([{ agg: 'by', by: how }])).toEqual([
      [START, want[0]],
      [START + HOUR, want[1]],
    ])
  })
  it('leave the last of their axis', async () => {
    expect(await load([{ agg: 't', by: 'last' }])).toEqual([
      ['h0', 2],
      ['h1', 4],
      ['h2', 0],
    ])
    expect(
      await load([
        { agg: 'by', by: 'sum' },
        { agg: 't', by: 'last' },
      ]),
    ).toEqual([[6]])
    expect((await load([{ agg: 'by', by: 'mode' }]))?.length).toBe(6)
  })
})
