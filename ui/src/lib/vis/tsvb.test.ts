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
      'it aggregates its series by “”',
    ],
    [
      {
        type: 'timeseries',
        series: [
          series([
            { id: 'b', type: 'count' },
            { id: 'a', type: 'derivative', field: 'b', unit: '1 fortnight' },
          ]),
        ],
      },
      'a rate per “1 fortnight” is not known',
    ],
    [
      {
        type: 'metric',
        series: [
          series([{ type: 'count' }]),
          series([{ type: 'count' }], { split_mode: 'terms', terms_field: 'a' }),
        ],
      },
      'some of its series are split and others are not',
    ],
    [{ type: 'sausage', series: [series([{ type: 'count' }])] }, 'panels of the type “sausage”'],
    [{ type: 'table', series: [series([{ type: 'count' }])] }, 'no rows to group by'],
    [null, 'it has no series'],
  ])('says why not: %j', (params, reason) => {
    const vis = readTsvb(params)
    expect(vis.type).toBe('unsupported')
    expect(vis.notes[0]).toContain(reason)
  })

  it('shifts a series by its offset', () => {
    const vis = readTsvb({
      type: 'timeseries',
      series: [
        series([{ id: 'a', type: 'count' }]),
        series([{ id: 'b', type: 'count' }], { offset_time: '1d' }),
      ],
    })
    expect(vis.aggs.map(a => a.params)).toMatchObject([{}, { formula: 'count()', timeShift: '1d' }, {}])
    expect(vis.params.layers).toBeUndefined()
  })

  it('measures rates by the second', () => {
    expect(formulaOf([{ id: 'a', type: 'positive_rate', field: 'bytes', unit: '1s' }])).toBe(
      "normalize_by_unit(pick_max(differences(max(bytes)), 0), unit='1s')",
    )
    expect(
      formulaOf([
        { id: 'a', type: 'max', field: 'bytes' },
        { id: 'b', type: 'derivative', field: 'a', unit: '10s' },
      ]),
    ).toBe("normalize_by_unit(differences(max(bytes)), unit='10s')")
    expect(
      formulaOf([
        { id: 'a', type: 'sum', field: 'x' },
        {
          id: 'b',
          type: 'calculation',
          script: 'params.x > 0 ? params.x / params._interval : null',
          variables: [{ name: 'x', field: 'a' }],
        },
      ]),
    ).toBe('ifelse(gt((sum(x)), 0), (sum(x)) / interval(), 0 / 0)')
  })

  it('has the conditions of a script, those of missing values by the way', () => {
    const scripted = (script: string) => {
      const metrics = [
        { id: 'a', type: 'count' },
        { id: 'b', type: 'calculation', script, variables: [{ name: 'x', field: 'a' }] },
      ]
      return readTsvb({ type: 'timeseries', series: [series(metrics)] })
    }
    const written = (script: string) => scripted(script).aggs[0]?.params.formula
    expect(written('params.x != null && params.x > 0 ? params.x * -1 : null')).toBe(
      'ifelse(gt((count()), 0), (count()) * -1, 0 / 0)',
    )
    expect(written('params.x != null ? params.x : null')).toBe('(count())')
    expect(written('params.x > 1 && params.x <= 5 ? 1 : 0')).toBe(
      'ifelse(gt((count()), 1), ifelse(lte((count()), 5), 1, 0), 0)',
    )
    expect(scripted('params.x != null ? 1 : 0').notes[0]).toContain('“params.x != null”')
    expect(scripted('params.x > 1 || params.x < 0 ? 1 : 0').type).toBe('unsupported')
  })

  it('has a layer per split and data view', () => {
    const vis = readTsvb({
      type: 'timeseries',
      index_pattern: 'a-*',
      time_field: '@timestamp',
      series: [
        series([{ id: 'a', type: 'count' }], { label: 'all' }),
        series([{ id: 'b', type: 'max', field: 'cpu' }], {
          split_mode: 'terms',
          terms_field: ['host', 'core'],
          terms_order_by: 'b',
          separate_axis: 1,
          axis_max: '1',
        }),
        series([{ id: 'c', type: 'count' }], {
          override_index_pattern: 1,
          series_index_pattern: 'b-*',
          series_interval: '1h',
        }),
        series(
          [
            { id: 'd', type: 'sum', field: 'n' },
            { type: 'series_agg', function: 'mean' },
          ],
          {
            split_mode: 'terms',
            terms_field: 'pod',
          },
        ),
      ],
      annotations: [
        {
          index_pattern: 'events',
          query_string: 'tag:deploy',
          fields: 'version',
          template: 'to {{version}}',
          color: '#E24D42',
        },
        { hidden: true },
      ],
    })
    expect(vis.aggs.map(a => a.id)).toEqual(['m1', 'time'])
    const order = { orderBy: 'custom', orderAgg: { type: 'formula', params: { formula: 'max(cpu)' } } }
    expect(vis.params.layers).toMatchObject([
      {
        aggs: [
          { id: 'm2' },
          { id: 'splitm2', type: 'multi_terms', params: { fields: ['host', 'core'], ...order } },
          { id: 'timem2' },
        ],
      },
      { index: 'b-*', aggs: [{ id: 'm3' }, { id: 'timem3', params: { interval: '1h' } }] },
      { aggs: [{ id: 'm4' }, { id: 'splitm4' }, { id: 'timem4' }] },
    ])
    expect(vis.params.collapse).toEqual([{ agg: 'splitm4', by: 'avg' }])
    expect(vis.params.valueAxes).toMatchObject([{ id: 'left' }, { id: 'right', scale: { max: 1 } }])
    expect(vis.params.seriesParams).toMatchObject([
      { valueAxis: 'left' },
      { valueAxis: 'right' },
      { valueAxis: 'left' },
      { valueAxis: 'left' },
    ])
    expect(vis.params.annotations).toEqual([
      {
        label: 'to {{version}}',
        query: { query: 'tag:deploy', language: 'lucene' },
        index: 'events',
        colour: 'level-error',
      },
    ])
  })

  it('keeps how numbers are written', () => {
    const format = (more: object) =>
      readTsvb({ type: 'metric', series: [series([{ type: 'count' }], more)] }).aggs[0]?.params.format
    expect(format({ formatter: 'us,ms,2' })).toEqual({ id: 'duration', params: { inputFormat: 'us' } })
    expect(format({ formatter: "'0.0'", value_template: '{{value}}%' })).toEqual({
      id: 'number',
      params: { decimals: 1, suffix: '%' },
    })
    expect(format({ value_template: '€{{value}}' })).toEqual({ id: 'number', params: { prefix: '€' } })
    expect(format({ formatter: 'default', value_template: '{{value}}' })).toBeUndefined()
  })

  it('reads numbers, lists and texts', () => {
    const last = readTsvb({ type: 'metric', time_field: 't', series: [series([{ type: 'count' }])] })
    expect(last.params.collapse).toEqual([{ agg: 'time', by: 'last' }])
    const whole = {
      type: 'metric',
      time_range_mode: 'entire_time_range',
      series: [series([{ type: 'count' }])],
    }
    expect(readTsvb(whole).aggs.map(a => a.type)).toEqual(['count'])
    expect(
      readTsvb({
        type: 'top_n',
        series: [series([{ type: 'count' }], { split_mode: 'terms', terms_field: 'url' })],
      }).type,
    ).toBe('horizontal_bar')
    expect(readTsvb({ type: 'markdown', markdown: '# Hi' }).params).toEqual({ markdown: '# Hi' })
  })
})
