import type { Series } from '../../../lib/canvas/plot'
import { texts } from '../../../texts/reports'
import styles from './chart.module.css'

/** The colour of a series: the workpad's, or the next of this program's ten. */
export const colourOf = (series: Pick<Series, 'color'>, at: number): string =>
  series.color ?? `var(--series-${(at % 10) + 1})`

interface KeyProps {
  series: readonly Pick<Series, 'name' | 'color'>[]
  size: number
  corner: string
}

/** What the colours mean. */
export function Key({ series, size, corner }: KeyProps) {
  return (
    <ul className={styles.key} style={{ fontSize: `${size}px` }} data-corner={corner}>
      {series.map((one, at) => (
        <li key={one.name}>
          <i style={{ backgroundColor: colourOf(one, at) }} />
          {one.name === '' ? texts.all : one.name}
        </li>
      ))}
    </ul>
  )
}

/** More would only cost layout. */
const MAX_ROWS = 300

/** The numbers of a chart, for those who cannot see it. */
export function ChartNumbers({ head, rows }: { head: readonly string[]; rows: readonly string[][] }) {
  return (
    <div className="visually-hidden">
      <table aria-label={texts.numbersOfThisChart}>
        <thead>
          <tr>
            {head.map((name, at) => (
              <th key={at} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_ROWS).map((row, at) => (
            <tr key={at}>
              {row.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
