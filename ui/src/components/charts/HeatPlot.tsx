import { useMemo } from 'react'
import { formatTick } from '../../lib/time/format'
import { mix, schemaTokens } from '../../lib/vis/colours'
import { formatValue } from '../../lib/vis/format'
import { readBands } from '../../lib/vis/gauge'
import { asJson, asList, asNumber, asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { type Axis, xyCharts } from '../../lib/vis/series'
import type { Table } from '../../lib/vis/table'
import { useWidth } from '../useWidth'
import { rgbText } from './bands'
import styles from './HeatPlot.module.css'
import type { ChartEvents } from './mark'
import { useColours } from './palette'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

/** A cell per value of two fields, the darker or brighter the more. */
export function HeatPlot({ vis, table, onMark }: Props) {
  const colours = useColours()
  const [box, width] = useWidth<HTMLDivElement>()
  const chart = useMemo(() => xyCharts(vis, table)[0], [vis, table])
  if (!chart) return null
  const { axis, series } = chart
  const values = series.flatMap(s => s.values.filter(v => typeof v === 'number'))
  const [least, most] = [Math.min(0, ...values), Math.max(...values, 0)]
  const stops = schemaTokens(asText(vis.params.colorSchema, 'Blues'), vis.params.invertColors === true).map(
    colours.rgb,
  )
  const bands = vis.params.setColorRange === true ? readBands(vis.params.colorsRange) : []
  const steps = Math.max(2, asNumber(vis.params.colorsNumber) ?? 8)
  const shareOf = (value: number): number => {
    if (bands.length > 0)
      return (
        Math.max(
          0,
          bands.findIndex(b => value >= b.from && value < b.to),
        ) / Math.max(1, bands.length - 1)
      )
    const share = most > least ? (value - least) / (most - least) : 0
    // As many colours as are asked for, and nothing is drawn as nothing.
    return value === least ? 0 : Math.ceil(share * steps) / steps
  }
  const labels = asJson(asJson(asList(vis.params.valueAxes)[0]).labels).show === true
  const ticks = axis.values.map((_, at) => short(axis, at))
  const letters = Math.min(24, Math.max(...ticks.map(text => text.length), 1))
  const wanted = Math.max(48, letters * 6.5 + 8)
  const fit = Math.max(1, Math.floor(width / wanted))
  const every = Math.max(1, Math.ceil(axis.values.length / fit))
  // The last text may have fewer columns than the others, too few to be read.
  const roomAt = (at: number) =>
    every === 1 || ((ticks.length - at) / ticks.length) * width * 0.8 >= wanted - 8
  return (
    <div className={styles.heat} ref={box}>
      <div
        className={styles.grid}
        style={{
          gridTemplateColumns: `minmax(40px, max-content) repeat(${axis.values.length}, minmax(2px, 1fr))`,
          // Many columns leave no room for gaps.
          columnGap: axis.values.length * 6 > width ? 0 : undefined,
          gridTemplateRows: `repeat(${series.length}, minmax(18px, 1fr)) 18px`,
        }}
      >
        {series.map(s => [
          <span key={s.id} className={styles.name} title={s.name}>
            {s.name}
          </span>,
          ...s.values.map((value, at) => {
            const share = typeof value === 'number' ? shareOf(value) : 0
            const text = formatValue(value, s.format)
            return (
              <button
                key={`${s.id} ${String(axis.values[at])}`}
                type="button"
                tabIndex={-1}
                className={styles.cell}
                data-bright={share > 0.55}
                style={{ background: value === null ? undefined : rgbText(mix(stops, share)) }}
                title={`${axis.text(at)} · ${s.name}: ${text}`}
                aria-label={`${axis.text(at)}, ${s.name}: ${text}`}
                onClick={event =>
                  onMark({
                    title: `${s.name} · ${axis.text(at)}`,
                    text,
                    filters: s.filters(at),
                    x: event.clientX,
                    y: event.clientY,
                  })
                }
              >
                {labels ? text : ''}
              </button>
            )
          }),
        ])}
        <span />
        {ticks.map((text, at) =>
          at % every === 0 ? (
            <span
              key={axis.text(at)}
              className={styles.tick}
              title={axis.text(at)}
              style={{ gridColumn: `span ${Math.min(every, ticks.length - at)}` }}
            >
              {roomAt(at) ? text : ''}
            </span>
          ) : null,
        )}
      </div>
      {most > least && (
        <p className={styles.scale}>
          {formatValue(least, series[0]?.format ?? { kind: 'number' })}
          <i
            style={{
              background: `linear-gradient(to right, ${SCALE.map(share => rgbText(mix(stops, share))).join(', ')})`,
            }}
          />
          {formatValue(most, series[0]?.format ?? { kind: 'number' })}
        </p>
      )}
    </div>
  )
}

/** Shares at which the scale of colours is drawn. */
const SCALE = [0, 0.25, 0.5, 0.75, 1]

const short = (axis: Axis, at: number): string =>
  axis.kind === 'time' ? formatTick(Number(axis.values[at]), axis.step ?? 1) : axis.text(at)
