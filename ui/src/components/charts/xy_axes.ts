// The axes of a chart as ECharts' options.

import { formatTick } from '../../lib/time/format'
import { formatPattern } from '../../lib/time/pattern'
import { timeTicks } from '../../lib/time/ticks'
import { formatAxis, type ValueFormat } from '../../lib/vis/format'
import { asJson, asList, asNumber, asText, type Json } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import type { Axis, XYChart } from '../../lib/vis/series'
import { signedRoot } from '../../lib/vis/stack'
import type { Colours } from './palette'

/** In CSS pixels. */
export interface Size {
  width: number
  height: number
}

/** The type of the text of an axis, and about how wide a letter of it is. */
const FONT = 10.5
const LETTER = 5.9
const LINE = 13
/** What the values beside the other axis take. */
const BESIDE = 48

export interface Labels {
  /** Degrees; 0 lies level. */
  rotate: number
  /** More letters than these are cut. */
  letters: number
  /** Each value has its label; else those that would lie over each other are left out. */
  all: boolean
}

/**
 * How the names of categories find room: level if they fit, shortened a little, or leaning. Only where there are more of them
 * than lines beside each other some are left out.
 */
export function arrange(texts: readonly string[], size: Size, horizontal: boolean, asked: Json): Labels {
  const most = asNumber(asked.truncate) ?? (horizontal ? 28 : 24)
  const longest = Math.min(most, Math.max(1, ...texts.map(t => t.length)))
  const rotate = asNumber(asked.rotate) ?? 0
  const every = asked.filter === false
  if (horizontal)
    return { rotate, letters: longest, all: every || texts.length * LINE <= Math.max(LINE, size.height - 24) }
  const room = Math.max(1, size.width - BESIDE) / Math.max(1, texts.length)
  // A third of the chart at most is left to its labels.
  const tall = Math.max(4, Math.floor(size.height / 3 / LETTER))
  if (rotate !== 0) return { rotate, letters: Math.min(longest, tall * 1.4), all: every || room >= LINE }
  const level = Math.floor((room - 6) / LETTER)
  if (longest <= level) return { rotate: 0, letters: longest, all: true }
  if (level >= 11) return { rotate: 0, letters: level, all: true }
  if (room >= LINE) return { rotate: 40, letters: Math.min(longest, Math.floor(tall * 1.4)), all: true }
  return { rotate: 0, letters: longest, all: every }
}

export const shortened = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, Math.floor(letters) - 1))}…` : text

export function categoryAxis(vis: Vis, axis: Axis, colours: Colours, horizontal: boolean, size: Size): Json {
  const asked = asJson(asList(vis.params.categoryAxes)[0])
  const labels = asJson(asked.labels)
  const visible = asked.show !== false
  const lines = asJson(vis.params.grid).categoryLines === true
  const label = {
    show: visible && labels.show !== false,
    color: colours.css('text-3'),
    fontSize: FONT,
    hideOverlap: true,
    rotate: asNumber(labels.rotate) ?? 0,
  }
  const shared = {
    position: horizontal ? 'left' : asked.position === 'top' ? 'top' : 'bottom',
    axisLine: { show: visible, onZero: false, lineStyle: { color: colours.css('hairline-strong') } },
    axisTick: { show: false },
    splitLine: { show: lines, lineStyle: { color: colours.css('hairline') } },
    ...titleOf(asked, colours),
  }
  if (axis.kind === 'category') {
    const texts = axis.values.map((_, at) => axis.text(at))
    const { rotate, letters, all } = arrange(texts, size, horizontal, labels)
    return {
      ...shared,
      type: 'category',
      data: texts,
      inverse: horizontal,
      axisLabel: {
        ...label,
        rotate,
        hideOverlap: !all,
        ...(all && { interval: 0 }),
        formatter: (text: string) => shortened(text, letters),
      },
    }
  }
  const [first, last] = [Number(axis.values[0] ?? 0), Number(axis.values.at(-1) ?? 1) + (axis.step ?? 0)]
  const scale = { ...shared, type: 'value', min: first, max: Math.max(last, first + 1e-9) }
  if (axis.kind === 'number')
    return { ...scale, axisLabel: { ...label, formatter: (v: number) => formatAxis(v, { kind: 'number' }) } }
  const { pattern } = axis
  const wide = pattern === undefined ? 90 : Math.max(90, pattern.length * LETTER + 24)
  const ticks = timeTicks(first, last, Math.max(2, Math.floor(size.width / wide)))
  const formatter = (at: number) =>
    pattern === undefined ? formatTick(at, ticks.step) : formatPattern(at, pattern)
  return {
    ...scale,
    axisLabel: { ...label, customValues: ticks.at, formatter },
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
    nameTextStyle: { color: colours.css('text-3'), fontSize: FONT },
  }
}

/** Which value axes are measured in square roots. */
export const rootAxes = (vis: Vis): ReadonlySet<number> =>
  new Set(
    asList(vis.params.valueAxes).flatMap((a, at) =>
      asJson(asJson(a).scale).type === 'square root' ? at : [],
    ),
  )

/** As many as are asked for; those that measure nothing are left out of the drawing but keep their place. */
export function valueAxes(
  vis: Vis,
  chart: XYChart,
  colours: Colours,
  horizontal: boolean,
  size: Size,
): Json[] {
  // Labels of a low chart must not lie over each other.
  const steps = Math.max(1, Math.min(4, Math.floor(horizontal ? size.width / 60 : size.height / 28)))
  const asked = asList(vis.params.valueAxes).map(asJson)
  const roots = rootAxes(vis)
  return (asked.length > 0 ? asked : [{}]).map((axis, at) => {
    const scale = asJson(axis.scale)
    const labels = asJson(axis.labels)
    const own = chart.series.filter(s => s.axis === at)
    const format: ValueFormat = own[0]?.format ?? { kind: 'number' }
    const measured = (value: number | null) => (value !== null && roots.has(at) ? signedRoot(value) : value)
    const [min, max] = [measured(asNumber(scale.min)), measured(asNumber(scale.max))]
    const right = axis.position === 'right' || (at > 0 && axis.position !== 'left')
    const whole = own.every(s => s.values.every(v => v === null || Number.isInteger(v)))
    const ticks = roots.has(at) ? rootTicks(chart, at, steps) : null
    return {
      type: scale.type === 'log' ? 'log' : 'value',
      position: horizontal ? 'bottom' : right ? 'right' : 'left',
      show: axis.show !== false,
      scale: scale.defaultYExtents === true,
      splitNumber: steps,
      minInterval: format.kind === 'number' && whole && ticks === null ? 1 : undefined,
      ...(min !== null && scale.setYExtents !== false && { min }),
      ...(max !== null && scale.setYExtents !== false ? { max } : chart.percent && { max: 1 }),
      axisLine: { show: false },
      axisTick: { show: false, ...(ticks && { customValues: ticks }) },
      splitLine: { show: at === 0, lineStyle: { color: colours.css('hairline') } },
      axisLabel: {
        show: labels.show !== false,
        color: colours.css('text-3'),
        fontSize: FONT,
        hideOverlap: true,
        rotate: asNumber(labels.rotate) ?? 0,
        ...(ticks && { customValues: ticks }),
        formatter: (v: number) => formatAxis(ticks ? unroot(v) : v, format),
      },
      ...titleOf(axis, colours),
    }
  })
}

const unroot = (v: number): number => Number((Math.sign(v) * v * v).toPrecision(12))

/** Round values that lie about as far from each other as the axis is drawn, as their roots. */
function rootTicks(chart: XYChart, axis: number, steps: number): number[] {
  const heights = new Map<string, number[]>()
  let most = 0
  for (const s of chart.series) {
    if (s.axis !== axis) continue
    const under = s.stack === null ? null : (heights.get(s.stack) ?? [])
    for (const [at, value] of s.values.entries()) {
      const top = (under?.[at] ?? 0) + (asNumber(value) ?? 0)
      if (under) under[at] = top
      most = Math.max(most, top)
    }
    if (s.stack !== null && under) heights.set(s.stack, under)
  }
  const values = Array.from({ length: steps + 1 }, (_, i) => roundBelow(most * (i / steps) ** 2))
  return [...new Set(values)].map(signedRoot)
}

/** The largest round number that is not above a value. */
function roundBelow(value: number): number {
  if (value <= 0) return 0
  const power = 10 ** Math.floor(Math.log10(value))
  const digit = [8, 6, 5, 4, 3, 2.5, 2, 1.5].find(d => d * power <= value) ?? 1
  return Number((digit * power).toPrecision(3))
}
