import { type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { formatValue } from '../../lib/vis/format'
import type { Vis } from '../../lib/vis/model'
import type { XYChart } from '../../lib/vis/series'
import { listenTo, pointAt } from './crosshair'
import { Legend } from './Legend'
import type { ChartEvents } from './mark'
import { useColours } from './palette'
import { useCanvas } from './useCanvas'
import styles from './XYPlot.module.css'
import { Tip } from './XYTip'
import { type Drawn, drawn, xyOption } from './xy_option'
import { seriesAt } from './xy_pressed'

interface Props extends ChartEvents {
  vis: Vis
  chart: XYChart
  group?: string | undefined
}

/** Pixels that a press may move and still is a press. */
const STILL = 4

/** Lines, areas and bars along an axis. Drag over a span of time to zoom in; press a place for what is behind it. */
export function XYPlot({ vis, chart, group, marked, onMark, onZoom }: Props) {
  const colours = useColours()
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const shown = useMemo(() => drawn(vis, chart), [vis, chart])
  const box = useRef<HTMLDivElement>(null)
  const option = useCallback(
    (width: number, height: number) => xyOption(vis, shown, hidden, colours, { width, height }),
    [vis, shown, hidden, colours],
  )
  const canvas = useCanvas(box, option)
  const [pointer, setPointer] = useState<{ x: number; y: number } | null>(null)
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null)
  const [elsewhere, setElsewhere] = useState<number | null>(null)
  const time = chart.axis.kind === 'time'
  const finder = shown.horizontal ? { yAxisIndex: 0 } : { xAxisIndex: 0 }
  const valueAt = (px: number): number => Number(canvas?.convertFromPixel(finder, px) ?? Number.NaN)
  const pixelOf = (value: number): number => Number(canvas?.convertToPixel(finder, value) ?? Number.NaN)

  useEffect(
    () => listenTo(time ? group : undefined, (at, from) => from !== box && setElsewhere(at)),
    [time, group],
  )
  const along = pointer && (shown.horizontal ? pointer.y : pointer.x)
  // What a menu is about stays as it was pressed: nothing lies over or under it.
  const under = marked || along === null || canvas === null ? -1 : nearest(shown, valueAt(along))

  const place = (event: PointerEvent) => {
    const area = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - area.left, y: event.clientY - area.top }
  }
  const release = (event: PointerEvent) => {
    const at = place(event)
    const span = brush
    setBrush(null)
    if (span && Math.abs(span.to - span.from) > STILL && time && onZoom) {
      const [from, to] = [valueAt(Math.min(span.from, span.to)), valueAt(Math.max(span.from, span.to))]
      const [first, last] = [
        Number(chart.axis.values[0]),
        Number(chart.axis.values.at(-1)) + (chart.axis.step ?? 0),
      ]
      return onZoom(Math.round(Math.max(from, first)), Math.round(Math.min(to, last)))
    }
    const pressed = nearest(shown, valueAt(shown.horizontal ? at.y : at.x))
    if (pressed < 0 || canvas === null) return
    const series = seriesAt(vis, shown, hidden, pressed, axis => {
      const place = { [shown.horizontal ? 'xAxisIndex' : 'yAxisIndex']: axis }
      return Number(canvas.convertFromPixel(place, shown.horizontal ? at.x : at.y))
    })
    const one = shown.chart.series[series]
    const axis = chart.axis.text(pressed)
    const behind = one?.filters(pressed) ?? []
    onMark({
      title: one?.group ? `${one.name} · ${axis}` : axis,
      text: one ? `${one.name} ${formatValue(one.values[pressed] ?? null, one.format)}` : '',
      filters: behind.length > 0 ? behind : chart.axis.filters(pressed),
      x: event.clientX,
      y: event.clientY,
    })
  }
  const several = shown.chart.series.length > 1 || vis.params.addLegend === true
  const legend = vis.params.addLegend !== false && several
  return (
    <div className={styles.plot} data-legend={legend ? legendSide(vis) : undefined}>
      {legend && (
        <Legend
          entries={shown.chart.series.map((s, at) => ({
            id: s.id,
            name: s.name,
            token: shown.tokens[at] ?? 'series-1',
          }))}
          hidden={hidden}
          onHidden={setHidden}
        />
      )}
      <div
        className={styles.canvas}
        onPointerMove={event => {
          const at = place(event)
          setPointer(at)
          if (brush) setBrush({ ...brush, to: at.x })
          if (time) pointAt(group, valueAt(at.x), box)
        }}
        onPointerLeave={() => {
          setPointer(null)
          pointAt(group, null, box)
        }}
        onPointerDown={event => {
          if (event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          const { x } = place(event)
          setBrush({ from: x, to: x })
        }}
        onPointerUp={event => brush && release(event)}
        onPointerCancel={() => setBrush(null)}
        data-zooms={time && onZoom !== undefined}
      >
        <div className={styles.drawing} ref={box} aria-hidden="true" />
        {under >= 0 && !brush && !shown.horizontal && (
          <i className={styles.cross} style={{ left: pixelOf(shown.positions[under] ?? 0) }} />
        )}
        {under < 0 && !marked && elsewhere !== null && within(shown, elsewhere) && (
          <>
            <i className={styles.cross} style={{ left: pixelOf(elsewhere) }} />
            <Tip
              drawn={shown}
              hidden={hidden}
              at={nearest(shown, elsewhere)}
              x={pixelOf(elsewhere)}
              width={box.current?.clientWidth ?? 0}
              quiet
            />
          </>
        )}
        {brush && time && onZoom && (
          <i
            className={styles.brush}
            style={{ left: Math.min(brush.from, brush.to), width: Math.abs(brush.to - brush.from) }}
          />
        )}
        {under >= 0 && pointer && !brush && (
          <Tip drawn={shown} hidden={hidden} at={under} x={pointer.x} width={box.current?.clientWidth ?? 0} />
        )}
      </div>
    </div>
  )
}

const legendSide = (vis: Vis): string =>
  ['right', 'left', 'bottom'].includes(String(vis.params.legendPosition))
    ? String(vis.params.legendPosition)
    : 'top'

/** The place of the axis that a position belongs to; -1 outside. */
function nearest({ chart, positions }: Drawn, at: number): number {
  const half = chart.axis.kind === 'category' ? 0.5 : (chart.axis.step ?? 0) / 2
  let best = -1
  for (const [i, position] of positions.entries()) {
    const distance = Math.abs(position - at)
    if (distance <= half * 1.02 && (best < 0 || distance < Math.abs((positions[best] ?? 0) - at))) best = i
  }
  return best
}

const within = ({ chart, positions }: Drawn, at: number): boolean => {
  const half = (chart.axis.step ?? 0) / 2
  return positions.length > 0 && at >= (positions[0] ?? 0) - half && at <= (positions.at(-1) ?? 0) + half
}
