import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { formatCount, formatShort, niceCeiling } from '../lib/numbers'
import { formatClock, formatDate, formatDuration, formatFull, formatTick } from '../lib/time/format'
import type { ResolvedRange } from '../lib/time/range'
import { timeTicks } from '../lib/time/ticks'
import type { EpochMillis, Millis } from '../lib/time/units'
import styles from './Histogram.module.css'
import { useWidth } from './useWidth'

export interface StackedSeries {
  label: string
  /** A CSS colour, by token. */
  colour: string
  counts: number[]
}

interface Props {
  starts: EpochMillis[]
  interval: Millis
  totals: number[]
  /** From the bottom of a bar upwards. */
  series: StackedSeries[]
  range: ResolvedRange
  onZoom: (from: EpochMillis, to: EpochMillis) => void
}

const HEIGHT = 92
const AXIS = 18
const TOP = 6
const LEFT = 44
const PLOT = HEIGHT - AXIS - TOP

/** Stacked bars over time. Drag over a span or press a bar to zoom in. */
export function Histogram({ starts, interval, totals, series, range, onZoom }: Props) {
  const [box, width] = useWidth<HTMLDivElement>()
  const [pointer, setPointer] = useState<number | null>(null)
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null)
  const plotWidth = Math.max(1, width - LEFT)
  const top = niceCeiling(Math.max(1, ...totals))
  const length = Math.max(1, range.to - range.from)
  const x = (at: EpochMillis) => LEFT + ((at - range.from) / length) * plotWidth
  const timeAt = (px: number) =>
    range.from + ((Math.min(Math.max(px, LEFT), width) - LEFT) / plotWidth) * length
  const under = pointer === null || brush ? -1 : barAt(starts, interval, timeAt(pointer))
  const hovered = totals[under] ? under : -1
  useWheelZoom(box, (px, factor) => {
    const middle = timeAt(px)
    onZoom(middle - (middle - range.from) * factor, middle + (range.to - middle) * factor)
  })

  const place = (event: PointerEvent) => event.clientX - event.currentTarget.getBoundingClientRect().left
  const release = () => {
    if (!brush) return
    const [from, to] = [Math.min(brush.from, brush.to), Math.max(brush.from, brush.to)]
    setBrush(null)
    if (to - from >= 4) return onZoom(timeAt(from), timeAt(to))
    const bar = barAt(starts, interval, timeAt(from))
    const start = starts[bar]
    if (start !== undefined && interval > 1) onZoom(start, start + interval - 1)
  }

  return (
    <div
      className={styles.histogram}
      ref={box}
      role="img"
      aria-label={`${formatCount(totals.reduce((a, b) => a + b, 0))} events over time, ${starts.length} bars`}
      onPointerMove={event => {
        const px = place(event)
        setPointer(px)
        if (brush) setBrush({ ...brush, to: px })
      }}
      onPointerLeave={() => setPointer(null)}
      onPointerDown={event => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setBrush({ from: place(event), to: place(event) })
      }}
      onPointerUp={release}
      onPointerCancel={() => setBrush(null)}
    >
      {width > 0 && (
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <Axes width={width} top={top} range={range} x={x} />
          <Bars
            starts={starts}
            interval={interval}
            totals={totals}
            series={series}
            top={top}
            x={x}
            hovered={hovered}
          />
          {brush && (
            <rect
              className={styles.brush}
              x={Math.max(LEFT, Math.min(brush.from, brush.to))}
              y={0}
              width={Math.abs(brush.to - brush.from)}
              height={HEIGHT - AXIS}
            />
          )}
        </svg>
      )}
      {hovered >= 0 && (
        <Tooltip
          start={starts[hovered] as number}
          interval={interval}
          total={totals[hovered] ?? 0}
          series={series}
          at={hovered}
          x={x((starts[hovered] as number) + interval / 2)}
          width={width}
        />
      )}
    </div>
  )
}

function barAt(starts: EpochMillis[], interval: Millis, at: EpochMillis): number {
  return starts.findIndex(start => at >= start && at < start + interval)
}

/** Scrolling with Ctrl or ⌘ held zooms around the pointer; without, the page keeps its scrolling. */
function useWheelZoom(box: { current: HTMLElement | null }, zoom: (px: number, factor: number) => void) {
  const latest = useRef(zoom)
  latest.current = zoom
  useEffect(() => {
    const element = box.current
    if (!element) return
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      latest.current(event.clientX - element.getBoundingClientRect().left, event.deltaY < 0 ? 0.6 : 1 / 0.6)
    }
    element.addEventListener('wheel', wheel, { passive: false })
    return () => element.removeEventListener('wheel', wheel)
  }, [box])
}

interface AxesProps {
  width: number
  top: number
  range: ResolvedRange
  x: (at: EpochMillis) => number
}

function Axes({ width, top, range, x }: AxesProps) {
  const ticks = timeTicks(range.from, range.to, Math.max(2, Math.floor(width / 110)))
  const base = HEIGHT - AXIS
  return (
    <g className={styles.axes}>
      <line x1={LEFT} x2={width} y1={TOP} y2={TOP} />
      <line x1={LEFT} x2={width} y1={base + 0.5} y2={base + 0.5} className={styles.base} />
      <text x={LEFT - 8} y={TOP + 4} textAnchor="end">
        {formatShort(top)}
      </text>
      <text x={LEFT - 8} y={base} textAnchor="end">
        0
      </text>
      {ticks.at.map(at => (
        <text
          key={at}
          x={Math.min(Math.max(x(at), LEFT + 14), width - 16)}
          y={HEIGHT - 4}
          textAnchor="middle"
        >
          {formatTick(at, ticks.step)}
        </text>
      ))}
    </g>
  )
}

interface BarsProps extends Pick<Props, 'starts' | 'interval' | 'totals' | 'series'> {
  top: number
  x: (at: EpochMillis) => number
  hovered: number
}

function Bars({ starts, interval, totals, series, top, x, hovered }: BarsProps) {
  return starts.map((start, i) => {
    if (!totals[i]) return null
    const left = Math.max(LEFT, x(start))
    const barWidth = Math.max(1, x(start + interval) - left - 1)
    let y = HEIGHT - AXIS
    return (
      <g key={start} className={styles.bar} data-dim={hovered >= 0 && hovered !== i}>
        {series.map(one => {
          const count = one.counts[i] ?? 0
          if (count === 0) return null
          // What exists is seen, however small.
          const height = Math.max(2, (count / top) * PLOT)
          y -= height
          return <rect key={one.label} x={left} y={y} width={barWidth} height={height} fill={one.colour} />
        })}
      </g>
    )
  })
}

interface TooltipProps {
  start: EpochMillis
  interval: Millis
  total: number
  series: StackedSeries[]
  at: number
  x: number
  width: number
}

function Tooltip({ start, interval, total, series, at, x, width }: TooltipProps) {
  const shown = series.filter(one => (one.counts[at] ?? 0) > 0)
  return (
    <div className={styles.tooltip} style={x > width - 220 ? { right: width - x + 12 } : { left: x + 12 }}>
      <div className={styles.when}>
        {interval < 1000 ? formatFull(start) : `${formatDate(start)} ${formatClock(start)}`}
        <span>+{formatDuration(interval)}</span>
      </div>
      {shown.map(one => (
        <div className={styles.line} key={one.label}>
          <i style={{ background: one.colour }} />
          <span>{one.label}</span>
          <b>{formatCount(one.counts[at] ?? 0)}</b>
        </div>
      ))}
      {shown.length !== 1 && (
        <div className={styles.line}>
          <i />
          <span>total</span>
          <b>{formatCount(total)}</b>
        </div>
      )}
    </div>
  )
}
