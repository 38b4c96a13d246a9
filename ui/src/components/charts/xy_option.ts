// A chart with axes as ECharts' option: what Kibana's params ask for, in our colours.

import { formatTick } from '../../lib/time/format'
import { timeTicks } from '../../lib/time/ticks'
import { seriesToken } from '../../lib/vis/colours'
import { formatAxis, type ValueFormat } from '../../lib/vis/format'
import { asJson, asList, asNumber, asText, type Json } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { type Axis, asShares, type Series, type XYChart } from '../../lib/vis/series'
import type { EChartsCoreOption } from './echarts'
import type { Colours } from './palette'

export interface Drawn {
  chart: XYChart
  /** Token names, one per series. */
  tokens: string[]
  horizontal: boolean
  /** Where each value of the axis stands: the middle of its bucket, or its place in the row of categories. */
  positions: number[]
}

/** In CSS pixels. */
interface Size {
  width: number
  height: number
}

export function drawn(vis: Vis, chart: XYChart): Drawn {
  const own = asJson(vis.params.colours)
  return {
    chart: chart.percent ? asShares(chart) : chart,
    tokens: chart.series.map((s, at) => asText(own[s.name]) || seriesToken(s.group, at)),
    horizontal: vis.type === 'horizontal_bar' && chart.axis.kind === 'category',
    positions: chart.axis.values.map((v, at) =>
      chart.axis.kind === 'category' ? at : Number(v) + (chart.axis.step ?? 0) / 2,
    ),
  }
}

export function xyOption(
  vis: Vis,
  { chart, tokens, horizontal, positions }: Drawn,
  hidden: ReadonlySet<string>,
  colours: Colours,
  size: Size,
): EChartsCoreOption {
  const value = valueAxes(vis, chart, colours, horizontal, size)
  const category = categoryAxis(vis, chart.axis, colours, horizontal, size.width)
  return {
    animation: false,
    textStyle: { fontFamily: 'Inter Variable, system-ui, sans-serif', fontSize: 11 },
    grid: { left: 2, right: 10, top: 10, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    [horizontal ? 'yAxis' : 'xAxis']: category,
    [horizontal ? 'xAxis' : 'yAxis']: value,
    series: chart.series.map((s, at) =>
      hidden.has(s.id)
        ? { type: 'line', data: [] }
        : oneSeries(vis, s, at, { chart, tokens, horizontal, positions }, colours, value.length),
    ),
  }
}

function categoryAxis(vis: Vis, axis: Axis, colours: Colours, horizontal: boolean, width: number): Json {
  const asked = asJson(asList(vis.params.categoryAxes)[0])
  const labels = asJson(asked.labels)
  const visible = asked.show !== false
  const lines = asJson(vis.params.grid).categoryLines === true
  const label = {
    show: visible && labels.show !== false,
    color: colours.css('text-3'),
    fontSize: 10.5,
    hideOverlap: true,
    rotate: asNumber(labels.rotate) ?? 0,
  }
  const shared = {
    position: horizontal ? 'left' : asked.position === 'top' ? 'top' : 'bottom',
    axisLine: { show: visible, lineStyle: { color: colours.css('hairline-strong') } },
    axisTick: { show: false },
    splitLine: { show: lines, lineStyle: { color: colours.css('hairline') } },
    ...titleOf(asked, colours),
  }
  if (axis.kind === 'category') {
    const length = asNumber(labels.truncate) ?? (horizontal ? 28 : 18)
    const short = (text: string) => (text.length > length ? `${text.slice(0, length - 1)}…` : text)
    const formatter = (text: string) => short(text)
    return {
      ...shared,
      type: 'category',
      data: axis.texts,
      inverse: horizontal,
      axisLabel: { ...label, formatter },
    }
  }
  const [first, last] = [Number(axis.values[0] ?? 0), Number(axis.values.at(-1) ?? 1) + (axis.step ?? 0)]
  const scale = { ...shared, type: 'value', min: first, max: Math.max(last, first + 1e-9) }
  if (axis.kind === 'number')
    return { ...scale, axisLabel: { ...label, formatter: (v: number) => formatAxis(v, { kind: 'number' }) } }
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(width / 90)))
  return {
    ...scale,
    axisLabel: { ...label, customValues: ticks.at, formatter: (at: number) => formatTick(at, ticks.step) },
    axisTick: { show: false, customValues: ticks.at },
  }
}

function titleOf(axis: Json, colours: Colours): Json {
  const text = asText(asJson(axis.title).text) || asText(axis.name)
  const own = text !== '' && !/^(Left|Right|Top|Bottom)?Axis-\d+$/.test(text)
  if (!own) return {}
  return {
    name: text,
    nameLocation: 'middle',
    nameGap: 8,
    nameTextStyle: { color: colours.css('text-3'), fontSize: 10.5 },
  }
}

/** As many as are asked for; those that measure nothing are left out of the drawing but keep their place. */
function valueAxes(vis: Vis, chart: XYChart, colours: Colours, horizontal: boolean, size: Size): Json[] {
  // Labels of a low chart must not lie over each other.
  const steps = horizontal ? size.width / 60 : size.height / 28
  const asked = asList(vis.params.valueAxes).map(asJson)
  return (asked.length > 0 ? asked : [{}]).map((axis, at) => {
    const scale = asJson(axis.scale)
    const labels = asJson(axis.labels)
    const format: ValueFormat = chart.series.find(s => s.axis === at)?.format ?? { kind: 'number' }
    const [min, max] = [asNumber(scale.min), asNumber(scale.max)]
    const right = axis.position === 'right' || (at > 0 && axis.position !== 'left')
    return {
      type: scale.type === 'log' ? 'log' : 'value',
      position: horizontal ? 'bottom' : right ? 'right' : 'left',
      show: axis.show !== false,
      scale: scale.defaultYExtents === true,
      splitNumber: Math.max(1, Math.min(4, Math.floor(steps))),
      minInterval:
        format.kind === 'number' &&
        chart.series.every(s => s.values.every(v => v === null || Number.isInteger(v)))
          ? 1
          : undefined,
      ...(min !== null && scale.setYExtents !== false && { min }),
      ...(max !== null && scale.setYExtents !== false ? { max } : chart.percent && { max: 1 }),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: at === 0, lineStyle: { color: colours.css('hairline') } },
      axisLabel: {
        show: labels.show !== false,
        color: colours.css('text-3'),
        fontSize: 10.5,
        hideOverlap: true,
        formatter: (v: number) => formatAxis(v, format),
      },
      ...titleOf(axis, colours),
    }
  })
}

function oneSeries(vis: Vis, s: Series, at: number, all: Drawn, colours: Colours, axes: number): Json {
  const colour = colours.css(all.tokens[at] ?? 'series-1')
  const values = fitted(vis, s)
  const flip = (x: number, y: unknown) => (all.horizontal ? [y, x] : [x, y])
  const bar = s.kind === 'bar'
  // A bar of nothing is none, where one of little has a least height.
  const data = values.map((v, i) => flip(all.positions[i] ?? 0, bar && v === 0 ? '-' : (v ?? '-')))
  const index = Math.min(s.axis, axes - 1)
  const shared = {
    id: s.id,
    name: s.name,
    data,
    [all.horizontal ? 'xAxisIndex' : 'yAxisIndex']: index,
    ...(s.stack !== null && { stack: s.stack }),
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    ...(at === 0 && { markLine: marksOf(vis, all, colours) }),
  }
  if (bar) return { ...shared, type: 'bar', barMaxWidth: 56, barCategoryGap: '18%', barMinHeight: 1 }
  const interpolate = asText(s.style.interpolate, asText(vis.params.interpolate))
  const lines = s.style.drawLinesBetweenPoints !== false
  const dense = data.length > 60
  const circles = (s.style.showCircles === true && !dense) || !lines
  // A value between two gaps is no line: it is seen as a point.
  const alone = new Set(
    values.flatMap((v, i) => (v != null && values[i - 1] == null && values[i + 1] == null ? [i] : [])),
  )
  return {
    ...shared,
    type: 'line',
    smooth: interpolate === 'cardinal' ? 0.3 : false,
    ...(interpolate === 'step-after' && { step: 'end' }),
    lineStyle: { width: lines ? (asNumber(s.style.lineWidth) ?? 1.5) : 0, color: colour },
    ...(s.kind === 'area' && { areaStyle: { color: colour, opacity: s.stack === null ? 0.14 : 0.55 } }),
    // Points that are not seen are not made either: there may be thousands.
    ...(circles || alone.size > 0
      ? {
          symbol: (_: unknown, p: { dataIndex: number }) =>
            circles || alone.has(p.dataIndex) ? 'circle' : 'none',
          symbolSize: 5,
          showAllSymbol: true,
        }
      : { symbol: 'none' }),
    connectNulls: vis.params.fittingFunction === 'linear',
  }
}

/** What stands where nothing was measured. */
function fitted(vis: Vis, s: Series): Series['values'] {
  const how = vis.params.fittingFunction
  if (how === 'zero') return s.values.map(v => v ?? 0)
  if (how !== 'carry') return s.values
  let last: Series['values'][number] = null
  return s.values.map(v => {
    last = v ?? last
    return last
  })
}

/** Lines at values to watch: Kibana's threshold line, and ours, which have a colour by meaning. */
function marksOf(vis: Vis, all: Drawn, colours: Colours): Json | undefined {
  const line = asJson(vis.params.thresholdLine)
  const asked = [
    ...(line.show === true ? [{ value: line.value, colour: 'level-error', style: line.style }] : []),
    ...asList(vis.params.thresholds).map(asJson),
  ]
  const data = asked.flatMap((mark): Json[] => {
    const value = asNumber(asJson(mark).value)
    if (value === null) return []
    const { colour, style, label } = asJson(mark)
    const token = asText(colour, 'level-error')
    const type =
      style === 'full' || style === 'solid' ? 'solid' : style === 'dot-dashed' ? 'dotted' : 'dashed'
    return [
      {
        [all.horizontal ? 'xAxis' : 'yAxis']: value,
        lineStyle: { color: colours.css(token), type, width: 1 },
        label: {
          formatter: asText(label),
          position: 'insideEndTop',
          color: colours.css(token),
          fontSize: 10.5,
        },
      },
    ]
  })
  data.push(...momentsOf(vis, all, colours))
  if (data.length === 0) return undefined
  return { silent: true, symbol: 'none', data }
}

/** What a dashboard marks on charts over time, such as deployments. Labels that would lie over each other are left out. */
function momentsOf(vis: Vis, { chart, horizontal }: Drawn, colours: Colours): Json[] {
  if (chart.axis.kind !== 'time' || horizontal) return []
  const [first, last] = [
    Number(chart.axis.values[0]),
    Number(chart.axis.values.at(-1)) + (chart.axis.step ?? 0),
  ]
  let labelled = Number.NEGATIVE_INFINITY
  const now = vis.params.addTimeMarker === true ? [{ at: Date.now(), label: 'now' }] : []
  return [...asList(vis.params.moments), ...now]
    .map(asJson)
    .sort((a, b) => Number(a.at) - Number(b.at))
    .flatMap((moment): Json[] => {
      const at = asNumber(moment.at)
      if (at === null || at < first || at > last) return []
      const room = at - labelled > (last - first) / 8
      if (room) labelled = at
      return [
        {
          xAxis: at,
          lineStyle: { color: colours.css('series-4'), type: 'dashed', width: 1 },
          label: {
            show: room,
            formatter: asText(moment.label),
            position: 'insideEndTop',
            rotate: 0,
            color: colours.css('series-4'),
            fontSize: 10.5,
          },
        },
      ]
    })
}
