import { useMemo, useState } from 'react'
import { asJson, asNumber, asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { groupBy } from '../../lib/vis/series'
import type { Table } from '../../lib/vis/table'
import { type Sorting, sortRows, totalsOf, withShares } from '../../lib/vis/totals'
import { texts } from '../../texts/charts'
import { usePages } from '../usePages'
import type { ChartEvents } from './mark'
import styles from './TablePlot.module.css'
import { useBox } from './useBox'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

/** Rows of buckets with their metrics: pages, an order, a row of totals; one table per value that it is split by. */
export function TablePlot({ vis, table, onMark }: Props) {
  const split = table.columns.findIndex(c => c.schema === 'split')
  if (split < 0) return <One vis={vis} table={table} onMark={onMark} caption={null} />
  const groups = groupBy(table.rows, row => row.cells[split]?.text ?? '')
  return (
    <div className={styles.split}>
      {[...groups].map(([name, rows]) => (
        <One key={name} vis={vis} table={{ ...table, rows }} onMark={onMark} caption={name} />
      ))}
    </div>
  )
}

/** The height of a row in CSS pixels, as the style sheet has it. */
const ROW = 26

function One({ vis, table: measured, onMark, caption }: Props & { caption: string | null }) {
  const [sorting, setSorting] = useState<Sorting | null>(() => savedSorting(vis))
  const table = useMemo(
    () => withShares(measured, asText(vis.params.percentageCol)),
    [measured, vis.params.percentageCol],
  )
  const rows = useMemo(() => sortRows(table.rows, sorting), [table, sorting])
  const [room, { height }] = useBox()
  const { shown, pager } = usePages(rows, Math.max(1, asNumber(vis.params.perPage) ?? 10))
  const totals = vis.params.showTotal === true ? totalsOf(table, asText(vis.params.totalFunc, 'sum')) : null
  // A row of totals lies over the last row of the box: no row may be cut in two by it.
  const fit = totals && height > 0 ? Math.max(3, Math.floor(height / ROW)) * ROW : undefined
  return (
    <div className={styles.box}>
      <div className={styles.room} ref={room}>
        <div className={styles.scroll} style={{ maxHeight: fit }}>
          <table className={styles.table}>
            {caption !== null && <caption>{caption}</caption>}
            <thead>
              <tr>
                {table.columns.map((column, i) => {
                  const direction = sorting?.column === i ? sorting.direction : null
                  return (
                    <th
                      key={`${column.id} ${i}`}
                      data-numeric={column.kind === 'metric'}
                      aria-sort={
                        direction === null ? 'none' : direction === 'asc' ? 'ascending' : 'descending'
                      }
                    >
                      <button type="button" onClick={() => setSorting(nextSorting(sorting, i))}>
                        <span>{column.name}</span>
                        {direction !== null && <i data-up={direction === 'asc'} aria-hidden="true" />}
                      </button>
                    </th>
                  )
                })}
              </tr>
            </thead>
            <tbody>
              {shown.map((row, r) => (
                <tr key={r}>
                  {row.cells.map((cell, i) => {
                    const column = table.columns[i]
                    const filters = column?.kind === 'bucket' ? (cell.filter ? [cell.filter] : []) : []
                    return (
                      <td key={`${column?.id} ${i}`} data-numeric={column?.kind === 'metric'}>
                        {filters.length > 0 ? (
                          <button
                            type="button"
                            onClick={event =>
                              onMark({
                                title: `${column?.name}: ${cell.text}`,
                                text: '',
                                filters,
                                x: event.clientX,
                                y: event.clientY,
                              })
                            }
                          >
                            {cell.text}
                          </button>
                        ) : (
                          cell.text
                        )}
                      </td>
                    )
                  })}
                </tr>
              ))}
            </tbody>
            {totals && (
              <tfoot>
                <tr>
                  {totals.map((text, i) => (
                    <td
                      key={`${table.columns[i]?.id} ${i}`}
                      data-numeric={table.columns[i]?.kind === 'metric'}
                    >
                      {i === 0 && text === '' ? totalName(asText(vis.params.totalFunc, 'sum')) : text}
                    </td>
                  ))}
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      </div>
      {pager}
    </div>
  )
}

const TOTAL_NAMES: Record<string, string> = {
  avg: texts.average,
  count: texts.count,
  max: texts.max,
  min: texts.min,
}
const totalName = (how: string): string =>
  Object.hasOwn(TOTAL_NAMES, how) ? (TOTAL_NAMES[how] ?? '') : texts.total

/** Descending, ascending, then as it came. */
function nextSorting(now: Sorting | null, column: number): Sorting | null {
  if (now?.column !== column) return { column, direction: 'desc' }
  return now.direction === 'desc' ? { column, direction: 'asc' } : null
}

function savedSorting(vis: Vis): Sorting | null {
  const { columnIndex, direction } = asJson(vis.params.sort)
  const column = asNumber(columnIndex)
  return column === null || (direction !== 'asc' && direction !== 'desc') ? null : { column, direction }
}
