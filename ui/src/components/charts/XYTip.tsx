import { formatValue } from '../../lib/vis/format'
import type { Series } from '../../lib/vis/series'
import { texts } from '../../texts/charts'
import styles from './XYPlot.module.css'
import type { Drawn } from './xy_option'

interface Props {
  drawn: Drawn
  hidden: ReadonlySet<string>
  /** The place of the axis. */
  at: number
  /** Where it stands, from the left. */
  x: number
  width: number
  /** The pointer is in another chart: its moment is named there. */
  quiet?: boolean
}

const MAX_LINES = 12
/** A chart that only follows the pointer of another says the most important. */
const MAX_QUIET = 5

/** The values of all series at a place of the axis. */
export function Tip({ drawn: { chart, tokens }, hidden, at, x, width, quiet = false }: Props) {
  const most = quiet ? MAX_QUIET : MAX_LINES
  const lines = chart.series
    .map((s, i) => ({ ...s, token: tokens[i], value: valueAt(chart.axis.values, s, at) }))
    .filter(s => !hidden.has(s.id) && s.value !== null && (chart.series.length < most || s.value !== 0))
  if (quiet && lines.length === 0) return null
  const left = x > width / 2
  return (
    <div
      className={styles.tip}
      data-tip=""
      data-quiet={quiet}
      style={{ top: 4, [left ? 'right' : 'left']: left ? width - x + 14 : x + 14 }}
    >
      {!quiet && <p>{chart.axis.text(at)}</p>}
      {lines.slice(0, most).map(s => (
        <p key={s.id} className={styles.line}>
          <i style={{ background: `var(--${s.token})` }} />
          <span>{s.name}</span>
          <b>{formatValue(s.value, s.format)}</b>
        </p>
      ))}
      {lines.length > most && <p>{texts.andMore(lines.length - most)}</p>}
    </div>
  )
}

/** The value at a place; of a layer with wider buckets that of the bucket which the place is in. */
function valueAt(axis: readonly (number | string)[], s: Series, at: number): Series['values'][number] {
  const own = s.values[at] ?? null
  if (own !== null || !s.places || !s.step) return own
  const place = s.places.findLast(p => p <= at)
  const inside = place !== undefined && Number(axis[at]) < Number(axis[place]) + s.step
  return inside ? (s.values[place] ?? null) : null
}
