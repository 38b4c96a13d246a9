import { describe, expect, it } from 'vitest'
import type { Field } from '../fields'
import { intervalOf } from './buckets/date_histogram'
import { geohashBox, geotileBox } from './buckets/geo_grid'
import { niceStep } from './buckets/histogram'
import { mix, seriesToken } from './colours'
import type { VisContext } from './context'
import { toCsv } from './export'
import { describeFilter, fromPill, negated, rangeFilter, readFilter, toPill } from './filter'
import { gaugeOf, withTarget } from './gauge'
import type { Json } from './json'
import { EMPTY_QUERY, newVis, type VisAgg } from './model'
import { readQuery, readVis, writeVis } from './read'
import { buildRequest } from './request'
import { readResponse } from './response'
import { asShares, xyCharts } from './series'
import { slicesOf } from './slices'
import { suggest } from './suggest'
import { sortRows, totalsOf } from './totals'

const agg = (id: string, type: string, schema: VisAgg['schema'], params: Json = {}): VisAgg => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})

const context: VisContext = {
  range: { from: 0, to: 3_600_000 },
  timeField: '@timestamp',
  timeZone: 'UTC',
  query: EMPTY_QUERY,
  filters: [],
  width: 480,
  fields: [],
}

const answer = (total: number, aggregations: Json) => ({
  total: { value: total, exact: true },
  hits: [],
  aggregations,
  missing: [],
})

describe('saved objects', () => {
  it('are read as Kibana 7 and 8 write them', () => {
    const vis = readVis(
      {
        title: 'Errors',
        visState: JSON.stringify({
          type: 'histogram',
          params: { addLegend: true },
          aggs: [{ id: '1', type: 'count', schema: 'metric' }],
        }),
        kibanaSavedObjectMeta: {
          searchSourceJSON: JSON.stringify({
            query: { query: 'log_level:ERROR', language: 'kuery' },
            filter: [{ meta: { key: 'a', negate: true }, query: { match_phrase: { a: 'x' } } }],
            indexRefName: 'ref',
          }),
        },
      },
      [{ name: 'ref', type: 'index-pattern', id: 'logs' }],
    )
    expect(vis).toMatchObject({
      title: 'Errors',
      type: 'histogram',
      notes: [],
      search: { query: { query: 'log_level:ERROR', language: 'kuery' }, index: 'logs' },
    })
    expect(vis.search.filter[0]).toMatchObject({ meta: { key: 'a', negate: true, disabled: false } })
    const { attributes, references } = writeVis(vis)
    expect(readVis(attributes, references)).toEqual(vis)
  })
  it.each<[string, Json, string]>([
    ['vertical_bar', {}, 'histogram'],
    ['donut', {}, 'pie'],
    ['map', { mapType: 'Coordinate Map' }, 'tile_map'],
    ['map', { mapType: 'Region Map' }, 'region_map'],
    ['timelion', {}, 'unsupported'],
    ['constructor', {}, 'unsupported'],
  ])('%s is known', (type, params, want) => {
    const vis = readVis({ visState: { type, params, aggs: [] } })
    expect(vis.type).toBe(want)
    expect(vis.notes.length).toBe(want === 'unsupported' ? 1 : 0)
  })
  it('survive nonsense', () => {
    for (const odd of [
      null,
      7,
      'x',
      { visState: '{' },
      { visState: { type: 'line', aggs: [1, {}, { type: 'count' }] } },
    ]) {
      expect(readVis(odd).search.query).toEqual(EMPTY_QUERY)
    }
    expect(readVis({ visState: '{' }).type).toBe('unsupported')
  })
  it('name their aggregations so that the server takes them', () => {
    const aggs = [
      { id: 'a>b', type: 'count' },
      { id: '1', type: 'count' },
      { id: '1', type: 'count' },
    ]
    expect(readVis({ visState: { type: 'metric', aggs } }).aggs.map(a => a.id)).toEqual(['a1', '1', 'a3'])
  })
  it('hold queries in three forms', () => {
    expect(readQuery('a:b')).toEqual({ query: 'a:b', language: 'lucene' })
    expect(readQuery({ query_string: { query: '*' } })).toEqual(EMPTY_QUERY)
    expect(readQuery({ query: { query_string: { query: 'a' } } })).toEqual({ query: 'a', language: 'lucene' })
    expect(readQuery({ query: 'a', language: 'kql' })).toEqual({ query: 'a', language: 'kuery' })
  })
  it('keep a table of documents what Kibana knows', () => {
    const aggs = [agg('1', 'top_hits', 'metric', { field: '_source' })]
    const vis = readVis({ visState: { type: 'table', aggs } })
    expect(vis.type).toBe('top_hits_table')
    expect(JSON.parse(String(writeVis(vis).attributes.visState)).type).toBe('table')
  })
})

describe('filters', () => {
  it('become pills and come back', () => {
    const pill = { field: 'tool', kind: 'is' as const, value: 'search', negated: true, disabled: false }
    expect(toPill(fromPill(pill))).toEqual(pill)
    expect(toPill(rangeFilter('a', { gte: 1 }))).toMatchObject({ kind: 'dsl', field: 'a: 1 to ∞' })
  })
  it('are read in older forms', () => {
    expect(readFilter({ meta: {}, query: { match: { a: { query: 'x', type: 'phrase' } } } })?.query).toEqual({
      match_phrase: { a: 'x' },
    })
    expect(readFilter({ meta: { key: 'a' }, range: { a: { gte: 1 } } })?.query).toEqual({
      range: { a: { gte: 1 } },
    })
    expect(readFilter({ meta: {} })).toBeNull()
  })
  it('say what they do', () => {
    expect(describeFilter(negated(rangeFilter('took', { gte: 50, lt: 100 })))).toBe('not took: 50 to 100')
  })
})

describe('widths of buckets', () => {
  it.each<[Json, string]>([
    [{ interval: 'auto' }, 'fixed 1m'],
    [{ interval: 'm' }, 'fixed 1m'],
    [{ interval: '30s' }, 'fixed 30s'],
    [{ interval: 'h' }, 'fixed 1h'],
    [{ interval: 'd' }, 'calendar 1d'],
    [{ interval: 'hour' }, 'fixed 1h'],
    [{ interval: '2w' }, 'fixed 14d'],
    [{ interval: 'custom', customInterval: '5m' }, 'fixed 5m'],
    [{ calendar_interval: '1M' }, 'calendar 1M'],
    [{ fixed_interval: '90s' }, 'fixed 90s'],
    [{ interval: 'nonsense' }, 'fixed 1m'],
  ])('%j', (params, want) => {
    const { interval } = intervalOf(agg('2', 'date_histogram', 'segment', params), context)
    expect(`${interval?.kind} ${interval?.text}`).toBe(want)
  })
  it('are no more than can be drawn', () => {
    const { interval, note } = intervalOf(agg('2', 'date_histogram', 'segment', { interval: '1s' }), context)
    expect(interval?.text).toBe('10s')
    expect(note).toContain('more than 2000')
  })
  it('of numbers are round', () => {
    expect([niceStep(100, 50), niceStep(780, 50), niceStep(0, 50), niceStep(0.3, 50)]).toEqual([
      2, 20, 1, 0.01,
    ])
  })
})

describe('cells of the earth', () => {
  it('of geohashes', () => {
    const box = geohashBox('u4pruy')
    expect(
      box && box.bottom < 57.64911 && box.top > 57.64911 && box.left < 10.40744 && box.right > 10.40744,
    ).toBe(true)
    expect(geohashBox('a!')).toBeNull()
  })
  it('of tiles', () => {
    expect(geotileBox('1/0/0')).toMatchObject({ left: -180, right: 0, bottom: 0 })
    expect(geotileBox('x')).toBeNull()
  })
})

const overTime = (type: 'line' | 'area' | 'histogram', params: Json = {}) =>
  newVis(
    type,
    [
      agg('1', 'count', 'metric'),
      agg('3', 'terms', 'group', { field: 'level' }),
      agg('2', 'date_histogram', 'segment', { interval: '30m' }),
    ],
    params,
  )

const timeAnswer = answer(6, {
  3: {
    buckets: [
      {
        key: 'error',
        doc_count: 4,
        2: {
          buckets: [
            { key: 0, doc_count: 1 },
            { key: 1_800_000, doc_count: 3 },
          ],
        },
      },
      { key: 'info', doc_count: 2, 2: { buckets: [{ key: 1_800_000, doc_count: 2 }] } },
    ],
  },
})

describe('charts with an axis', () => {
  it('have a series per value, with nothing where nothing was counted', () => {
    const vis = overTime('histogram')
    const table = readResponse(buildRequest(vis, context), timeAnswer)
    const [chart] = xyCharts(vis, table)
    expect(chart?.axis).toMatchObject({ kind: 'time', values: [0, 1_800_000], step: 1_800_000 })
    expect(chart?.series.map(s => [s.name, s.kind, s.stack, s.values])).toEqual([
      ['error', 'bar', 'stack  1', [1, 3]],
      ['info', 'bar', 'stack  1', [0, 2]],
    ])
    expect(chart?.series[0]?.filters(1).map(describeFilter)[0]).toBe('level: error')
  })
  it('obey the params of their series', () => {
    const params = {
      seriesParams: [{ data: { id: '1' }, type: 'line', mode: 'normal', valueAxis: 'B' }],
      valueAxes: [{ id: 'A' }, { id: 'B' }],
    }
    const vis = overTime('histogram', params)
    const [chart] = xyCharts(vis, readResponse(buildRequest(vis, context), timeAnswer))
    expect(chart?.series[0]).toMatchObject({ kind: 'line', stack: null, axis: 1 })
  })
  it('show shares', () => {
    const vis = overTime('area', { mode: 'percentage' })
    const [chart] = xyCharts(vis, readResponse(buildRequest(vis, context), timeAnswer))
    expect(chart && asShares(chart).series.map(s => s.values)).toEqual([
      [1, 0.6],
      [0, 0.4],
    ])
  })
  it('are one per value that they are split by', () => {
    const vis = overTime('line')
    const split = { ...vis, aggs: vis.aggs.map(a => (a.id === '3' ? { ...a, schema: 'split' as const } : a)) }
    const charts = xyCharts(split, readResponse(buildRequest(split, context), timeAnswer))
    expect(charts.map(c => [c.title, c.series.map(s => s.name)])).toEqual([
      ['error', ['Count']],
      ['info', ['Count']],
    ])
  })
})

describe('slices', () => {
  it('lie in each other', () => {
    const vis = newVis('pie', [
      agg('1', 'count', 'metric'),
      agg('2', 'terms', 'segment', { field: 'a' }),
      agg('3', 'terms', 'segment', { field: 'b' }),
    ])
    const inner = {
      buckets: [
        { key: 'p', doc_count: 2 },
        { key: 'q', doc_count: 1 },
      ],
    }
    const table = readResponse(
      buildRequest(vis, context),
      answer(3, { 2: { buckets: [{ key: 'x', doc_count: 3, 3: inner }] } }),
    )
    const [slice] = slicesOf(table)
    expect([
      slice?.name,
      slice?.value,
      slice?.children.map(c => [c.name, c.value, c.filters.length]),
    ]).toEqual([
      'x',
      3,
      [
        ['p', 2, 2],
        ['q', 1, 2],
      ],
    ])
  })

  it('know which one has all other values', () => {
    const terms = agg('2', 'terms', 'segment', { field: 'a', otherBucket: true })
    const vis = newVis('pie', [agg('1', 'count', 'metric'), terms])
    const buckets = [{ key: 'x', doc_count: 3 }]
    const table = readResponse(
      buildRequest(vis, context),
      answer(5, { 2: { buckets, sum_other_doc_count: 2 } }),
    )
    expect(slicesOf(table).map(s => [s.name, s.value, s.rest])).toEqual([
      ['x', 3, false],
      ['Other', 2, true],
    ])
  })
})

describe('the target of a goal', () => {
  const bands = [
    { from: 0, to: 50 },
    { from: 50, to: 100 },
  ]
  it.each([
    ['ends the last band', bands, 200, [bands[0], { from: 50, to: 200 }]],
    ['leaves out what lies above it', bands, 40, [{ from: 0, to: 40 }]],
    ['makes a band where there is none', [], 10, [{ from: 0, to: 10 }]],
    ['is taken away with its bands', bands, null, []],
  ])('%s', (_, before, target, after) => {
    expect(withTarget(before, target)).toEqual(after)
  })
})

describe('gauges', () => {
  const gauge = (matching: number, total: number, colorsRange?: unknown) => {
    const filters = { filters: [{ input: { query: 'log_level:ERROR' }, label: 'Errors' }] }
    const vis = newVis(
      'gauge',
      [agg('1', 'count', 'metric', { customLabel: 'Error Rate' }), agg('2', 'filters', 'group', filters)],
      {
        gauge: { percentageMode: true, ...(colorsRange !== undefined && { colorsRange }) },
      },
    )
    const body = answer(total, { 2: { buckets: [{ doc_count: matching }] } })
    return gaugeOf(vis, readResponse(buildRequest(vis, context), body))
  }
  it.each([
    [1, 200, '0.5 %', 0],
    [2, 200, '1 %', 1],
    [9, 200, '4.5 %', 1],
    [10, 200, '5 %', 2],
    [200, 200, '100 %', 2],
    [0, 0, '–', -1],
  ])('%d of %d are %s', (matching, total, text, band) => {
    expect(gauge(matching, total).readings[0]).toMatchObject({ label: 'Error Rate', text, band })
  })
  it('obey ranges of their own', () => {
    const { bands, readings } = gauge(30, 100, [
      { from: 0, to: 25 },
      { from: 25, to: 100 },
    ])
    expect([bands.length, readings[0]?.band]).toEqual([2, 1])
  })
  it.each([
    [' ', ['a', 'b']],
    ['Hits', ['a · Hits', 'b · Hits']],
  ])('as numbers named %j are called after their values', (customLabel, labels) => {
    const terms = agg('2', 'terms', 'group', { field: 'host' })
    const vis = newVis('metric', [agg('1', 'count', 'metric', { customLabel }), terms])
    const buckets = ['a', 'b'].map(key => ({ key, doc_count: 1 }))
    const table = readResponse(buildRequest(vis, context), answer(2, { 2: { buckets } }))
    expect(gaugeOf(vis, table).readings.map(r => r.label)).toEqual(labels)
  })
  it('show plain numbers on the scale of their ranges', () => {
    const vis = newVis('gauge', [agg('1', 'avg', 'metric', { field: 'a' })], {
      gauge: {
        colorsRange: [
          { from: 0, to: 50 },
          { from: 50, to: 200 },
        ],
      },
    })
    const read = gaugeOf(vis, readResponse(buildRequest(vis, context), answer(4, { 1: { value: 100 } })))
    expect(read.readings[0]).toMatchObject({ text: '100', band: 1, share: 0.5 })
  })
})

describe('tables', () => {
  const vis = newVis('table', [agg('1', 'count', 'metric'), agg('2', 'terms', 'bucket', { field: 'tool' })])
  const buckets = [
    { key: 'a,b', doc_count: 2 },
    { key: '=1+1', doc_count: 10 },
    { key: 'c', doc_count: 3 },
  ]
  const table = readResponse(buildRequest(vis, context), answer(15, { 2: { buckets } }))
  it('are sorted by value', () => {
    expect(sortRows(table.rows, { column: 1, direction: 'asc' }).map(r => r.cells[1]?.value)).toEqual([
      2, 3, 10,
    ])
  })
  it.each([
    ['sum', '15'],
    ['avg', '5'],
    ['min', '2'],
    ['max', '10'],
    ['count', '3'],
  ])('have a %s', (how, want) => {
    expect(totalsOf(table, how)).toEqual(['', want])
  })
  it('leave as CSV that no spreadsheet runs', () => {
    expect(toCsv(table)).toBe('tool,Count\r\n"a,b",2\r\n\'=1+1,10\r\nc,3\r\n')
  })
})

describe('suggestions', () => {
  const field = (name: string, kind: Field['kind'], aggregateOn: string | null = name): Field => ({
    name,
    type: kind,
    kind,
    searchable: true,
    aggregateOn,
    split: [],
  })
  it.each<[Field[], string, string[]]>([
    [[], 'histogram', ['count', 'date_histogram @timestamp']],
    [[field('latency_ms', 'number')], 'line', ['percentiles latency_ms', 'date_histogram @timestamp']],
    [[field('tokens', 'number')], 'line', ['avg tokens', 'date_histogram @timestamp']],
    [[field('status', 'number')], 'horizontal_bar', ['count', 'terms status']],
    [[field('log_level', 'keyword')], 'histogram', ['count', 'terms log_level', 'date_histogram @timestamp']],
    [[field('tool', 'text', 'tool.keyword')], 'horizontal_bar', ['count', 'terms tool.keyword']],
    [[field('geo', 'geo', null)], 'tile_map', ['count', 'geohash_grid geo']],
    [[field('message', 'text', null)], 'histogram', ['count', 'date_histogram @timestamp']],
    [
      [field('took', 'number'), field('tool', 'keyword')],
      'line',
      ['avg took', 'terms tool', 'date_histogram @timestamp'],
    ],
    [[field('tool', 'keyword'), field('user', 'keyword')], 'heatmap', ['count', 'terms tool', 'terms user']],
  ])('for %j', (fields, type, want) => {
    const vis = suggest(fields, '@timestamp')
    expect(vis.type).toBe(type)
    expect(vis.aggs.map(a => [a.type, a.params.field].filter(Boolean).join(' '))).toEqual(want)
  })
})

describe('colours', () => {
  it('lie between', () => {
    expect(
      mix(
        [
          [0, 0, 0],
          [100, 200, 50],
        ],
        0.5,
      ),
    ).toEqual([50, 100, 25])
  })
  it('of levels are those of levels', () => {
    expect([seriesToken('ERROR', 3), seriesToken('search', 11), seriesToken(null, 0)]).toEqual([
      'level-error',
      'series-2',
      'series-1',
    ])
  })
})
