import { memo, useLayoutEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { LogEvent } from '../lib/events'
import { cellOf, SUMMARY } from '../lib/fields'
import { isFilterValue } from '../lib/filters'
import { storyUrl } from '../lib/pages'
import { valueText } from '../lib/source'
import { formatClockMillis, formatFull } from '../lib/time/format'
import { isStory } from '../lib/trace/ids'
import { texts } from '../texts/components'
import styles from './EventTable.module.css'
import { Formatted, useFormatted } from './Formatted'
import { Icon } from './Icon'
import { LevelMark } from './LevelMark'

/** Cells hold one line; a longer text would only cost layout. */
const MAX_CELL_CHARS = 600

interface Props {
  event: LogEvent
  columns: string[]
  withDate: boolean
  selected: boolean
  opened: boolean
  wrap: boolean
  onSelect: (key: string) => void
  onToggle: (key: string) => void
  onFilter: (field: string, value: unknown, negated: boolean) => void
}

export const EventRow = memo(function EventRow(props: Props) {
  const { event, columns, selected, opened } = props
  // What can be done with a cell is made when the pointer is near: of the rows that scroll past nobody asks.
  const [near, setNear] = useState(false)
  const row = useRef<HTMLDivElement>(null)
  const shown = useRef(event.key)
  useLayoutEffect(() => {
    if (shown.current === event.key) return
    shown.current = event.key
    setNear(false)
    // The row is another event's now: a key pressed next is not for that one.
    if (row.current?.contains(document.activeElement))
      row.current.closest<HTMLElement>('[tabindex="0"]')?.focus()
  }, [event.key])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter act on the selected row; the button below does the same
    <div
      ref={row}
      className={styles.row}
      role="row"
      tabIndex={-1}
      data-level={event.level ?? undefined}
      data-wrap={props.wrap}
      aria-current={selected ? 'true' : undefined}
      onPointerEnter={() => setNear(true)}
      onClick={click => {
        if (click.target instanceof Element && click.target.closest('button, a')) return
        if (getSelection()?.isCollapsed === false) return
        props.onSelect(event.key)
        props.onToggle(event.key)
      }}
    >
      <span role="cell">
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={opened}
          aria-label={opened ? texts.closeTheEvent : texts.openTheEvent}
          onClick={() => props.onToggle(event.key)}
        >
          <Icon name={opened ? 'down' : 'right'} size={12} />
        </button>
      </span>
      <time className={styles.time} dateTime={new Date(event.at).toISOString()} role="cell">
        {props.withDate ? formatFull(event.at) : formatClockMillis(event.at)}
      </time>
      <span role="cell">
        <LevelMark level={event.level} />
      </span>
      {columns.map(column =>
        column === SUMMARY ? (
          <Summary key={column} event={event} />
        ) : (
          <Cell key={column} {...cellOf(column, event.flat)} near={near} onFilter={props.onFilter} />
        ),
      )}
    </div>
  )
})

/** What went wrong comes first: it is what the row is read for, and lines are cut at their end. */
function Summary({ event }: { event: LogEvent }) {
  const { text, error } = event.summary
  return (
    <span className={styles.cell} role="cell">
      {error !== null && <bdi className={styles.error}>{error.slice(0, MAX_CELL_CHARS)}</bdi>}
      <bdi data-aside={error !== null}>{text.slice(0, MAX_CELL_CHARS)}</bdi>
    </span>
  )
}

interface CellProps {
  field: string
  value: unknown
  near: boolean
  onFilter: Props['onFilter']
}

function Cell({ field, value, near, onFilter }: CellProps) {
  const formatted = useFormatted(field, value)
  if (value === undefined || value === null) {
    return (
      <span className={styles.cell} role="cell" data-missing="true">
        –
      </span>
    )
  }
  return (
    <span className={styles.cell} role="cell" data-number={typeof value === 'number'}>
      {formatted ? <Formatted of={formatted} /> : <bdi>{valueText(value).slice(0, MAX_CELL_CHARS)}</bdi>}
      {near && isFilterValue(value) && (
        <span className={styles.actions}>
          {isStory(field, value) && (
            <Link
              href={storyUrl(field, value)}
              aria-label={texts.storyOfThis(field)}
              title={texts.everythingWithThisOverAll(field)}
            >
              <Icon name="trace" size={13} />
            </Link>
          )}
          <button
            type="button"
            aria-label={texts.only(field, String(value))}
            onClick={() => onFilter(field, value, false)}
          >
            <Icon name="include" size={13} />
          </button>
          <button
            type="button"
            aria-label={texts.without(field, String(value))}
            onClick={() => onFilter(field, value, true)}
          >
            <Icon name="exclude" size={13} />
          </button>
        </span>
      )}
    </span>
  )
}
