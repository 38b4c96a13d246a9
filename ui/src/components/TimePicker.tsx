import { type FormEvent, useState } from 'react'
import { formatClock, formatDate, formatFull } from '../lib/time/format'
import { describeRange, isRelative, QUICK_RANGES, resolveRange, type TimeRange } from '../lib/time/range'
import type { EpochMillis } from '../lib/time/units'
import { Icon } from './Icon'
import { Popover } from './Popover'
import styles from './TimePicker.module.css'

interface Props {
  range: TimeRange
  now: EpochMillis
  recent: TimeRange[]
  open: boolean
  onOpenChange: (open: boolean) => void
  onChange: (range: TimeRange) => void
}

export function TimePicker({ range, now, recent, open, onOpenChange, onChange }: Props) {
  const choose = (chosen: TimeRange) => {
    onChange({ from: chosen.from, to: chosen.to })
    onOpenChange(false)
  }
  const trigger = (
    <button
      type="button"
      className="button outlined"
      aria-expanded={open}
      aria-haspopup="dialog"
      title="Time range (t)"
      onClick={() => onOpenChange(!open)}
    >
      <Icon name="clock" />
      <span className={styles.current}>{describeRange(range, now)}</span>
      <Icon name="down" size={12} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={onOpenChange} trigger={trigger} label="Time range" align="end">
      <div className={styles.panel}>
        <div>
          <h2 className={styles.heading}>Quick</h2>
          <ul className={styles.quick}>
            {QUICK_RANGES.map(quick => (
              <li key={quick.label}>
                <RangeButton range={quick} current={range} label={quick.label} onChoose={choose} />
              </li>
            ))}
          </ul>
        </div>
        <div className={styles.right}>
          <Bounds key={`${range.from} ${range.to}`} range={range} now={now} onChoose={choose} />
          {recent.length > 0 && (
            <>
              <h2 className={styles.heading}>Recent</h2>
              <ul>
                {recent.map(r => (
                  <li key={`${r.from} ${r.to}`}>
                    <RangeButton range={r} current={range} label={describeRange(r, now)} onChoose={choose} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </div>
    </Popover>
  )
}

interface RangeButtonProps {
  range: TimeRange
  current: TimeRange
  label: string
  onChoose: (range: TimeRange) => void
}

function RangeButton({ range, current, label, onChoose }: RangeButtonProps) {
  const chosen = range.from === current.from && range.to === current.to
  return (
    <button
      type="button"
      className={styles.range}
      aria-current={chosen ? 'true' : undefined}
      onClick={() => onChoose(range)}
    >
      {label}
    </button>
  )
}

/** Two bounds as text: date math or a date. What they mean now stands beneath. */
function Bounds({
  range,
  now,
  onChoose,
}: {
  range: TimeRange
  now: EpochMillis
  onChoose: (range: TimeRange) => void
}) {
  const [from, setFrom] = useState(() => editable(range.from, now, range))
  const [to, setTo] = useState(() => editable(range.to, now, range))
  const resolved = resolveRange({ from, to }, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (resolved) onChoose({ from: stored(from), to: stored(to) })
  }
  return (
    <form onSubmit={submit} className={styles.bounds}>
      <h2 className={styles.heading}>From – to</h2>
      <label className={styles.bound}>
        <span>From</span>
        <input className="input" value={from} onChange={e => setFrom(e.target.value)} spellCheck={false} />
      </label>
      <label className={styles.bound}>
        <span>To</span>
        <input className="input" value={to} onChange={e => setTo(e.target.value)} spellCheck={false} />
      </label>
      <p className={styles.meaning} data-wrong={resolved === null} aria-live="polite">
        {resolved
          ? `${formatDate(resolved.from)} ${formatClock(resolved.from)} → ${formatDate(resolved.to)} ${formatClock(resolved.to)}`
          : 'Write now-3h, now/d, 2026-11-21 14:30, with the first bound earlier'}
      </p>
      <button type="submit" className="button primary" disabled={!resolved}>
        Apply
      </button>
    </form>
  )
}

/** Absolute bounds are edited in the zone that times are shown in. */
function editable(bound: string, now: EpochMillis, range: TimeRange): string {
  if (bound.startsWith('now')) return bound
  const resolved = resolveRange(range, now)
  if (!resolved || isRelative({ from: bound, to: bound })) return bound
  return formatFull(bound === range.from ? resolved.from : resolved.to)
}

/** And kept in UTC, so that a link means the same moment elsewhere. */
function stored(bound: string): string {
  const text = bound.trim()
  if (text.startsWith('now')) return text
  const resolved = resolveRange({ from: text, to: text }, 0)
  return resolved ? new Date(resolved.from).toISOString() : text
}
