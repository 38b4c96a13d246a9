import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import {
  addDays,
  addMonths,
  type Day,
  dayName,
  firstOfMonth,
  monthName,
  weekday,
  weeksOf,
} from '../lib/time/calendar'
import { texts } from '../texts/components'
import styles from './Calendar.module.css'
import { Icon } from './Icon'

interface Props {
  /** The days chosen; null while there are none. */
  from: Day | null
  to: Day | null
  today: Day
  onPick: (from: Day, to: Day) => void
}

const WEEKDAYS = [
  texts.monday,
  texts.tuesday,
  texts.wednesday,
  texts.thursday,
  texts.friday,
  texts.saturday,
  texts.sunday,
]

/** Two months, in which two days are pressed: the first and the last. Arrow keys, Page keys, Home and End move within it. */
export function Calendar({ from, to, today, onPick }: Props) {
  const [focus, setFocus] = useState<Day>(to ?? today)
  const [left, setLeft] = useState<Day>(() => addMonths(firstOfMonth(to ?? today), -1))
  /** The first of the two days, while the second is awaited. */
  const [anchor, setAnchor] = useState<Day | null>(null)
  const [hovered, setHovered] = useState<Day | null>(null)
  const box = useRef<HTMLDivElement>(null)
  const moved = useRef(false)
  useEffect(() => {
    if (!moved.current) return
    moved.current = false
    box.current?.querySelector<HTMLElement>(`[data-day="${focus}"]`)?.focus()
  }, [focus])

  // Days that are written beside it come into sight.
  const [seen, setSeen] = useState(to)
  if (seen !== to) {
    setSeen(to)
    if (to !== null && (to < left || to >= addMonths(left, 2))) {
      setLeft(addMonths(firstOfMonth(to), -1))
      setFocus(to)
    }
  }

  const last = anchor === null ? to : (hovered ?? anchor)
  const start = anchor ?? from
  const [low, high] = start !== null && last !== null && last < start ? [last, start] : [start, last]
  const press = (day: Day) => {
    setFocus(day)
    if (anchor === null) {
      setAnchor(day)
      setHovered(null)
      onPick(day, day)
    } else {
      setAnchor(null)
      onPick(day < anchor ? day : anchor, day < anchor ? anchor : day)
    }
  }
  const turn = (months: number) => {
    const next = addMonths(left, months)
    setLeft(next)
    // What the arrows start from is always in sight.
    setFocus(day => (day < next || day >= addMonths(next, 2) ? next : day))
  }
  const move = (event: KeyboardEvent) => {
    const next = target(event.key, focus)
    if (next === null) return
    event.preventDefault()
    moved.current = true
    setFocus(next)
    if (anchor !== null) setHovered(next)
    const month = firstOfMonth(next)
    if (month < left) setLeft(month)
    else if (month > addMonths(left, 1)) setLeft(addMonths(month, -1))
  }
  const month = (of: Day) => (
    <table aria-label={monthName(of)} className={styles.month}>
      <thead>
        <tr>
          {WEEKDAYS.map(name => (
            <th key={name} scope="col" abbr={name}>
              {name.slice(0, 2)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(of).map((week, i) => (
          <tr key={week.find(day => day !== null) ?? i}>
            {week.map((day, at) =>
              day === null ? (
                <td key={at} />
              ) : (
                <td key={day} data-chosen={inRange(day, low, high)} data-end={day === low || day === high}>
                  <button
                    type="button"
                    data-day={day}
                    data-today={day === today}
                    tabIndex={day === focus ? 0 : -1}
                    aria-label={dayName(day)}
                    aria-pressed={inRange(day, low, high)}
                    onClick={() => press(day)}
                    onPointerEnter={() => anchor !== null && setHovered(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the days in it
    <div className={styles.calendar} ref={box} onKeyDown={move}>
      <div className={styles.head}>
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.earlierMonths}
          onClick={() => turn(-1)}
        >
          <Icon name="left" size={13} />
        </button>
        <span aria-live="polite">{monthName(left)}</span>
        <span>{monthName(addMonths(left, 1))}</span>
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.laterMonths}
          onClick={() => turn(1)}
        >
          <Icon name="right" size={13} />
        </button>
      </div>
      <div className={styles.months}>
        {month(left)}
        {month(addMonths(left, 1))}
      </div>
      <p className={styles.hint}>{anchor === null ? texts.pressTheFirstDayThen : texts.nowPressTheLastDay}</p>
    </div>
  )
}

const inRange = (day: Day, low: Day | null, high: Day | null) =>
  low !== null && high !== null && low <= day && day <= high

/** Where a key leads; null for one that leads nowhere. */
function target(key: string, day: Day): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'PageUp':
      return addMonths(day, -1)
    case 'PageDown':
      return addMonths(day, 1)
    case 'Home':
      return addDays(day, -weekday(day))
    case 'End':
      return addDays(day, 6 - weekday(day))
    default:
      return null
  }
}
