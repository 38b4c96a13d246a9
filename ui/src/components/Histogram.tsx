import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { formatCount, formatShort, niceCeiling } from '../lib/numbers'
import { formatClock, formatDate, formatDuration, formatFull, formatTick } from '../lib/time/format'
import type { ResolvedRange } from '../lib/time/range'
import { timeTicks } from '../lib/time/ticks'
import type { EpochMillis, Millis } from '../lib/time/units'
import { texts } from '../texts/components'
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
  /** The period before, moved to stand beside this one. */
  before?: { starts: EpochMillis[]; totals: number[] } | null
  /** Moments to mark, such as deployments. */
  marks?: readonly Mark[]
  onZoom: (from: EpochMillis, to: EpochMillis) => void
}

export interface Mark {
  at: EpochMillis
  label: string
}

const NO_MARKS: readonly Mark[] = []

const HEIGHT = 92
const AXIS = 18
const TOP = 6
const LEFT = 44
const PLOT = HEIGHT - AXIS - TOP

/** Stacked bars over time. Drag over a span or press a bar to zoom in. */
export function Histogram(props: Props) {
  const { starts, interval, totals, series, range, before = null, marks = NO_MARKS, onZoom } = props
  const [box, width] = useWidth<HTMLDivElement>()
  const [pointer, setPointer] = useState<number | null>(null)
  const [brush, setBrush] = useState<{ from: number; to: number } | null>(null)
  const plotWidth = Math.max(1, width - LEFT)
  const top = niceCeiling(Math.max(1, ...totals, ...(before?.totals ?? [])))
  const length = Math.max(1, range.to - range.from)
  const x = (at: EpochMillis) => LEFT + ((at - range.from) / length) * plotWidth
  const timeAt = (px: number) =>
    range.from + ((Math.min(Math.max(px, LEFT), width) - LEFT) / plotWidth) * length
  const under = pointer === null || brush ? -1 : barAt(starts, interval, timeAt(pointer))
  const hovered = totals[under] || before ? under : -1
  const marked = (at: number) => {
    const start = starts[at] as number
    return marks.filter(m => m.at >= start && m.at < start + interval)
  }
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
      aria-label={texts.eventsOverTimeBars(
        formatCount(totals.reduce((a, b) => a + b, 0)),
        starts.length,
        marksText(marks),
      )}
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
          {before && <Line {...before} interval={interval} top={top} x={x} width={width} />}
          <Marks marks={marks} x={x} />
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
          before={before && beforeAt(before, (starts[hovered] as number) + interval / 2)}
          marks={marked(hovered)}
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

/** The period before as the outline of its bars. */
function Line({
  starts,
  totals,
  interval,
  top,
  x,
  width,
}: {
  starts: EpochMillis[]
  totals: number[]
  interval: Millis
  top: number
  x: (at: EpochMillis) => number
  width: number
}) {
  const base = HEIGHT - AXIS
  const inside = (at: EpochMillis) => Math.min(Math.max(x(at), LEFT), width).toFixed(1)
  const path = starts.map((start, i) => {
    const y = (base - ((totals[i] ?? 0) / top) * PLOT).toFixed(1)
    return `${i === 0 ? 'M' : 'L'}${inside(start)} ${y}H${inside(start + interval)}`
  })
  return <path className={styles.before} d={path.join('')} />
}

function beforeAt({ starts, totals }: { starts: EpochMillis[]; totals: number[] }, at: EpochMillis): number {
  return totals[starts.findLastIndex(start => start <= at)] ?? 0
}

function Marks({ marks, x }: { marks: readonly Mark[]; x: (at: EpochMillis) => number }) {
  return marks.map(({ at, label }) => (
    <g key={`${at} ${label}`} className={styles.mark} transform={`translate(${x(at).toFixed(1)} 0)`}>
      <line y1={4} y2={HEIGHT - AXIS} />
      <path d="M-4 0h8l-4 6z" />
    </g>
  ))
}

/** More than a few are not read out. */
const SPOKEN_MARKS = 5

const marksText = (marks: readonly Mark[]) =>
  marks.length === 0
    ? ''
    : `; ${marks
        .slice(0, SPOKEN_MARKS)
        .map(m => texts.since(m.label, formatClock(m.at)))
        .join(', ')}`

interface TooltipProps {
  start: EpochMillis
  interval: Millis
  total: number
  series: StackedSeries[]
  at: number
  /** What the period before had at this place; null where it is not shown. */
  before: number | null
  marks: readonly Mark[]
  x: number
  width: number
}

function Tooltip({ start, interval, total, series, at, before, marks, x, width }: TooltipProps) {
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
          <span>{texts.total}</span>
          <b>{formatCount(total)}</b>
        </div>
      )}
      {before !== null && (
        <div className={styles.line}>
          <i className={styles.beforeKey} />
          <span>{texts.before}</span>
          <b>{formatCount(before)}</b>
        </div>
      )}
      {marks.map(mark => (
        <div className={styles.line} key={`${mark.at} ${mark.label}`}>
          <i />
          <span>{mark.label}</span>
          <b>{formatClock(mark.at)}</b>
        </div>
      ))}
    </div>
  )
}
