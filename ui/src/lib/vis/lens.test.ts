import { describe, expect, it } from 'vitest'
import { readLens } from './lens'

const DATE = {
  operationType: 'date_histogram',
  sourceField: '@timestamp',
  isBucketed: true,
  params: { interval: 'auto' },
}
const COUNT = { operationType: 'count', sourceField: '___records___', label: 'Count of records' }

function lens(visualizationType: string, columns: object, visualization: object) {
  return {
    title: 'T',
    visualizationType,
    state: {
      datasourceStates: { formBased: { layers: { l: { columns, columnOrder: Object.keys(columns) } } } },
      visualization,
      query: { query: 'a: b', language: 'kuery' },
      filters: [],
    },
  }
}

const xy = (columns: object, layer: object, more: object = {}) =>
  readLens(
    lens('lnsXY', columns, {
      layers: [{ layerId: 'l', layerType: 'data', xAccessor: 'x', ...layer }],
      ...more,
    }),
    [{ name: 'indexpattern-datasource-layer-l', type: 'index-pattern', id: 'view' }],
  )

describe('readLens', () => {
  it('reads bars over time, broken down', () => {
    const by = {
      operationType: 'terms',
      sourceField: 'status',
      isBucketed: true,
      params: {
        size: 3,
        orderBy: { type: 'column', columnId: 'n' },
        orderDirection: 'desc',
        otherBucket: true,
      },
    }
    const vis = xy(
      { by, x: DATE, n: COUNT },
      { seriesType: 'bar_percentage_stacked', accessors: ['n'], splitAccessor: 'by' },
    )
    expect(vis.type).toBe('histogram')
    expect(vis.search).toEqual({ query: { query: 'a: b', language: 'kuery' }, filter: [], index: 'view' })
    expect(vis.aggs.map(a => [a.id, a.type, a.schema])).toEqual([
      ['n', 'count', 'metric'],
      ['by', 'terms', 'group'],
      ['x', 'date_histogram', 'segment'],
    ])
    expect(vis.aggs[1]?.params).toMatchObject({ field: 'status', size: 3, orderBy: 'n', otherBucket: true })
    expect(vis.params.valueAxes).toEqual([{ id: 'left', position: 'left', scale: { mode: 'percentage' } }])
  })

  it('writes what narrows a metric down as a formula', () => {
    const metric = (column: object) =>
      xy({ x: DATE, n: { label: 'L', ...column } }, { seriesType: 'line', accessors: ['n'] }).aggs[0]
    expect(metric({ ...COUNT, filter: { query: 'level: ERROR', language: 'kuery' } })?.params.formula).toBe(
      "count(kql='level: ERROR')",
    )
    expect(
      metric({ operationType: 'percentile', sourceField: 'ms', params: { percentile: 99 } }),
    ).toMatchObject({
      type: 'percentiles',
      params: { field: 'ms', percents: [99] },
    })
    expect(
      metric({ operationType: 'formula', params: { formula: "count(kql='a') / count()" } })?.params.formula,
    ).toBe("count(kql='a') / count()")
    expect(
      metric({ operationType: 'last_value', sourceField: 'v', params: { sortField: '@timestamp' } })?.type,
    ).toBe('top_hits')
    expect(metric({ operationType: 'unique_count', sourceField: 'user' })?.type).toBe('cardinality')
  })

  it('follows columns that are made of others', () => {
    const vis = xy(
      {
        x: DATE,
        s: { operationType: 'sum', sourceField: 'bytes', label: 'S' },
        n: { operationType: 'cumulative_sum', references: ['s'], label: 'So far' },
      },
      { seriesType: 'area', accessors: ['n'] },
    )
    expect(vis.aggs[0]).toMatchObject({
      type: 'formula',
      params: { formula: 'cumulative_sum(sum(bytes))', customLabel: 'So far' },
    })
  })

  it('reads the other shapes', () => {
    const by = { operationType: 'terms', sourceField: 'tool', isBucketed: true, params: {} }
    const type = (name: string, shown: object) =>
      readLens(lens(name, { by, n: COUNT }, { layerId: 'l', ...shown }))
    expect(
      type('lnsPie', { shape: 'donut', layers: [{ layerId: 'l', primaryGroups: ['by'], metrics: ['n'] }] }),
    ).toMatchObject({
      type: 'pie',
      params: { isDonut: true },
    })
    expect(type('lnsMetric', { metricAccessor: 'n', breakdownByAccessor: 'by' }).type).toBe('metric')
    expect(
      type('lnsDatatable', { columns: [{ columnId: 'by' }, { columnId: 'n' }] }).aggs.map(a => a.schema),
    ).toEqual(['bucket', 'metric'])
    expect(type('lnsHeatmap', { yAccessor: 'by', valueAccessor: 'n' }).type).toBe('heatmap')
    expect(type('lnsTagcloud', { tagAccessor: 'by', valueAccessor: 'n' }).type).toBe('tagcloud')
  })

  it('merges layers over the same buckets, and says when it cannot', () => {
    const columns = { x: DATE, n: COUNT }
    const made = lens('lnsXY', columns, {
      layers: [
        { layerId: 'l', seriesType: 'bar', xAccessor: 'x', accessors: ['n'] },
        {
          layerId: 'm',
          seriesType: 'line',
          xAccessor: 'x',
          accessors: ['avg'],
          yConfig: [{ forAccessor: 'avg', axisMode: 'right' }],
        },
        { layerId: 'r', layerType: 'referenceLine', accessors: ['q'] },
      ],
    })
    const layers: Record<string, unknown> = made.state.datasourceStates.formBased.layers
    layers.m = { columns: { x: DATE, avg: { operationType: 'average', sourceField: 'ms', label: 'Avg' } } }
    const vis = readLens(made)
    expect(vis.aggs.map(a => a.id)).toEqual(['n', 'x', 'l2_avg'])
    expect(vis.notes).toEqual(['Its reference lines are not drawn: its layer has no columns.'])
    expect(vis.params.seriesParams).toMatchObject([
      { type: 'histogram', valueAxis: 'left' },
      { type: 'line', valueAxis: 'right' },
    ])
  })

  it('keeps what a metric says of its time', () => {
    const metric = (column: object) =>
      xy({ x: DATE, n: { ...COUNT, label: 'L', ...column } }, { seriesType: 'line', accessors: ['n'] })
        .aggs[0]?.params
    expect(metric({ timeShift: '1w' })?.formula).toBe("count(shift='1w')")
    expect(metric({ reducedTimeRange: '30s' })?.formula).toBe("count(reducedTimeRange='30s')")
    expect(metric({ timeScale: 's' })?.formula).toBe("normalize_by_unit(count(), unit='s')")
    expect(
      metric({
        operationType: 'formula',
        params: { formula: 'max(a)', format: { id: 'bytes', params: { decimals: 2, suffix: '/s' } } },
        timeShift: '1d',
        filter: { query: 'b: 1', language: 'kuery' },
      }),
    ).toEqual({
      formula: 'max(a)',
      timeShift: '1d',
      filter: { query: 'b: 1', language: 'kuery' },
      customLabel: 'L',
      format: { id: 'bytes', params: { decimals: 2, suffix: '/s' } },
    })
  })

  it('orders values by a column that nothing shows', () => {
    const by = {
      operationType: 'terms',
      sourceField: 'host',
      isBucketed: true,
      params: { orderBy: { type: 'column', columnId: 'most' }, orderDirection: 'desc' },
    }
    const most = { operationType: 'max', sourceField: 'cpu', label: 'Most' }
    const vis = xy({ by, x: DATE, n: COUNT, most }, { accessors: ['n'], splitAccessor: 'by' })
    expect(vis.aggs[1]?.params).toMatchObject({
      orderBy: 'most',
      orderAgg: { type: 'max', params: { field: 'cpu' } },
    })
  })

  it('groups by several fields at once, and collapses what is not shown', () => {
    const by = {
      operationType: 'terms',
      sourceField: 'host',
      isBucketed: true,
      params: { secondaryFields: ['disk'], size: 4, orderBy: { type: 'alphabetical' } },
    }
    const vis = xy({ by, x: DATE, n: COUNT }, { accessors: ['n'], splitAccessor: 'by', collapseFn: 'sum' })
    expect(vis.aggs[1]).toMatchObject({
      type: 'multi_terms',
      params: { fields: ['host', 'disk'], size: 4, orderBy: '_key' },
    })
    expect(vis.params.collapse).toEqual([{ agg: 'by', by: 'sum' }])
  })

  it('draws layers with buckets of their own, lines and annotations', () => {
    const made = lens(
      'lnsXY',
      { x: DATE, n: COUNT },
      {
        fittingFunction: 'Lookahead',
        endValue: 'Nearest',
        yLeftScale: 'sqrt',
        layers: [
          { layerId: 'l', seriesType: 'bar', xAccessor: 'x', accessors: ['n'] },
          { layerId: 'm', seriesType: 'line', xAccessor: 'x', accessors: ['n'], splitAccessor: 'by' },
          {
            layerId: 'r',
            layerType: 'referenceLine',
            accessors: ['q', 'mean'],
            yConfig: [
              {
                forAccessor: 'q',
                axisMode: 'right',
                color: '#E24D42',
                lineStyle: 'dotted',
                lineWidth: 2,
                fill: 'above',
              },
              { forAccessor: 'mean', axisMode: 'left', textVisibility: true },
            ],
          },
          {
            layerId: 'a',
            layerType: 'annotations',
            annotations: [
              {
                type: 'manual',
                label: 'Release',
                key: { type: 'point_in_time', timestamp: '2026-03-02T10:00:00Z' },
              },
              { type: 'manual', isHidden: true, key: { timestamp: '2026-03-02T11:00:00Z' } },
              {
                type: 'query',
                label: 'Restart',
                timeField: 'when',
                filter: { type: 'kibana_query', query: 'event: restart', language: 'kuery' },
              },
            ],
          },
        ],
      },
    )
    const layers: Record<string, unknown> = made.state.datasourceStates.formBased.layers
    const by = { operationType: 'terms', sourceField: 'host', isBucketed: true, params: {} }
    layers.m = { columns: { by, x: { ...DATE, params: { interval: '1h' } }, n: COUNT } }
    layers.r = {
      columns: {
        q: { operationType: 'static_value', label: 'Limit', params: { value: 0.05 } },
        mean: { operationType: 'average', sourceField: 'ms', label: 'Mean' },
      },
    }
    const { params, notes } = readLens(made, [
      { name: 'indexpattern-datasource-layer-l', type: 'index-pattern', id: 'view' },
      { name: 'indexpattern-datasource-layer-m', type: 'index-pattern', id: 'other' },
    ])
    expect(notes).toEqual([])
    expect(params).toMatchObject({ fittingFunction: 'lookahead', endValue: 'nearest' })
    expect(params.valueAxes).toMatchObject([{ scale: { type: 'square root' } }, { id: 'right' }])
    expect(params.thresholds).toMatchObject([
      {
        value: 0.05,
        label: 'Limit',
        colour: 'level-error',
        style: 'dotted',
        width: 2,
        fill: 'above',
        axis: 'right',
      },
    ])
    expect(params.layers).toMatchObject([
      { index: 'other', aggs: [{ id: 'l2_n' }, { id: 'l2_by', schema: 'group' }, { id: 'l2_x' }] },
      { aggs: [{ id: 'rr_mean', type: 'avg' }], lines: { rr_mean: { label: 'Mean', showLabel: true } } },
    ])
    expect(params.annotations).toMatchObject([
      { label: 'Release', at: '2026-03-02T10:00:00Z' },
      { label: 'Restart', timeField: 'when', query: { query: 'event: restart', language: 'kuery' } },
    ])
  })

  it.each([
    [lens('lnsChoropleth', {}, {}), 'Lens charts of the type “lnsChoropleth”'],
    [lens('lnsXY', {}, { layers: [] }), 'no layer of data'],
    [
      lens('lnsMetric', { n: COUNT }, { layerId: 'l', metricAccessor: 'gone' }),
      'a column that it does not have',
    ],
    [
      { visualizationType: 'lnsXY', state: { datasourceStates: { textBased: { layers: { a: {} } } } } },
      'ES|QL',
    ],
    [null, 'Lens charts of the type “”'],
  ])('says why not %#', (attributes, reason) => {
    const vis = readLens(attributes)
    expect(vis.type).toBe('unsupported')
    expect(vis.notes[0]).toContain(reason)
  })
})
