import type { Drawing } from '../../../lib/canvas/values'
import { texts } from '../../../texts/reports'
import styles from './draw.module.css'
import { fontStyle } from './text'

type ProgressDrawing = Extract<Drawing, { kind: 'progress' }>
type Props = { drawing: ProgressDrawing; width: number; height: number }

/** A share of a whole as a bar, a ring or part of one, with its number. */
export function Progress({ drawing, width, height }: Props) {
  const { shape, label, font, share } = drawing
  const bar = shape.endsWith('Bar') || shape.endsWith('Pill')
  const text = label === null ? null : label
  return (
    <div
      className={styles.progress}
      data-shape={shape}
      role="meter"
      aria-valuenow={Math.round(share * 1000) / 10}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuetext={text ?? `${Math.round(share * 100)} %`}
      aria-label={texts.progress}
    >
      {bar ? (
        <Bar drawing={drawing} width={width} height={height} />
      ) : (
        <Ring drawing={drawing} width={width} height={height} />
      )}
      {text !== null && (
        <span className={styles.progressLabel} data-shape={shape} style={fontStyle(font)}>
          {text}
        </span>
      )}
    </div>
  )
}

const colours = ({ valueColor, barColor }: ProgressDrawing) => ({
  value: valueColor ?? 'var(--series-1)',
  bar: barColor ?? 'var(--surface-2)',
})

function Bar({ drawing, width, height }: Props) {
  const { shape, share, valueWeight, barWeight } = drawing
  const { value, bar } = colours(drawing)
  const upright = shape.startsWith('vertical')
  const [length, across] = upright ? [height, width] : [width, height]
  const round = shape.endsWith('Pill') ? 1 : 0
  const rect = (weight: number, of: number) => {
    const thick = Math.min(weight, across)
    const at = (across - thick) / 2
    return upright
      ? { x: at, y: length - of, width: thick, height: of, rx: (thick / 2) * round }
      : { x: 0, y: at, width: of, height: thick, rx: (thick / 2) * round }
  }
  // A pill that has begun is at least as long as it is thick.
  const filled = share === 0 ? 0 : Math.max(share * length, round * Math.min(valueWeight, across))
  return (
    <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <rect {...rect(barWeight, length)} fill={bar} />
      <rect {...rect(valueWeight, filled)} fill={value} />
    </svg>
  )
}

/** From where and how far a ring goes, in degrees clockwise from the top. */
const ARCS: Record<string, { from: number; span: number }> = {
  wheel: { from: 0, span: 360 },
  gauge: { from: -120, span: 240 },
  semicircle: { from: -90, span: 180 },
}

function Ring({ drawing, width, height }: Props) {
  const { shape, share, valueWeight, barWeight } = drawing
  const { value, bar } = colours(drawing)
  const { from, span } = ARCS[shape] ?? { from: 0, span: 360 }
  const weight = Math.max(valueWeight, barWeight)
  const half = shape === 'semicircle'
  const radius = Math.max(1, Math.min(width / 2, half ? height : height / 2) - weight / 2)
  const middle = { x: width / 2, y: half ? Math.min(height, radius + weight / 2) : height / 2 }
  return (
    <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={arc(middle, radius, from, span)} fill="none" stroke={bar} strokeWidth={barWeight} />
      {share > 0 && (
        <path
          d={arc(middle, radius, from, span * share)}
          fill="none"
          stroke={value}
          strokeWidth={valueWeight}
        />
      )}
    </svg>
  )
}

/** A whole circle is two halves, as an arc that ends where it begins is none. */
function arc(middle: { x: number; y: number }, radius: number, from: number, span: number): string {
  const at = (degrees: number) => {
    const turn = ((degrees - 90) * Math.PI) / 180
    return `${(middle.x + radius * Math.cos(turn)).toFixed(2)} ${(middle.y + radius * Math.sin(turn)).toFixed(2)}`
  }
  const piece = (to: number, length: number) => `A${radius} ${radius} 0 ${length > 180 ? 1 : 0} 1 ${at(to)}`
  return span >= 360
    ? `M${at(from)}${piece(from + 180, 180)}${piece(from + 360, 180)}`
    : `M${at(from)}${piece(from + span, span)}`
}
