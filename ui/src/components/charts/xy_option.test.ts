import { describe, expect, it, vi } from 'vitest'
import { asList, type Json } from '../../lib/vis/json'
import { newVis, type Vis, type VisType } from '../../lib/vis/model'
import type { Series, XYChart } from '../../lib/vis/series'
import { drawn, xyOption } from './xy_option'

const series = (values: Series['values'], more: Partial<Series> = {}): Series => ({
  id: `s${values.join()}`,
  name: 'Count',
  group: null,
  kind: 'bar',
  stack: null,
  axis: 0,
  format: { kind: 'number' },
  style: {},
  values,
  filters: values.map(() => []),
  ...more,
})

const MINUTE = 60_000

const chartOf = (...all: Series[]): XYChart => ({
  title: null,
  axis: {
    kind: 'time',
    name: '@timestamp',
    values: [0, MINUTE, 2 * MINUTE],
    texts: ['0', '1', '2'],
    step: MINUTE,
    filters: [[], [], []],
  },
  series: all,
  percent: false,
})

const colours = { css: (token: string) => `var(--${token})`, rgb: () => [0, 0, 0] as const }

const optionOf = (vis: Vis, chart: XYChart, height = 200): Json =>
  xyOption(vis, drawn(vis, chart), new Set(), colours, { width: 600, height }) as Json

const visOf = (params: Json = {}, type: VisType = 'histogram') => newVis(type, [], params)

/** What each series is drawn of, without its places. */
const heights = (option: Json): unknown[][] =>
  asList(option.series).map(s => asList((s as Json).data).map(d => (d as unknown[])[1]))

describe('bars', () => {
  it('of nothing are not drawn, and of little are a pixel', () => {
    const option = optionOf(visOf(), chartOf(series([0, 5, 0.001]), series([null, 0, 2])))
    expect(heights(option)).toEqual([
      ['-', 5, 0.001],
      ['-', '-', 2],
    ])
    expect(asList(option.series)).toMatchObject([{ barMinHeight: 1 }, { barMinHeight: 1 }])
  })
  it('are not what lines are: those go through nought', () => {
    expect(heights(optionOf(visOf(), chartOf(series([0, 5, null], { kind: 'line' }))))).toEqual([[0, 5, '-']])
  })
})

it('has as many values beside the axis as its height has room for', () => {
  const steps = (height: number) =>
    asList(optionOf(visOf(), chartOf(series([1, 2, 3])), height).yAxis).map(a => (a as Json).splitNumber)
  expect([steps(200), steps(60), steps(10)]).toEqual([[4], [2], [1]])
})

it('marks the present moment where it is asked to, if the axis has it', () => {
  vi.useFakeTimers({ now: 1.5 * MINUTE })
  const marks = (params: Json) =>
    asList(optionOf(visOf(params), chartOf(series([1, 2, 3]))).series).map(s => (s as Json).markLine)
  expect(marks({})).toEqual([undefined])
  expect(marks({ addTimeMarker: true })).toMatchObject([{ data: [{ xAxis: 1.5 * MINUTE }] }])
  vi.setSystemTime(9 * MINUTE)
  expect(marks({ addTimeMarker: true })).toEqual([undefined])
  vi.useRealTimers()
})

describe('lines', () => {
  const symbols = (option: Json): unknown =>
    asList(option.series).map(s => {
      const { symbol, data } = s as { symbol: unknown; data: unknown[] }
      return typeof symbol === 'function' ? data.map((_, dataIndex) => symbol(null, { dataIndex })) : symbol
    })
  it('have a point where a value stands between two gaps, and no others', () => {
    const chart = chartOf(
      series([1, null, 3], { kind: 'line' }),
      series([1, 2, null], { kind: 'line', id: 'through' }),
    )
    expect(symbols(optionOf(visOf(), chart))).toEqual([['circle', 'none', 'circle'], 'none'])
  })
  it('have all their points when circles are asked for', () => {
    const chart = chartOf(series([1, 2, 3], { kind: 'line', style: { showCircles: true } }))
    expect(symbols(optionOf(visOf(), chart))).toEqual([['circle', 'circle', 'circle']])
  })
})
