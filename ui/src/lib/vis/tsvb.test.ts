import { describe, expect, it } from 'vitest'
import { readTsvb } from './tsvb'

const series = (metrics: unknown[], more = {}) => ({
  metrics,
  split_mode: 'everything',
  chart_type: 'line',
  ...more,
})
const formulaOf = (metrics: unknown[], more = {}) =>
  readTsvb({ type: 'timeseries', series: [series(metrics, more)] }).aggs[0]?.params.formula

describe('readTsvb', () => {
  it('reads stacked bars that are split by filters', () => {
    const vis = readTsvb({
      type: 'timeseries',
      index_pattern: 'web-*',
      time_field: '@timestamp',
      interval: '>=1m',
      filter: 'module:web',
      legend_position: 'bottom',
      series: [
        series([{ id: 'a', type: 'count' }], {
          chart_type: 'bar',
          stacked: 'stacked',
          split_mode: 'filters',
          split_filters: [
            { filter: 'status:[200 TO 299]', label: '2xx' },
            { filter: { query: 'status >= 500', language: 'kuery' }, label: '5xx' },
          ],
        }),
      ],
    })
    expect(vis.type).toBe('histogram')
    expect(vis.search).toEqual({
      query: { query: 'module:web', language: 'lucene' },
      filter: [],
      index: 'web-*',
    })
    expect(vis.aggs.map(a => [a.type, a.schema])).toEqual([
      ['count', 'metric'],
      ['filters', 'group'],
      ['date_histogram', 'segment'],
    ])
    expect(vis.aggs[1]?.params.filters).toEqual([
      { input: { query: 'status:[200 TO 299]', language: 'lucene' }, label: '2xx' },
      { input: { query: 'status >= 500', language: 'kuery' }, label: '5xx' },
    ])
    expect(vis.aggs[2]?.params.interval).toBe('1m')
  })

  it('writes metrics as formulas', () => {
    expect(formulaOf([{ id: 'a', type: 'avg', field: 'http.ms' }])).toBe('average(http.ms)')
    expect(formulaOf([{ id: 'a', type: 'avg', field: 'a-b' }])).toBe("average('a-b')")
    expect(formulaOf([{ id: 'a', type: 'percentile', field: 'ms', percentiles: [{ value: '99' }] }])).toBe(
      'percentile(ms, percentile=99)',
    )
    expect(
      formulaOf([
        { id: 'a', type: 'max', field: 'bytes' },
        { id: 'b', type: 'derivative', field: 'a' },
        { id: 'c', type: 'positive_only', field: 'b' },
      ]),
    ).toBe('pick_max(differences(max(bytes)), 0)')
    expect(formulaOf([{ id: 'a', type: 'filter_ratio', numerator: 'level:ERROR', denominator: '*' }])).toBe(
      "count(lucene='level:ERROR') / count(lucene='*')",
    )
    expect(
      formulaOf([
        { id: 'a', type: 'sum', field: 'x' },
        { id: 'b', type: 'count' },
        {
          id: 'c',
          type: 'math',
          script: '100 * params.x / params.n',
          variables: [
            { name: 'x', field: 'a' },
            { name: 'n', field: 'b' },
          ],
        },
      ]),
    ).toBe('100 * (sum(x)) / (count())')
    expect(
      formulaOf([{ id: 'a', type: 'count' }], {
        split_mode: 'filter',
        filter: { query: "a:'b'", language: 'kuery' },
      }),
    ).toBe("count(kql='a:\\'b\\'')")
  })

  it.each([
    [{ type: 'timeseries', series: [] }, 'it has no series'],
    [
      { type: 'timeseries', series: [series([{ type: 'vega' }])] },
      'metrics of the type “vega” are not known',
    ],
    [
      { type: 'timeseries', series: [series([{ type: 'count' }, { type: 'series_agg' }])] },
      'it adds up its series',
    ],
    [
      { type: 'timeseries', series: [series([{ type: 'count' }], { offset_time: '1d' })] },
      'it is compared with 1d before',
    ],
    [{ type: 'sausage', series: [series([{ type: 'count' }])] }, 'panels of the type “sausage”'],
    [{ type: 'table', series: [series([{ type: 'count' }])] }, 'no rows to group by'],
    [null, 'it has no series'],
  ])('says why not: %j', (params, reason) => {
    const vis = readTsvb(params)
    expect(vis.type).toBe('unsupported')
    expect(vis.notes[0]).toContain(reason)
  })

  it('reads numbers, lists and texts', () => {
    expect(readTsvb({ type: 'metric', series: [series([{ type: 'count' }])] }).notes).toEqual([
      'Over the whole time; Kibana shows the last interval of it.',
    ])
    expect(
      readTsvb({
        type: 'top_n',
        series: [series([{ type: 'count' }], { split_mode: 'terms', terms_field: 'url' })],
      }).type,
    ).toBe('horizontal_bar')
    expect(readTsvb({ type: 'markdown', markdown: '# Hi' }).params).toEqual({ markdown: '# Hi' })
  })
})
