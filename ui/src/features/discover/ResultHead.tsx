import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { canAggregate, type Field } from '../../lib/fields'
import { changeText, formatCount } from '../../lib/numbers'
import { formatDuration } from '../../lib/time/format'
import type { Millis } from '../../lib/time/units'
import styles from './ResultHead.module.css'
import { colourOf, type Series } from './timeline'

interface Props {
  /** What is shown belongs to the search before. */
  stale: boolean
  total: number | null
  /** Nothing is being counted: a remark stands in place of the events. */
  idle: boolean
  tookMillis: number | null
  missing: string[]
  newer: number
  paused: boolean
  stackField: string | null
  fields: Field[]
  series: Series[]
  /** Whether the period before is shown, and how many events it had once that is known. */
  previous: boolean
  before: number | null
  /** Of the range. */
  length: Millis
  onPrevious: () => void
  onStack: (field: string | null) => void
  onFilter: (field: string, value: unknown, negated: boolean) => void
  onResume: () => void
}

/** The line over the histogram: how much was found, how fast, and what the colours mean. */
export function ResultHead(props: Props) {
  const { total, tookMillis, missing, stackField, series } = props
  return (
    <div className={styles.head}>
      <p className={styles.count} data-stale={props.stale} aria-live="polite">
        {total === null ? (
          <span className={styles.quiet}>{props.idle ? 'not searched' : '…'}</span>
        ) : (
          <>
            <strong data-testid="total">{formatCount(total)}</strong> {total === 1 ? 'event' : 'events'}
            {tookMillis !== null && (
              <span className={styles.quiet}> · {tookMillis === 0 ? '<1' : formatCount(tookMillis)} ms</span>
            )}
          </>
        )}
      </p>
      {props.previous && props.before !== null && total !== null && (
        <p className={styles.before}>
          <strong>{changeText(props.before, total)}</strong> from {formatCount(props.before)} in the{' '}
          {formatDuration(props.length)} before
        </p>
      )}
      {missing.length > 0 && (
        <p className={styles.partial} role="status">
          <Icon name="warning" size={13} />
          Partial: {missing.join('; ')}
        </p>
      )}
      {props.paused && (
        <button type="button" className={styles.resume} onClick={props.onResume}>
          <Icon name="pause" size={12} />
          {props.newer > 0 ? `${formatCount(props.newer)} newer` : 'Paused while you read'} · show
        </button>
      )}
      <ul className={styles.legend} aria-label="Legend">
        {stackField !== null &&
          series.map((one, i) => (
            <LegendItem
              key={one.label}
              series={one}
              position={i}
              field={stackField}
              onFilter={props.onFilter}
            />
          ))}
      </ul>
      <button
        type="button"
        className="button quiet small"
        aria-pressed={props.previous}
        title="Show the period before this one as a line"
        onClick={props.onPrevious}
      >
        <Icon name={props.previous ? 'check' : 'clock'} size={12} />
        before
      </button>
      <StackMenu stackField={stackField} fields={props.fields} onStack={props.onStack} />
    </div>
  )
}

function LegendItem({
  series,
  position,
  field,
  onFilter,
}: {
  series: Series
  position: number
  field: string
  onFilter: Props['onFilter']
}) {
  const swatch = <i style={{ background: colourOf(series, position) }} />
  if (series.key === null) {
    return (
      <li className={styles.item}>
        {swatch}
        {series.label} <span className={styles.quiet}>{formatCount(series.total)}</span>
      </li>
    )
  }
  return (
    <li>
      <button
        type="button"
        className={styles.item}
        title={`Only ${field}: ${series.label} (with Shift: without)`}
        onClick={event => onFilter(field, series.key, event.shiftKey)}
      >
        {swatch}
        {series.label} <span className={styles.quiet}>{formatCount(series.total)}</span>
      </button>
    </li>
  )
}

function StackMenu({ stackField, fields, onStack }: Pick<Props, 'stackField' | 'fields' | 'onStack'>) {
  const [open, setOpen] = useState(false)
  const choose = (field: string | null) => {
    setOpen(false)
    onStack(field)
  }
  const candidates = fields.filter(
    f => canAggregate(f) && (f.kind === 'keyword' || f.kind === 'boolean' || f.kind === 'text'),
  )
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      title="Stack the histogram by a field"
      onClick={() => setOpen(!open)}
    >
      {stackField === null ? 'stack by' : `by ${stackField}`}
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Stack by" align="end">
      <Menu
        label="Stack by"
        items={[
          { key: '', label: 'Nothing', chosen: stackField === null, onSelect: () => choose(null) },
          ...candidates.map(f => ({
            key: f.name,
            label: f.name,
            chosen: f.name === stackField,
            onSelect: () => choose(f.name),
          })),
        ]}
      />
    </Popover>
  )
}
