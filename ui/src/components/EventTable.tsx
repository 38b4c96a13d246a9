import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useEffect, useRef } from 'react'
import type { LogEvent } from '../lib/events'
import { columnTitle, SUMMARY } from '../lib/fields'
import { zoneName } from '../lib/time/zone'
import { ROW_HEIGHT, useDensity } from '../state/density'
import { texts } from '../texts/components'
import { EventRow } from './EventRow'
import styles from './EventTable.module.css'
import { Icon } from './Icon'

interface Props {
  events: LogEvent[]
  columns: string[]
  /** Whether the days of the events differ, so that times need their date. */
  withDate: boolean
  selected: string | null
  opened: ReadonlySet<string>
  wrap: boolean
  /** Old results, shown until the new ones come. */
  stale: boolean
  /** Changes when the list is another one and should be seen from its top. */
  listId: string
  footer: ReactNode
  /** Stands out among the others. */
  marked?: string
  /** How the rows are ordered, when not newest first. */
  sort?: Sort | null
  /** The fields that rows can be ordered by; the columns of others stand still. */
  sortable?: (column: string) => string | null
  onSort?: (sort: Sort | null) => void
  onSelect: (key: string) => void
  onToggle: (key: string) => void
  onRemoveColumn?: (column: string) => void
  onFilter: (field: string, value: unknown, negated: boolean) => void
  onNearEnd?: () => void
  onScrolled?: (away: boolean) => void
  renderDocument: (event: LogEvent) => ReactNode
}

export interface Sort {
  field: string
  order: 'asc' | 'desc'
}

/** The column that every table has. */
export const TIME = '_time'

/** A virtual table of events, newest first, each of which opens to its document. */
export function EventTable(props: Props) {
  const { events, columns, selected, opened, listId, onNearEnd, onScrolled } = props
  const density = useDensity()
  const row = ROW_HEIGHT[density]
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => row,
    getItemKey: i => events[i]?.key ?? i,
    overscan: 5,
  })
  // Another height of all rows makes what was measured wrong.
  const heights = `${row} ${props.wrap}`
  useEffect(() => {
    if (heights !== '') virtual.measure()
  }, [heights, virtual])
  const items = virtual.getVirtualItems()
  const last = items[items.length - 1]?.index ?? 0

  useEffect(() => {
    if (events.length > 0 && last >= events.length - 60) onNearEnd?.()
  }, [last, events.length, onNearEnd])
  useEffect(() => {
    if (listId !== '') scroller.current?.scrollTo({ top: 0 })
  }, [listId])
  useEffect(() => {
    const at = selected === null ? -1 : events.findIndex(e => e.key === selected)
    const start = virtual.measurementsCache[at]?.start
    if (start !== undefined && scroller.current) reveal(scroller.current, start, row)
    // Only a new selection moves the view; new events under it do not.
  }, [selected])

  const slots = useSlots(items.map(item => String(item.key)))
  const template = gridTemplate(columns, props.withDate)
  return (
    <div
      className={styles.table}
      style={{ '--columns': template } as React.CSSProperties}
      data-stale={props.stale}
      data-density={density}
      role="table"
      aria-label={texts.events}
      aria-rowcount={events.length}
    >
      <Header
        columns={columns}
        sort={props.sort}
        sortable={props.sortable}
        onSort={props.onSort}
        onRemoveColumn={props.onRemoveColumn}
      />
      <div
        className={styles.scroller}
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        role="rowgroup"
        onScroll={event => onScrolled?.(event.currentTarget.scrollTop > 2 * row)}
      >
        <div className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {items.map((item, i) => {
            const event = events[item.index] as LogEvent
            const isOpen = opened.has(event.key)
            const isTall = isOpen || item.size !== row
            return (
              <div
                key={props.wrap ? item.key : slots[i]}
                // A row of one line is as high as was estimated.
                ref={
                  props.wrap ? virtual.measureElement : isTall ? node => virtual.measureElement(node) : null
                }
                data-index={item.index}
                className={styles.place}
                data-marked={event.key === props.marked}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <EventRow
                  event={event}
                  columns={columns}
                  withDate={props.withDate}
                  selected={event.key === selected}
                  opened={isOpen}
                  wrap={props.wrap}
                  onSelect={props.onSelect}
                  onToggle={props.onToggle}
                  onFilter={props.onFilter}
                />
                {isOpen && (
                  <div key={event.key} role="row">
                    <div role="cell">{props.renderDocument(event)}</div>
                  </div>
                )}
              </div>
            )
          })}
        </div>
        <div role="row">
          <div role="cell">{props.footer}</div>
        </div>
      </div>
    </div>
  )
}

/**
 * A number for each key: a key keeps its own while it is in the list, and a new one takes the number of one that has left,
 * so that a row that comes into view is written into the elements of one that went.
 */
function useSlots(keys: string[]): number[] {
  const held = useRef<ReadonlyMap<string, number>>(new Map())
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  for (const key of keys) {
    const slot = held.current.get(key)
    if (slot === undefined) continue
    slots.set(key, slot)
    taken.add(slot)
  }
  let next = 0
  for (const key of keys) {
    if (slots.has(key)) continue
    while (taken.has(next)) next++
    slots.set(key, next++)
  }
  held.current = slots
  return keys.map(key => slots.get(key) as number)
}

/** Scrolls just as far as it takes to see the row that starts here. */
function reveal(scroller: HTMLElement, start: number, row: number) {
  const { scrollTop, clientHeight } = scroller
  if (start < scrollTop) scroller.scrollTop = start
  else if (start + row > scrollTop + clientHeight) scroller.scrollTop = start + row - clientHeight
}

interface HeaderProps {
  columns: string[]
  sort: Props['sort']
  sortable: Props['sortable']
  onSort: Props['onSort']
  onRemoveColumn: Props['onRemoveColumn']
}

/** Stands still while the rows under it scroll. */
const Header = memo(function Header({ columns, sort, sortable, onSort, onRemoveColumn }: HeaderProps) {
  const time = sortable?.(TIME) ?? null
  return (
    <div className={styles.header} role="row">
      <span role="columnheader">
        <span className="visually-hidden">{texts.open}</span>
      </span>
      <SortHead
        title={texts.time}
        hint={zoneName()}
        className={styles.time}
        field={onSort ? time : null}
        order={sort ? (sort.field === time ? sort.order : null) : 'desc'}
        onSort={order => onSort?.(time === null || order !== 'asc' ? null : { field: time, order })}
      />
      <span role="columnheader">
        <span className="visually-hidden">{texts.level}</span>
      </span>
      {columns.map(column => {
        const field = sortable?.(column) ?? null
        return (
          <SortHead
            key={column}
            title={columnTitle(column)}
            hint={columnTitle(column)}
            className={styles.heading}
            field={onSort ? field : null}
            order={sort && sort.field === field ? sort.order : null}
            onSort={order => onSort?.(field === null || order === null ? null : { field, order })}
          >
            {onRemoveColumn && (
              <button
                type="button"
                className={styles.remove}
                aria-label={texts.removeColumn(columnTitle(column))}
                onClick={() => onRemoveColumn(column)}
              >
                <Icon name="close" size={11} />
              </button>
            )}
          </SortHead>
        )
      })}
    </div>
  )
})

interface SortHeadProps {
  title: string
  hint: string
  className: string | undefined
  /** Null when the rows cannot be ordered by it. */
  field: string | null
  order: Sort['order'] | null
  onSort: (order: Sort['order'] | null) => void
  children?: ReactNode
}

/** From the greatest, from the least, and back to the newest. */
const NEXT = { none: 'desc', desc: 'asc', asc: null } as const

function SortHead({ title, hint, className, field, order, onSort, children }: SortHeadProps) {
  const sorted = order === 'asc' ? 'ascending' : order === 'desc' ? 'descending' : undefined
  return (
    <span
      className={className}
      role="columnheader"
      title={hint}
      aria-sort={field === null ? undefined : sorted}
    >
      {field === null ? (
        <span className={styles.name}>{title}</span>
      ) : (
        <button type="button" className={styles.name} onClick={() => onSort(NEXT[order ?? 'none'])}>
          {title}
          {order !== null && <Icon name={order === 'asc' ? 'up' : 'down'} size={10} />}
        </button>
      )}
      {children}
    </span>
  )
}

/** Names get what they usually need; the summary, or else the last column, takes the rest. */
function gridTemplate(columns: string[], withDate: boolean): string {
  const wide = columns.includes(SUMMARY) ? columns.indexOf(SUMMARY) : columns.length - 1
  const widths = columns.map((_, i) =>
    i === wide ? 'minmax(240px, 1fr)' : 'minmax(90px, clamp(150px, 13vw, 230px))',
  )
  return `22px ${withDate ? 162 : 92}px 18px ${widths.join(' ')}`
}
