import { type FormEvent, useState } from 'react'
import { formatClock, formatDate, formatFull } from '../lib/time/format'
import { readBound, roundedTo, roundingOf } from '../lib/time/plain'
import { describeRange, isRelative, QUICK_RANGES, resolveRange, type TimeRange } from '../lib/time/range'
import type { EpochMillis } from '../lib/time/units'
import { offsetText } from '../lib/time/zone'
import { texts } from '../texts/components'
import { Calendar } from './Calendar'
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
      title={texts.timeRangeWithKey}
      onClick={() => onOpenChange(!open)}
    >
      <Icon name="clock" />
      <span className={styles.current}>{describeRange(range, now)}</span>
      <Icon name="down" size={12} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={onOpenChange} trigger={trigger} label={texts.timeRange} align="end">
      <div className={styles.panel}>
        <div>
          <h2 className={styles.heading}>{texts.quick}</h2>
          <ul className={styles.quick}>
            {QUICK_RANGES.map(quick => (
              <li key={quick.label}>
                <RangeButton range={quick} current={range} label={quick.label} onChoose={choose} />
              </li>
            ))}
          </ul>
          {recent.length > 0 && (
            <>
              <h2 className={styles.heading}>{texts.recent}</h2>
              <ul className={styles.recent}>
                {recent.map(r => (
                  <li key={`${r.from} ${r.to}`}>
                    <RangeButton range={r} current={range} label={describeRange(r, now)} onChoose={choose} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        <Bounds key={`${range.from} ${range.to}`} range={range} now={now} onChoose={choose} />
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

/** What the bounds are rounded to while they follow the clock. */
const ROUNDINGS = [
  [null, 'nothing'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
] as const

/** Two bounds, written or pressed in the calendar. What they mean now stands beneath. */
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
  const read = { from: readBound(from, now, 'down'), to: readBound(to, now, 'up') }
  const chosen = read.from === null || read.to === null ? null : { from: read.from, to: read.to }
  const resolved = chosen && resolveRange(chosen, now)
  const rounding = roundingOf(read.from ?? '') ?? roundingOf(read.to ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (chosen && resolved) onChoose(chosen)
  }
  const round = (unit: string | null) => {
    setFrom(roundedTo(read.from ?? from, unit))
    setTo(roundedTo(read.to ?? to, unit))
  }
  return (
    <form onSubmit={submit} className={styles.bounds}>
      <div className={styles.pair}>
        <Bound label={texts.from} text={from} wrong={read.from === null} onText={setFrom} />
        <Bound label={texts.to} text={to} wrong={read.to === null} onText={setTo} />
      </div>
      <p className={styles.meaning} data-wrong={resolved === null} aria-live="polite">
        {resolved
          ? `${formatDate(resolved.from)} ${formatClock(resolved.from)} → ${formatDate(resolved.to)} ${formatClock(resolved.to)} (${offsetText(resolved.to)})`
          : chosen
            ? texts.theFirstMustComeBefore
            : texts.writeNow3h}
      </p>
      <Calendar
        from={resolved && formatDate(resolved.from)}
        to={resolved && formatDate(resolved.to)}
        today={formatDate(now)}
        onPick={(first, last) => {
          setFrom(`${first} 00:00`)
          setTo(`${last} 23:59:59.999`)
        }}
      />
      <div className={styles.foot}>
        <fieldset className={styles.rounding} disabled={!chosen || !isRelative(chosen)}>
          <legend>{texts.roundNowTo}</legend>
          {ROUNDINGS.map(([unit, name]) => (
            <button
              key={name}
              type="button"
              aria-pressed={rounding === unit}
              title={unit === null ? texts.theMomentItself : texts.nowFromTheBeginning(unit, name)}
              onClick={() => round(unit)}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <button type="submit" className="button primary" disabled={!resolved}>
          {texts.apply}
        </button>
      </div>
    </form>
  )
}

interface BoundProps {
  label: string
  text: string
  wrong: boolean
  onText: (text: string) => void
}

function Bound({ label, text, wrong, onText }: BoundProps) {
  return (
    <label className={styles.bound}>
      <span>{label}</span>
      <input
        className="input"
        value={text}
        aria-invalid={wrong}
        spellCheck={false}
        autoComplete="off"
        onChange={e => onText(e.target.value)}
        onFocus={e => e.target.select()}
      />
    </label>
  )
}

/** Absolute bounds are edited in the zone that times are shown in. */
function editable(bound: string, now: EpochMillis, range: TimeRange): string {
  if (bound.startsWith('now')) return bound
  const resolved = resolveRange(range, now)
  if (!resolved || isRelative({ from: bound, to: bound })) return bound
  return formatFull(bound === range.from ? resolved.from : resolved.to)
}
