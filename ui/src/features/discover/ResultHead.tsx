import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { canAggregate, type Field } from '../../lib/fields'
import { changeText, formatCount } from '../../lib/numbers'
import { formatDuration } from '../../lib/time/format'
import type { Millis } from '../../lib/time/units'
import { texts } from '../../texts/discover'
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
          <span className={styles.quiet}>{props.idle ? texts.notSearched : '…'}</span>
        ) : (
          <>
            <strong data-testid="total">{formatCount(total)}</strong> {texts.eventsWord(total)}
            {tookMillis !== null && (
              <span className={styles.quiet}> · {tookMillis === 0 ? '<1' : formatCount(tookMillis)} ms</span>
            )}
          </>
        )}
      </p>
      {props.previous && props.before !== null && total !== null && (
        <p className={styles.before}>
          <strong>{changeText(props.before, total)}</strong>{' '}
          {texts.fromInTheBefore(formatCount(props.before), formatDuration(props.length))}
        </p>
      )}
      {missing.length > 0 && (
        <p className={styles.partial} role="status">
          <Icon name="warning" size={13} />
          {texts.partial(missing.join('; '))}
        </p>
      )}
      {props.paused && (
        <button type="button" className={styles.resume} onClick={props.onResume}>
          <Icon name="pause" size={12} />
          {texts.andShow(props.newer > 0 ? texts.newer(formatCount(props.newer)) : texts.pausedWhileYouRead)}
        </button>
      )}
      <ul className={styles.legend} aria-label={texts.legend}>
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
        title={texts.showThePeriodBefore}
        onClick={props.onPrevious}
      >
        <Icon name={props.previous ? 'check' : 'clock'} size={12} />
        {texts.before}
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
        title={texts.onlyWithShiftWithout(field, series.label)}
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
      title={texts.stackTheHistogram}
      onClick={() => setOpen(!open)}
    >
      {stackField === null ? texts.stackByWord : texts.by(stackField)}
      <Icon name="down" size={11} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.stackBy} align="end">
      <Menu
        label={texts.stackBy}
        items={[
          { key: '', label: texts.nothing, chosen: stackField === null, onSelect: () => choose(null) },
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
