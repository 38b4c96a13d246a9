import type { Cell, ColumnType, Drawing } from '../../../lib/canvas/values'
import { formatFull } from '../../../lib/time/format'
import { formatValue } from '../../../lib/vis/format'
import { texts } from '../../../texts/reports'
import styles from './draw.module.css'
import { fontStyle } from './text'

type Props = { drawing: Extract<Drawing, { kind: 'table' }> }

/** Rows as they are; those that have no room are counted. */
export function TableView({ drawing }: Props) {
  const { table, font, showHeader, perPage } = drawing
  const rows = table.rows.slice(0, perPage)
  const more = table.rows.length - rows.length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={styles.table} style={fontStyle(font)} tabIndex={0} aria-label={texts.table}>
      <table>
        {showHeader && (
          <thead>
            <tr>
              {table.columns.map(c => (
                <th key={c.name} scope="col" data-type={c.type}>
                  {c.name}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {table.columns.map((c, i) => (
                <td key={c.name} data-type={c.type}>
                  {cellText(row[i] ?? null, c.type)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more > 0 && <p>{texts.andMore(more)}</p>}
    </section>
  )
}

export function cellText(cell: Cell, type: ColumnType): string {
  if (cell === null) return '–'
  if (type === 'date' && typeof cell === 'number') return formatFull(cell).replace(/\.000$/, '')
  return typeof cell === 'number' ? formatValue(cell, { kind: 'number' }) : String(cell)
}
