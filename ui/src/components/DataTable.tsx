import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import styles from './DataTable.module.css'
import { Icon } from './Icon'

export interface DataColumn<Row> {
  id: string
  label: string
  /** The label is for screen readers alone, as the cells say what they are. */
  labelHidden?: boolean
  /** As in a grid's template: `1fr`, `90px`, `minmax(160px, 2fr)`. */
  width: string
  /** Numbers stand at the right edge. */
  numeric?: boolean
  /** What the column is sorted by; without it the column cannot be sorted. */
  sort?: (row: Row) => string | number
  cell: (row: Row) => ReactNode
}

interface Props<Row> {
  label: string
  columns: readonly DataColumn<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string
  selected?: string | null
  onSelect?: (row: Row) => void
  /** The order at first: a column's id, with - before it for the largest first; '' keeps the order of the rows. */
  order?: string
}

const ROW = 30

/** A table of rows that can be sorted and opened, by pointer or arrow keys. Only rows in view are drawn. */
export function DataTable<Row>(props: Props<Row>) {
  const { label, columns, rows, keyOf, selected = null, onSelect } = props
  const [order, setOrder] = useState(props.order ?? '')
  const scroller = useRef<HTMLDivElement>(null)
  const sorted = useMemo(() => inOrder(rows, columns, order), [rows, columns, order])
  const view = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const template = columns.map(c => c.width).join(' ')
  const at = sorted.findIndex(row => keyOf(row) === selected)
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
    if (step === undefined || !onSelect || event.ctrlKey || event.metaKey || sorted.length === 0) return
    event.preventDefault()
    const next = Math.min(sorted.length - 1, Math.max(0, at + step))
    onSelect(sorted[next] as Row)
    view.scrollToIndex(next)
  }
  return (
    <div className={styles.table} role="table" aria-label={label} aria-rowcount={sorted.length + 1}>
      <div role="rowgroup">
        <div
          className={styles.head}
          role="row"
          data-scrolls={view.getTotalSize() > (view.scrollRect?.height ?? 0)}
          style={{ gridTemplateColumns: template }}
        >
          {columns.map(column => (
            <Head key={column.id} column={column} order={order} onOrder={setOrder} />
          ))}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through its rows, and it scrolls */}
      <div ref={scroller} className={styles.body} role="rowgroup" tabIndex={0} onKeyDown={press}>
        <div style={{ height: view.getTotalSize() }} className={styles.space} role="presentation">
          {view.getVirtualItems().map(item => {
            const row = sorted[item.index] as Row
            const key = keyOf(row)
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the first cell holds a button, and arrow keys move
              <div
                key={key}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={key === selected ? 'true' : undefined}
                className={styles.row}
                data-open={key === selected}
                data-opens={onSelect !== undefined}
                style={{ gridTemplateColumns: template, transform: `translateY(${item.start}px)` }}
                onClick={() => onSelect?.(row)}
              >
                {columns.map(column => (
                  <div
                    key={column.id}
                    role="cell"
                    className={column.numeric ? styles.number : styles.cell}
                    title={titleOf(column.cell(row))}
                  >
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

const titleOf = (content: ReactNode) => (typeof content === 'string' ? content : undefined)

interface HeadProps<Row> {
  column: DataColumn<Row>
  order: string
  onOrder: (order: string) => void
}

function Head<Row>({ column, order, onOrder }: HeadProps<Row>) {
  const { id, label, labelHidden, numeric, sort } = column
  const direction = order === id ? 'ascending' : order === `-${id}` ? 'descending' : 'none'
  const className = numeric ? styles.number : styles.cell
  if (!sort)
    return (
      <div role="columnheader" className={className}>
        <span className={labelHidden ? 'visually-hidden' : undefined}>{label}</span>
      </div>
    )
  const first = numeric ? `-${id}` : id
  const other = numeric ? id : `-${id}`
  return (
    <div role="columnheader" className={className} aria-sort={direction}>
      <button type="button" onClick={() => onOrder(order === first ? other : first)}>
        {label}
        <span className={styles.direction} data-direction={direction}>
          <Icon name="down" size={10} />
        </span>
      </button>
    </div>
  )
}

function inOrder<Row>(
  rows: readonly Row[],
  columns: readonly DataColumn<Row>[],
  order: string,
): readonly Row[] {
  const down = order.startsWith('-')
  const sort = columns.find(c => c.id === (down ? order.slice(1) : order))?.sort
  if (!sort) return rows
  const way = down ? -1 : 1
  return rows.toSorted((a, b) => {
    const [x, y] = [sort(a), sort(b)]
    return way * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)))
  })
}
