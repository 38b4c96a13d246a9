import { memo, useDeferredValue } from 'react'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'

/** More would only cost layout: whoever wants all numbers has the file. */
const MAX_ROWS = 300

/** The numbers of a chart, for those who cannot see it. Made when nothing more urgent is to be drawn, such as other charts. */
export function Numbers({ title, table: newest }: { title: string; table: Table }) {
  const table = useDeferredValue<Table | null>(newest, null)
  return table && <Rows title={title} table={table} />
}

const Rows = memo(function Rows({ title, table }: { title: string; table: Table }) {
  const of = title || texts.thisChart
  return (
    <div className="visually-hidden">
      <One label={texts.numbersOf(of)} table={table} />
      {table.layers?.map((layer, at) => (
        <One key={at} label={texts.layerOf(at + 2, of)} table={layer} />
      ))}
    </div>
  )
})

function One({ label, table }: { label: string; table: Table }) {
  return (
    <>
      <table aria-label={label}>
        <thead>
          <tr>
            {table.columns.map((c, at) => (
              <th key={`${c.id} ${at}`}>{c.name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, MAX_ROWS).map((row, r) => (
            <tr key={r}>
              {row.cells.map((cell, at) => (
                <td key={at}>{cell.text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.length > MAX_ROWS && <p>{texts.andMoreRows(table.rows.length - MAX_ROWS)}</p>}
    </>
  )
}
