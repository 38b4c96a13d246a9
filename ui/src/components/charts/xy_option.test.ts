import { describe, expect, it, vi } from 'vitest'
import { asList, type Json } from '../../lib/vis/json'
import { newVis, type Vis, type VisType } from '../../lib/vis/model'
import type { Series, XYChart } from '../../lib/vis/series'
import { arrange, type Labels, shortened } from './xy_axes'
import { drawn, xyOption } from './xy_option'
import { seriesAt } from './xy_pressed'

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
  filters: () => [],
  ...more,
})

const MINUTE = 60_000

const chartOf = (...all: Series[]): XYChart => ({
  title: null,
  axis: {
    kind: 'time',
    name: '@timestamp',
    values: [0, MINUTE, 2 * MINUTE],
    text: at => ['0', '1', '2'][at] ?? '',
    step: MINUTE,
    filters: () => [],
  },
  series: all,
  percent: false,
  lines: [],
  moments: [],
})

const colours = { css: (token: string) => `var(--${token})`, rgb: () => [0, 0, 0] as const }

const optionOf = (vis: Vis, chart: XYChart, height = 200): Json =>
  xyOption(vis, drawn(vis, chart), new Set(), colours, { width: 600, height }) as Json

const visOf = (params: Json = {}, type: VisType = 'histogram') => newVis(type, [], params)

/** The points of a series: x and y of each, one behind the other. */
const pointsOf = (series: unknown): number[][] => {
  const data = Array.from((series as { data: ArrayLike<number> }).data)
  return data.flatMap((x, at) => (at % 2 === 0 ? [[x, data[at + 1] ?? Number.NaN]] : []))
}

/** What each series is drawn of, without its places. */
const heights = (option: Json): (number | undefined)[][] =>
  asList(option.series).map(s => pointsOf(s).map(([, y]) => y))

describe('bars', () => {
  it('of nothing are not drawn, and of little are a pixel', () => {
    const option = optionOf(visOf(), chartOf(series([0, 5, 0.001]), series([null, 0, 2])))
    expect(heights(option)).toEqual([
      [Number.NaN, 5, 0.001],
      [Number.NaN, Number.NaN, 2],
    ])
    expect(asList(option.series)).toMatchObject([{ barMinHeight: 1 }, { barMinHeight: 1 }])
  })
  it('are not what lines are: those go through nought', () => {
    expect(heights(optionOf(visOf(), chartOf(series([0, 5, null], { kind: 'line' }))))).toEqual([
      [0, 5, Number.NaN],
    ])
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
    asList(optionOf(visOf(params), chartOf(series([1, 2, 3]))).series).flatMap(
      s => (s as Json).markLine ?? [],
    )
  expect(marks({})).toEqual([])
  expect(marks({ addTimeMarker: true })).toMatchObject([{ data: [{ xAxis: 1.5 * MINUTE }] }])
  vi.setSystemTime(9 * MINUTE)
  expect(marks({ addTimeMarker: true })).toEqual([])
  vi.useRealTimers()
})

describe('names of categories', () => {
  const texts = (...lengths: number[]) => lengths.map(n => 'x'.repeat(n))
  const size = { width: 600, height: 240 }
  it.each<[string, string[], Json, Partial<Labels>]>([
    ['lie level if they fit', texts(5, 6, 7), {}, { rotate: 0, letters: 7, all: true }],
    ['are shortened a little', texts(...Array(6).fill(22)), {}, { rotate: 0, letters: 14, all: true }],
    [
      'lean where that is not enough',
      texts(...Array(10).fill(12)),
      {},
      { rotate: 40, letters: 12, all: true },
    ],
    ['are left out only where no line has room', texts(...Array(60).fill(9)), {}, { rotate: 0, all: false }],
    ['are all there if a person wants it', texts(...Array(60).fill(9)), { filter: false }, { all: true }],
    ['turn as a person has it', texts(...Array(10).fill(12)), { rotate: 90 }, { rotate: 90, all: true }],
    ['are cut where a person cuts them', texts(20, 20), { truncate: 8 }, { letters: 8, all: true }],
  ])('%s', (_, names, asked, want) => {
    expect(arrange(names, size, false, asked)).toMatchObject(want)
  })
  it('stand one per line beside bars that lie', () => {
    expect(arrange(texts(...Array(10).fill(40)), size, true, {})).toEqual({
      rotate: 0,
      letters: 28,
      all: true,
    })
    expect(arrange(texts(...Array(40).fill(4)), size, true, {}).all).toBe(false)
  })
  it('end in an ellipsis when cut', () => {
    expect([shortened('abcdef', 4), shortened('abc', 4)]).toEqual(['abc…', 'abc'])
  })
})

describe('lines to watch', () => {
  const lines = [
    { value: 9, label: '5 %', colour: 'level-error', style: 'dashed', width: 1, fill: 'above', axis: 0 },
    { value: 4, label: '', colour: 'text-2', style: 'solid', width: 2, fill: 'none', axis: 1 },
  ] as const
  const option = (params: Json = {}) =>
    optionOf(visOf({ valueAxes: [{ id: 'a', ...params }, { id: 'b' }] }), {
      ...chartOf(series([1, 2, 3]), series([4, 5, 6], { axis: 1 })),
      lines: [...lines],
    })
  const marks = (made: Json) =>
    asList(made.series).filter((s): s is Json => String((s as Json).id).startsWith('marks'))
  it('have room on their axis, whatever was measured', () => {
    expect(marks(option()).map(s => [s.yAxisIndex, asList(s.data)])).toEqual([
      [0, [[MINUTE / 2, 9]]],
      [1, [[MINUTE / 2, 4]]],
    ])
  })
  it('are drawn as asked, with what lies beyond shaded', () => {
    const [first, second] = marks(option())
    expect(first?.markLine).toMatchObject({
      data: [
        { yAxis: 9, lineStyle: { type: 'dashed', color: 'var(--level-error)' }, label: { formatter: '5 %' } },
      ],
    })
    expect(first?.markArea).toMatchObject({ data: [[{ yAxis: 9 }, { yAxis: Number.POSITIVE_INFINITY }]] })
    expect(second?.markArea).toMatchObject({ data: [] })
  })
  it('stand in square roots where their axis does', () => {
    expect(marks(option({ scale: { type: 'square root' } }))[0]?.data).toEqual([[MINUTE / 2, 3]])
  })
})

describe('scales and stacks of Kibana', () => {
  it('are square roots with labels of what was measured', () => {
    const made = optionOf(
      visOf({ valueAxes: [{ scale: { type: 'square root' } }] }),
      chartOf(series([0, 100, 25])),
    )
    expect(heights(made)).toEqual([[Number.NaN, 10, 5]])
    const { customValues, formatter } = (asList(made.yAxis)[0] as Json).axisLabel as {
      customValues: number[]
      formatter: (v: number) => string
    }
    expect(customValues.map(formatter)).toEqual(['0', '6', '25', '50', '100'])
  })
  it('float as a silhouette, without an axis that would lie', () => {
    const stacked = (...values: number[]) => series(values, { kind: 'area', stack: 's' })
    const made = optionOf(
      visOf({ valueAxes: [{ scale: { mode: 'silhouette' } }] }, 'area'),
      chartOf(stacked(2, 4, 6), stacked(2, 0, 2)),
    )
    expect(heights(made)[0]).toEqual([-2, -2, -4])
    expect(asList(made.yAxis)).toMatchObject([{ show: false }])
    expect(asList(made.series)).toMatchObject([{ id: 'ground', stack: 's' }, { stackStrategy: 'all' }, {}])
  })
  it('have points as large as what they measure', () => {
    const one = series([1, 2, 3], { kind: 'line', sizes: [4, 16, null] })
    const [drawnOne] = asList(optionOf(visOf({ radiusRatio: 18 }, 'line'), chartOf(one)).series) as Json[]
    const size = drawnOne?.symbolSize as (value: unknown, at: { dataIndex: number }) => number
    expect([0, 1, 2].map(dataIndex => size(null, { dataIndex }))).toEqual([24, 48, 0])
  })
  it('fill gaps as they are asked to', () => {
    const gaps = (params: Json) =>
      heights(optionOf(visOf(params, 'line'), chartOf(series([1, null, 3], { kind: 'line' }))))
    expect(gaps({})).toEqual([[1, Number.NaN, 3]])
    expect(gaps({ fittingFunction: 'linear' })).toEqual([[1, 2, 3]])
    expect(gaps({ fittingFunction: 'lookahead' })).toEqual([[1, 3, 3]])
  })
})

it('a press finds the series of a floating stack', () => {
  const vis = visOf({ valueAxes: [{ scale: { mode: 'silhouette' } }] }, 'area')
  const shown = drawn(vis, chartOf(series([2, 4, 6], { stack: 's' }), series([2, 0, 2], { stack: 's' })))
  const at = (value: number) => seriesAt(vis, shown, new Set(), 0, () => value)
  expect([at(-1.5), at(1.5)]).toEqual([0, 1])
})

describe('lines', () => {
  const symbols = (option: Json): unknown =>
    asList(option.series).map(s => {
      const { symbol } = s as { symbol: unknown }
      return typeof symbol === 'function'
        ? pointsOf(s).map((_, dataIndex) => symbol(null, { dataIndex }))
        : symbol
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
