import type { PointerEvent } from 'react'
import { linePath } from '../lib/metrics'
import { formatMoment } from '../lib/time/format'
import styles from './LineChart.module.css'
import { useWidth } from './useWidth'

export interface Line {
  label: string
  /** One for each time; null where there is none. */
  values: (number | null)[]
}

interface Props {
  title: string
  /** Milliseconds since 1970, one for each value. */
  times: number[]
  from: number
  to: number
  lines: Line[]
  format: (value: number) => string
  /** The top of the scale, where it is not that of the values, such as the size of a disk. */
  most?: number
  /** Levels that mean something, such as watermarks. */
  levels?: { at: number; label: string }[]
  /** The time that is pointed at, in all charts of a page. */
  pointed: number | null
  onPoint: (at: number | null) => void
}

const HEIGHT = 64

/** Small lines over time, with the value of now, or of the time pointed at. */
export function LineChart(props: Props) {
  const { title, times, from, to, lines, format, levels = [], pointed, onPoint } = props
  const [root, width] = useWidth<HTMLDivElement>()
  const known = lines.flatMap(line => line.values).filter(v => v !== null)
  const top = props.most ?? Math.max(...known, 0) * 1.08
  const highest = props.most ?? Math.max(...known, 0)
  const scale = (value: number) => (top > 0 ? Math.min(1, value / top) : 0)
  const at = (time: number) => (to > from ? Math.min(1, Math.max(0, (time - from) / (to - from))) : 0)
  const index = pointed === null ? times.length - 1 : nearest(times, pointed)
  const move = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    onPoint(from + ((event.clientX - box.left) / box.width) * (to - from))
  }
  const values = lines.map(line => ({ label: line.label, value: line.values[index] ?? null }))
  const moment = (time: number) => formatMoment(time, { from, to })
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.head}>
        <span className={styles.title}>{title}</span>
        {values.map(({ label, value }, i) => (
          <span key={label} className={styles.value} data-line={i}>
            {lines.length > 1 && <i>{label}</i>}
            <b>{value === null ? '–' : format(value)}</b>
          </span>
        ))}
      </figcaption>
      <div ref={root} className={styles.plot} onPointerMove={move} onPointerLeave={() => onPoint(null)}>
        <svg width={width} height={HEIGHT} role="img" aria-label={`${title}: ${words(values, format)}`}>
          <line x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className={styles.ground} />
          {levels.map(level => (
            <g key={level.label}>
              <line
                x1={0}
                x2={width}
                y1={HEIGHT - scale(level.at) * HEIGHT}
                y2={HEIGHT - scale(level.at) * HEIGHT}
                className={styles.level}
              >
                <title>{level.label}</title>
              </line>
            </g>
          ))}
          {lines.map((line, i) => {
            const points = times.map((time, k) => {
              const value = line.values[k] ?? null
              return { x: at(time), y: value === null ? null : scale(value) }
            })
            return (
              <path
                key={line.label}
                d={linePath(points, width, HEIGHT - 2)}
                className={styles.line}
                data-line={i}
              />
            )
          })}
          {highest > 0 && (
            <text x={0} y={8} className={styles.top}>
              {format(highest)}
            </text>
          )}
          {pointed !== null && times[index] !== undefined && (
            <line
              x1={at(times[index]) * width}
              x2={at(times[index]) * width}
              y1={0}
              y2={HEIGHT}
              className={styles.cross}
            />
          )}
        </svg>
      </div>
      <p className={styles.foot}>
        <span>{moment(from)}</span>
        <span>{pointed !== null && times[index] !== undefined ? moment(times[index]) : ''}</span>
        <span>{moment(to)}</span>
      </p>
    </figure>
  )
}

const words = (values: { label: string; value: number | null }[], format: (value: number) => string) =>
  values.map(({ label, value }) => `${label} ${value === null ? 'none' : format(value)}`).join(', ')

function nearest(times: number[], at: number): number {
  let best = 0
  times.forEach((time, i) => {
    if (Math.abs(time - at) < Math.abs((times[best] ?? 0) - at)) best = i
  })
  return best
}
