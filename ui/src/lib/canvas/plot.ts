// The points of `pointseries` as what a chart is drawn of: series along an axis, with scales.

import type { Cell, ColumnType, Drawing, Palette, Point, PointSeries, SeriesStyle } from './values'

export const MAX_SERIES = 40

export interface Series {
  name: string
  style: SeriesStyle
  /** A colour of the workpad, or null for the next of the palette. */
  color: string | null
  points: { key: Cell; value: number; size: number | null }[]
}

export interface Chart {
  series: Series[]
  /** Along which values are compared. */
  axis:
    | { kind: 'category'; keys: Cell[] }
    | { kind: 'linear'; type: ColumnType; least: number; most: number; step: number }
  /** Of the values, with room for stacks. */
  least: number
  most: number
  horizontal: boolean
}

type PlotDrawing = Extract<Drawing, { kind: 'plot' }>

export function chartOfPlot({ series, defaultStyle, styles, palette }: PlotDrawing): Chart {
  const horizontal =
    defaultStyle.horizontal || (series.y?.kind === 'dimension' && series.x?.kind === 'measure')
  const keyOf = (p: Point) => (horizontal ? p.y : p.x)
  const measureOf = (p: Point) => (horizontal ? p.x : p.y)
  const dimension = horizontal ? series.y : series.x
  const named = seriesNames(series)
  const out = named.map(({ name, points }, at): Series => {
    const own = styles.find(s => s.label === name)
    const style = own ? mergeStyle(defaultStyle, own) : defaultStyle
    return {
      name,
      style,
      color: style.color ?? paletteColour(palette, at, named.length),
      points: points.flatMap(p => {
        const value = measureOf(p)
        if (typeof value !== 'number' || !Number.isFinite(value)) return []
        return [{ key: keyOf(p), value, size: typeof p.size === 'number' ? p.size : null }]
      }),
    }
  })
  const keys = distinct(out.flatMap(s => s.points.map(p => p.key)))
  const linear =
    dimension !== null && (dimension.type === 'date' || dimension.type === 'number') && !horizontal
  const [least, most] = span(out)
  return {
    series: out,
    axis: linear ? linearAxis(keys, dimension.type) : { kind: 'category', keys },
    least,
    most,
    horizontal,
  }
}

const mergeStyle = (base: SeriesStyle, own: SeriesStyle): SeriesStyle => ({
  ...base,
  color: own.color ?? base.color,
  lines: own.lines || base.lines,
  bars: own.bars || base.bars,
  points: own.points || base.points,
  fill: own.fill || base.fill,
  stack: own.stack ?? base.stack,
})

function seriesNames(series: PointSeries): { name: string; points: Point[] }[] {
  const groups = new Map<string, Point[]>()
  for (const p of series.points) {
    const name = p.color === null ? '' : String(p.color)
    const known = groups.get(name)
    if (known) known.push(p)
    else groups.set(name, [p])
  }
  return [...groups].slice(0, MAX_SERIES).map(([name, points]) => ({ name, points }))
}

/** A colour of the workpad's palette: the next one, or a mix of the two beside where a gradient is asked for. */
export function paletteColour(palette: Palette | null, at: number, of: number): string | null {
  if (palette === null || palette.colors.length === 0) return null
  if (!palette.gradient) return palette.colors[at % palette.colors.length] ?? null
  const place = of <= 1 ? 0 : (at / (of - 1)) * (palette.colors.length - 1)
  const [from, to] = [palette.colors[Math.floor(place)], palette.colors[Math.ceil(place)]]
  const share = Math.round((place % 1) * 100)
  return share === 0 || from === undefined ? (from ?? null) : `color-mix(in srgb, ${from}, ${to} ${share}%)`
}

const distinct = (keys: readonly Cell[]): Cell[] => [...new Set(keys)]

function linearAxis(keys: readonly Cell[], type: ColumnType): Chart['axis'] {
  const numbers = keys.filter(k => typeof k === 'number').sort((a, b) => a - b)
  let step = Number.POSITIVE_INFINITY
  for (let at = 1; at < numbers.length; at++)
    step = Math.min(step, (numbers[at] as number) - (numbers[at - 1] as number))
  return {
    kind: 'linear',
    type,
    least: numbers[0] ?? 0,
    most: numbers.at(-1) ?? 1,
    step: Number.isFinite(step) ? step : 1,
  }
}

/** From zero where there are bars or areas, which are compared by their length. */
function span(series: readonly Series[]): [number, number] {
  const stacks = new Map<string, number>()
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const { style, points } of series)
    for (const { key, value } of points) {
      const name = style.stack === null ? null : JSON.stringify([style.stack, key, value < 0])
      const reached = name === null ? value : (stacks.get(name) ?? 0) + value
      if (name !== null) stacks.set(name, reached)
      least = Math.min(least, reached)
      most = Math.max(most, reached)
    }
  if (!Number.isFinite(least)) return [0, 1]
  const filled = series.some(s => s.style.bars > 0 || s.style.fill > 0 || s.style.stack !== null)
  const from = filled || least > 0 ? Math.min(0, least) : least
  return from === most ? [from, from + 1] : [from, Math.max(most, filled ? 0 : most)]
}

/** Round values from the least to the most, some `wanted` of them; the ends lie outside or at the ends. */
export function ticksOf(least: number, most: number, wanted: number, step: number | null = null): number[] {
  const rough = (most - least) / Math.max(1, wanted)
  if (!(rough > 0) || !Number.isFinite(rough)) return [least]
  const power = 10 ** Math.floor(Math.log10(rough))
  const nice = ([1, 2, 2.5, 5, 10].find(s => s * power >= rough * 0.999) ?? 10) * power
  const own = step !== null && step > 0 && (most - least) / step <= 100 ? step : nice
  const out: number[] = []
  for (let at = Math.ceil(least / own - 1e-9); at * own <= most + own * 1e-9 && out.length < 200; at++)
    out.push(Number((at * own).toPrecision(12)))
  return out
}

const MINUTE = 60_000
const TIME_STEPS = [
  1000,
  5000,
  15_000,
  MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  60 * MINUTE,
  180 * MINUTE,
  360 * MINUTE,
  720 * MINUTE,
  1440 * MINUTE,
  2 * 1440 * MINUTE,
  7 * 1440 * MINUTE,
  14 * 1440 * MINUTE,
  30 * 1440 * MINUTE,
  90 * 1440 * MINUTE,
  365 * 1440 * MINUTE,
]

/** The step between the marks of an axis of time, in milliseconds. */
export const timeStep = (least: number, most: number, wanted: number): number =>
  TIME_STEPS.find(s => (most - least) / s <= wanted) ?? (TIME_STEPS.at(-1) as number)
