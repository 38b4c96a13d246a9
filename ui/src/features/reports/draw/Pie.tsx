import { paletteColour } from '../../../lib/canvas/plot'
import type { Drawing } from '../../../lib/canvas/values'
import { formatCount, formatShare } from '../../../lib/numbers'
import { texts } from '../../../texts/reports'
import styles from './chart.module.css'
import { ChartNumbers, colourOf, Key } from './key'

type PieDrawing = Extract<Drawing, { kind: 'pie' }>

/** Slices are at most so many; what is left is one slice. */
const MAX_SLICES = 24

interface Slice {
  name: string
  value: number
  color: string | null
}

/** Shares of a whole, with their names beside them or in a key. */
export function Pie({ drawing, width, height }: { drawing: PieDrawing; width: number; height: number }) {
  const { font, hole, labels, legend } = drawing
  const slices = slicesOf(drawing)
  const whole = slices.reduce((sum, s) => sum + s.value, 0)
  const keyed = legend !== false
  const keyHeight = keyed ? font.size * 1.8 : 0
  const margin = labels ? font.size * 1.6 : 2
  const radius = Math.max(
    4,
    Math.min(width / 2 - (labels ? width * 0.18 : 0), (height - keyHeight) / 2) - margin,
  )
  const middle = { x: width / 2, y: keyHeight + (height - keyHeight) / 2 }
  const inner = (radius * hole) / 100
  let before = 0
  return (
    <figure
      className={styles.figure}
      aria-label={texts.sharesOf(drawing.series.size?.label ?? texts.theWhole)}
    >
      <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} fontSize={font.size} aria-hidden="true">
        {whole > 0 &&
          slices.map((slice, at) => {
            const from = before / whole
            before += slice.value
            const to = before / whole
            const turn = ((from + to) / 2) * 2 * Math.PI
            const [dx, dy] = [Math.sin(turn), -Math.cos(turn)]
            return (
              <g key={slice.name}>
                <path
                  className={styles.slice}
                  d={ringPart(middle, inner, radius, from, to)}
                  fill={colourOf(slice, at)}
                />
                {labels && to - from > 0.025 && (
                  <text
                    className={styles.label}
                    x={middle.x + dx * (radius + font.size * 0.7)}
                    y={middle.y + dy * (radius + font.size * 0.7) + font.size * 0.35}
                    textAnchor={Math.abs(dx) < 0.2 ? 'middle' : dx > 0 ? 'start' : 'end'}
                  >
                    {slice.name} {formatShare(slice.value, whole)}
                  </text>
                )}
              </g>
            )
          })}
      </svg>
      {keyed && <Key series={slices} size={font.size} corner={legend} />}
      <ChartNumbers
        head={[texts.slice, texts.value]}
        rows={slices.map(s => [s.name, formatCount(s.value)])}
      />
    </figure>
  )
}

function slicesOf({ series, palette, styles: own }: PieDrawing): Slice[] {
  const sums = new Map<string, number>()
  for (const p of series.points) {
    const value = typeof p.size === 'number' ? p.size : 1
    if (value > 0) sums.set(String(p.color ?? '–'), (sums.get(String(p.color ?? '–')) ?? 0) + value)
  }
  const order = [...sums].sort((a, b) => b[1] - a[1])
  const shown = order.slice(0, MAX_SLICES)
  const rest = order.slice(MAX_SLICES).reduce((sum, [, value]) => sum + value, 0)
  return [...shown, ...(rest > 0 ? [[texts.other, rest] as const] : [])].map(([name, value], at) => ({
    name,
    value,
    color: own.find(s => s.label === name)?.color ?? paletteColour(palette, at, shown.length),
  }))
}

function ringPart(
  middle: { x: number; y: number },
  inner: number,
  outer: number,
  from: number,
  to: number,
): string {
  // A whole ring ends a hair before it begins, or it would be none.
  const [start, end] = [from * 2 * Math.PI, Math.min(to, from + 0.99999) * 2 * Math.PI]
  const at = (radius: number, turn: number) =>
    `${(middle.x + radius * Math.sin(turn)).toFixed(2)} ${(middle.y - radius * Math.cos(turn)).toFixed(2)}`
  const large = end - start > Math.PI ? 1 : 0
  const outside = `M${at(outer, start)}A${outer} ${outer} 0 ${large} 1 ${at(outer, end)}`
  return inner > 0
    ? `${outside}L${at(inner, end)}A${inner} ${inner} 0 ${large} 0 ${at(inner, start)}Z`
    : `${outside}L${middle.x} ${middle.y}Z`
}
