// What is drawn across a chart: values to watch, and moments at which something happened.

import { asList, asText, isJson, type Json } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import type { ReferenceLine } from '../../lib/vis/series'
import { signedRoot } from '../../lib/vis/stack'
import type { Moment } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import type { Colours } from './palette'
import type { Drawn } from './xy_option'

/** A series per value axis that has lines: it draws nothing itself, and makes room for them on its axis. */
export function markSeries(vis: Vis, all: Drawn, colours: Colours): Json[] {
  const axes = Math.max(1, asList(vis.params.valueAxes).length)
  const moments = momentsOf(vis, all)
  return Array.from({ length: axes }, (_, axis) => axis).flatMap((axis): Json[] => {
    const lines = all.chart.lines.filter(l => Math.min(l.axis, axes - 1) === axis)
    const own = axis === 0 ? moments : []
    if (lines.length === 0 && own.length === 0) return []
    const measured = (line: ReferenceLine) => (all.roots.has(axis) ? signedRoot(line.value) : line.value)
    const first = all.positions[0] ?? 0
    return [
      {
        id: `marks ${axis}`,
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { width: 0 },
        [all.horizontal ? 'xAxisIndex' : 'yAxisIndex']: axis,
        data: lines.map(line => (all.horizontal ? [measured(line), first] : [first, measured(line)])),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...lines.map(line => lineMark(line, measured(line), all, colours)),
            ...labelled(own, all).map(one => momentMark(one, colours)),
          ],
        },
        markArea: {
          silent: true,
          animation: false,
          data: [
            ...lines.flatMap(line => areaMark(line, measured(line), all, colours)),
            ...own.flatMap(({ at, end, colour }) =>
              end === undefined
                ? []
                : [[{ xAxis: at, itemStyle: shade(colours, colour ?? MOMENT) }, { xAxis: end }]],
            ),
          ],
        },
      },
    ]
  })
}

const MOMENT = 'series-4'

const shade = (colours: Colours, token: string): Json => ({ color: colours.css(token), opacity: 0.09 })

function lineMark(line: ReferenceLine, at: number, all: Drawn, colours: Colours): Json {
  const color = colours.css(line.colour)
  return {
    [all.horizontal ? 'xAxis' : 'yAxis']: at,
    lineStyle: { color, type: line.style, width: line.width },
    label: { formatter: line.label, position: 'insideEndTop', color, fontSize: 10.5 },
  }
}

function areaMark(line: ReferenceLine, at: number, all: Drawn, colours: Colours): Json[][] {
  if (line.fill === 'none') return []
  const name = all.horizontal ? 'xAxis' : 'yAxis'
  const end = line.fill === 'above' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  return [[{ [name]: at, itemStyle: shade(colours, line.colour) }, { [name]: end }]]
}

/** Those of the dashboard (`params.moments`), those of the chart, and the present one where it is asked for. */
function momentsOf(vis: Vis, { chart, horizontal }: Drawn): Moment[] {
  if (chart.axis.kind !== 'time' || horizontal) return []
  const [first, last] = [
    Number(chart.axis.values[0]),
    Number(chart.axis.values.at(-1)) + (chart.axis.step ?? 0),
  ]
  const given = asList(vis.params.moments).flatMap((one): Moment[] => {
    if (!isJson(one) || typeof one.at !== 'number') return []
    return [{ at: one.at, label: asText(one.label) }]
  })
  const now: Moment[] = vis.params.addTimeMarker === true ? [{ at: Date.now(), label: texts.now }] : []
  return [...given, ...chart.moments, ...now]
    .filter(({ at, end }) => (end ?? at) >= first && at <= last)
    .map(one => ({ ...one, at: Math.max(first, one.at), ...(one.end && { end: Math.min(last, one.end) }) }))
    .sort((a, b) => a.at - b.at)
}

/** Labels that would lie over each other are left out. */
function labelled(moments: readonly Moment[], { chart }: Drawn): (Moment & { room: boolean })[] {
  const span = Number(chart.axis.values.at(-1)) + (chart.axis.step ?? 0) - Number(chart.axis.values[0])
  let last = Number.NEGATIVE_INFINITY
  return moments.map(one => {
    const room = one.at - last > span / 8
    if (room) last = one.at
    return { ...one, room }
  })
}

function momentMark(moment: Moment & { room: boolean }, colours: Colours): Json {
  const color = colours.css(moment.colour ?? MOMENT)
  return {
    xAxis: moment.at,
    lineStyle: { color, type: moment.style ?? 'dashed', width: 1 },
    label: {
      show: moment.room,
      formatter: moment.label,
      position: 'insideEndTop',
      rotate: 0,
      color,
      fontSize: 10.5,
    },
  }
}
