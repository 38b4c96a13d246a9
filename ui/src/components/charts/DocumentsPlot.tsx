import { Fragment, useState } from 'react'
import { asNumber } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import type { Cell, Row, Table } from '../../lib/vis/table'
import { texts } from '../../texts/charts'
import { Icon } from '../Icon'
import { JsonView } from '../JsonView'
import { LevelMark } from '../LevelMark'
import { usePages } from '../usePages'
import styles from './DocumentsPlot.module.css'
import type { ChartEvents } from './mark'

interface Props extends ChartEvents {
  vis: Vis
  table: Table
}

/** Documents, newest first, each of which opens. */
export function DocumentsPlot({ vis, table, onMark }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const size = vis.type === 'log_stream' ? table.rows.length : (asNumber(vis.params.perPage) ?? 20)
  const { shown, pager } = usePages(table.rows, Math.max(1, size))
  const toggle = (key: string) => {
    const next = new Set(opened)
    if (!next.delete(key)) next.add(key)
    setOpened(next)
  }
  return (
    <div className={styles.box}>
      <div className={styles.scroll}>
        <table className={styles.documents} aria-label={texts.documentsOf(vis.title || texts.thisPanel)}>
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">{texts.open}</span>
              </th>
              {table.columns.map(c => (
                <th key={c.id}>{c.name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map(row => (
              <Document
                key={row.event?.key}
                row={row}
                columns={table.columns.map(c => c.id)}
                opened={opened.has(row.event?.key ?? '')}
                onToggle={toggle}
                onMark={onMark}
              />
            ))}
          </tbody>
        </table>
      </div>
      {pager}
    </div>
  )
}

interface DocumentProps extends ChartEvents {
  row: Row
  columns: string[]
  opened: boolean
  onToggle: (key: string) => void
}

function Document({ row, columns, opened, onToggle, onMark }: DocumentProps) {
  const { event } = row
  if (!event) return null
  return (
    <Fragment>
      <tr data-level={event.level ?? undefined}>
        <td>
          <button
            type="button"
            aria-expanded={opened}
            aria-label={texts.theWholeDocument}
            onClick={() => onToggle(event.key)}
          >
            <Icon name={opened ? 'down' : 'right'} size={12} />
            <LevelMark level={event.level} />
          </button>
        </td>
        {row.cells.map((cell, i) => (
          <td key={columns[i]} data-last={i === row.cells.length - 1}>
            <Value cell={cell} column={columns[i] ?? ''} onMark={onMark} />
          </td>
        ))}
      </tr>
      {opened && (
        <tr className={styles.whole}>
          <td colSpan={columns.length + 1}>
            <JsonView value={event.source} />
          </td>
        </tr>
      )}
    </Fragment>
  )
}

function Value({ cell, column, onMark }: { cell: Cell; column: string; onMark: ChartEvents['onMark'] }) {
  const { filter } = cell
  if (filter === null) return cell.text
  return (
    <button
      type="button"
      onClick={event =>
        onMark({
          title: `${filter.meta.key ?? column}: ${cell.text}`,
          text: '',
          filters: [filter],
          x: event.clientX,
          y: event.clientY,
        })
      }
    >
      {cell.text}
    </button>
  )
}
