// Lines across a chart at values to watch: thresholds, and Lens' reference lines, whose values are written or measured.

import { asJson, asList, asNumber, asText, type Json } from './json'
import type { Vis } from './model'
import { axisAt, type ReferenceLine } from './series'
import { metricColumnsOf, type Table } from './table'

/** Kibana's threshold line and `params.thresholds`, ours. */
export function writtenLines(vis: Vis): ReferenceLine[] {
  const line = asJson(vis.params.thresholdLine)
  const asked = [
    ...(line.show === true
      ? [{ value: line.value, style: line.style, width: line.width, axis: line.valueAxis }]
      : []),
    ...asList(vis.params.thresholds).map(asJson),
  ]
  return asked.flatMap(one => {
    const value = asNumber(asJson(one).value)
    return value === null ? [] : [lineOf(vis, asJson(one), value, '')]
  })
}

/** The metrics of a layer that is drawn as lines. */
export function measuredLines(vis: Vis, table: Table): ReferenceLine[] {
  if (vis.params.lines === undefined) return []
  const styles = asJson(vis.params.lines)
  return metricColumnsOf(table).flatMap(at => {
    const column = table.columns[at]
    const value = table.rows[0]?.cells[at]?.value
    const style = asJson(styles[column?.agg?.id ?? ''])
    return typeof value === 'number' ? [lineOf(vis, style, value, column?.name ?? '')] : []
  })
}

const MAX_WIDTH = 8

/** A threshold says nothing of its colour where it is one of errors. */
function lineOf(vis: Vis, one: Json, value: number, name: string): ReferenceLine {
  const { style, fill } = one
  return {
    value,
    label: one.showLabel === false ? '' : asText(one.label, name),
    colour: asText(one.colour, 'level-error'),
    style:
      style === 'full' || style === 'solid'
        ? 'solid'
        : style === 'dot-dashed' || style === 'dotted'
          ? 'dotted'
          : 'dashed',
    width: Math.min(MAX_WIDTH, Math.max(1, asNumber(one.width) ?? 1)),
    fill: fill === 'above' || fill === 'below' ? fill : 'none',
    axis: axisAt(vis, one.axis),
  }
}
