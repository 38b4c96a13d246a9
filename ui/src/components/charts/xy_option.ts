// A chart with axes as ECharts' option: what Kibana's params ask for, in our colours.

import { seriesToken } from '../../lib/vis/colours'
import type { Value } from '../../lib/vis/expr'
import { fitted, readFitting } from '../../lib/vis/fit'
import { formatValue } from '../../lib/vis/format'
import { asJson, asNumber, asText, type Json } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { asShares, type Series, stackModeOf, type XYChart } from '../../lib/vis/series'
import { baseline, inRoots } from '../../lib/vis/stack'
import type { EChartsCoreOption } from './echarts'
import type { Colours } from './palette'
import { categoryAxis, rootAxes, type Size, valueAxes } from './xy_axes'
import { markSeries } from './xy_marks'

export interface Drawn {
  chart: XYChart
  /** Token names, one per series. */
  tokens: string[]
  horizontal: boolean
  /** Where each value of the axis stands: the middle of its bucket, or its place in the row of categories. */
  positions: number[]
  /** The value axes that are measured in square roots. */
  roots: ReadonlySet<number>
}

export function drawn(vis: Vis, chart: XYChart): Drawn {
  const own = asJson(vis.params.colours)
  return {
    chart: chart.percent ? asShares(chart) : chart,
    tokens: chart.series.map((s, at) => asText(own[s.name]) || seriesToken(s.group, at)),
    horizontal: vis.type === 'horizontal_bar' && chart.axis.kind === 'category',
    positions: chart.axis.values.map((_, at) => positionOf(chart, at, chart.axis.step)),
    roots: rootAxes(vis),
  }
}

/** The middle of the bucket that begins at a place of the axis. */
const positionOf = ({ axis }: XYChart, at: number, step: number | null): number =>
  axis.kind === 'category' ? at : Number(axis.values[at]) + (step ?? 0) / 2

export function xyOption(
  vis: Vis,
  shown: Drawn,
  hidden: ReadonlySet<string>,
  colours: Colours,
  size: Size,
): EChartsCoreOption {
  const { chart, horizontal, roots } = shown
  const value = valueAxes(vis, chart, colours, horizontal, size)
  const category = categoryAxis(vis, chart.axis, colours, horizontal, size)
  const fits = chart.series.map(s => (hidden.has(s.id) ? s : { ...s, values: filled(vis, s, shown) }))
  const visible = { ...chart, series: fits.filter(s => !hidden.has(s.id)) }
  const measured = new Map(inRoots(visible, roots).series.map(s => [s.id, s]))
  const ground = groundOf(vis, visible, horizontal)
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif', fontSize: 11 },
    grid: { left: 2, right: 10, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    [horizontal ? 'yAxis' : 'xAxis']: category,
    [horizontal ? 'xAxis' : 'yAxis']: ground ? value.map(axis => ({ ...axis, show: false })) : value,
    series: [
      ...(ground ? [ground] : []),
      ...fits.map((s, at) => {
        const one = measured.get(s.id)
        return one === undefined
          ? { type: 'line', data: [] }
          : {
              ...oneSeries(vis, one, at, shown, colours, value.length),
              ...(ground && { stackStrategy: 'all' }),
            }
      }),
      ...markSeries(vis, shown, colours),
    ],
  }
}

/** What a stack that floats stands on: drawn of nothing. Its axis would tell nothing true, and is not shown. */
function groundOf(vis: Vis, chart: XYChart, horizontal: boolean): Json | null {
  const mode = stackModeOf(vis)
  const stack = chart.series.find(s => s.stack !== null)?.stack
  if (mode === null || !stack) return null
  const own = chart.series.filter(s => s.stack === stack)
  const values = baseline(own, chart.axis.values.length, mode)
  const data = points(values, at => positionOf(chart, at, chart.axis.step), horizontal)
  const bar = own[0]?.kind === 'bar'
  return {
    id: 'ground',
    type: bar ? 'bar' : 'line',
    silent: true,
    symbol: 'none',
    showSymbol: false,
    stack,
    stackStrategy: 'all',
    lineStyle: { width: 0 },
    itemStyle: { opacity: 0 },
    ...data,
  }
}

/** Gaps of lines, as they are asked to be filled; bars have none. */
function filled(vis: Vis, s: Series, { chart }: Drawn): Series['values'] {
  const how = readFitting(vis.params.fittingFunction)
  if (how === 'none' || s.kind === 'bar') return s.values
  const places = s.places ?? chart.axis.values.map((_, at) => at)
  const positions = places.map(at => positionOf(chart, at, s.step ?? chart.axis.step))
  const end = asText(vis.params.endValue).toLowerCase()
  const values = fitted(
    places.map(at => s.values[at] ?? null),
    positions,
    how,
    end === 'zero' || end === 'nearest' ? end : 'none',
  )
  const out = [...s.values]
  for (const [i, at] of places.entries()) out[at] = values[i] ?? null
  return out
}

/** Points as ECharts takes them fastest: x and y of each in one array; what is no number is a gap. */
function points(values: readonly Value[], along: (at: number) => number, horizontal: boolean): Json {
  const data = new Float64Array(2 * values.length)
  const [x, y] = horizontal ? [1, 0] : [0, 1]
  for (const [at, value] of values.entries()) {
    data[2 * at + x] = along(at)
    data[2 * at + y] = typeof value === 'number' ? value : Number.NaN
  }
  return { data, dimensions: ['x', 'y'] }
}

/** Bubbles are this wide at most for Kibana's usual ratio, in CSS pixels. */
const BUBBLE = 24
const USUAL_RATIO = 9

function oneSeries(vis: Vis, s: Series, at: number, all: Drawn, colours: Colours, axes: number): Json {
  const colour = colours.css(all.tokens[at] ?? 'series-1')
  const { chart, horizontal } = all
  const bar = s.kind === 'bar'
  const places = s.places ?? chart.axis.values.map((_, i) => i)
  const values = places.map(i => s.values[i] ?? null)
  // A bar of nothing is none, where one of little has a least height.
  const heights = bar ? values.map(v => (v === 0 ? null : v)) : values
  const step = s.step ?? chart.axis.step
  const shared = {
    id: s.id,
    name: s.name,
    ...points(heights, i => positionOf(chart, places[i] ?? 0, step), horizontal),
    [horizontal ? 'xAxisIndex' : 'yAxisIndex']: Math.min(s.axis, axes - 1),
    ...(s.stack !== null && { stack: s.stack }),
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    ...valueLabels(vis, s, all, places, colours),
  }
  if (bar) return { ...shared, type: 'bar', barMaxWidth: 56, barCategoryGap: '18%', barMinHeight: 1 }
  const interpolate = asText(s.style.interpolate, asText(vis.params.interpolate))
  const lines = s.style.drawLinesBetweenPoints !== false
  const dense = places.length > 60
  const circles = (s.style.showCircles === true && !dense) || !lines
  // A value between two gaps is no line: it is seen as a point.
  const alone = new Set(
    values.flatMap((v, i) => (v != null && values[i - 1] == null && values[i + 1] == null ? [i] : [])),
  )
  const bubbles = s.sizes && bubblesOf(vis, s.sizes)
  return {
    ...shared,
    type: 'line',
    smooth: interpolate === 'cardinal' ? 0.3 : false,
    ...(interpolate === 'step-after' && { step: 'end' }),
    lineStyle: { width: lines ? (asNumber(s.style.lineWidth) ?? 1.5) : 0, color: colour },
    ...(s.kind === 'area' && { areaStyle: { color: colour, opacity: s.stack === null ? 0.14 : 0.55 } }),
    ...(bubbles && { itemStyle: { color: colour, opacity: 0.6 } }),
    ...pointsOf(bubbles && places.map(place => bubbles[place] ?? 0), circles, alone),
  }
}

type At = { dataIndex: number }

/** Points that are not seen are not made either: there may be thousands. */
function pointsOf(bubbles: number[] | undefined, circles: boolean, alone: ReadonlySet<number>): Json {
  if (bubbles)
    return {
      symbol: 'circle',
      symbolSize: (_: unknown, { dataIndex }: At) => bubbles[dataIndex] ?? 0,
      showAllSymbol: true,
    }
  if (!circles && alone.size === 0) return { symbol: 'none', showSymbol: false }
  return {
    symbol: (_: unknown, { dataIndex }: At) => (circles || alone.has(dataIndex) ? 'circle' : 'none'),
    symbolSize: 5,
    showAllSymbol: true,
  }
}

/** Diameters whose areas are as the sizes are to each other. */
function bubblesOf(vis: Vis, sizes: readonly unknown[]): number[] {
  const numbers = sizes.map(size => Math.max(0, asNumber(size) ?? 0))
  const most = Math.max(...numbers, 0)
  const ratio = Math.min(100, Math.max(1, asNumber(vis.params.radiusRatio) ?? USUAL_RATIO))
  const largest = Math.min(64, (BUBBLE * ratio) / USUAL_RATIO)
  return numbers.map(size => (size > 0 && most > 0 ? Math.max(3, largest * Math.sqrt(size / most)) : 0))
}

/** More values than these beside bars could not be read. */
const MAX_LABELLED = 40

function valueLabels(vis: Vis, s: Series, all: Drawn, places: readonly number[], colours: Colours): Json {
  const asked = asJson(vis.params.labels).show === true || s.style.showLabels === true
  if (!asked || places.length > MAX_LABELLED) return {}
  const formatter = ({ dataIndex }: { dataIndex: number }) =>
    formatValue(all.chart.series.find(o => o.id === s.id)?.values[places[dataIndex] ?? -1] ?? null, s.format)
  const position = s.stack === null ? (all.horizontal ? 'right' : 'top') : 'inside'
  return { label: { show: true, position, formatter, color: colours.css('text-2'), fontSize: 10.5 } }
}
