import type { Drawing } from '../../../lib/canvas/values'
import styles from './draw.module.css'
import { OUTLINES } from './shapes'

type Props = { drawing: Extract<Drawing, { kind: 'shape' }>; width: number; height: number }

/** An outline as large as its box, or as large as it can be with its own proportions. */
export function Shape({ drawing, width, height }: Props) {
  const { shape, fill, border, borderWidth, maintainAspect } = drawing
  const side = Math.min(width, height)
  const [w, h] = maintainAspect ? [side, side] : [width, height]
  const stroke = shape === 'line' ? (border ?? fill ?? 'currentColor') : (border ?? 'none')
  const thick = shape === 'line' ? Math.max(1, borderWidth || height) : border === null ? 0 : borderWidth
  // Half of a border would lie outside of the box.
  const inset = shape === 'line' ? 0 : thick / 2
  const [x, y] = [(width - w) / 2 + inset, (height - h) / 2 + inset]
  const [scaleX, scaleY] = [Math.max(0, w - thick) / 100, Math.max(0, h - thick) / 100]
  if (shape === 'line')
    return (
      <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <line x1={0} y1={height / 2} x2={width} y2={height / 2} stroke={stroke} strokeWidth={thick} />
      </svg>
    )
  return (
    <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path
        d={OUTLINES[shape]}
        transform={`translate(${x} ${y}) scale(${scaleX} ${scaleY})`}
        fill={fill ?? 'none'}
        stroke={stroke}
        strokeWidth={thick}
        strokeLinejoin="miter"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
