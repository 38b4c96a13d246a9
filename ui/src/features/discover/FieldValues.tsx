import { Icon } from '../../components/Icon'
import type { LogEvent } from '../../lib/events'
import { canAggregate, type Field } from '../../lib/fields'
import type { FilterValue } from '../../lib/filters'
import { levelOf } from '../../lib/levels'
import { formatCount, formatMeasure, formatShare } from '../../lib/numbers'
import { valueText } from '../../lib/source'
import { texts } from '../../texts/discover'
import styles from './FieldValues.module.css'
import { type AskedRange, type Subject, type TopValues, useTopValues } from './queries'

export interface ValuesProps {
  field: Field
  fieldName: string
  subject: Subject | null
  range: AskedRange | null
  events: LogEvent[]
  onFilter: (field: string, value: unknown, negated: boolean) => void
  onFilterExists: (field: string) => void
  /** What the histogram is stacked by now. */
  stackField: string | null
  onStack: (field: string) => void
}

const SHOWN = 8

/** The most frequent values of a field over everything found; from the loaded events where the field cannot be aggregated. */
export function FieldValues(props: ValuesProps) {
  const { field, subject, range, events } = props
  const query = useTopValues(subject, range, field, SHOWN)
  if (query.isError) return <p className={styles.remark}>{query.error.message}</p>
  const sampled = !canAggregate(field)
  const top = sampled ? valuesOfSample(events, field.name) : query.data
  if (!top) return <div className={styles.waiting} />
  return (
    <div className={styles.values} data-stale={query.isPlaceholderData}>
      {top.spread && <Spread spread={top.spread} />}
      {top.values.map(value => (
        <ValueRow key={value.text} {...props} value={value} total={top.having} />
      ))}
      {top.values.length === 0 && (
        <p className={styles.remark}>
          {field.searchable ? texts.noValuesHere : texts.notIndexedCannotBeSearched}
        </p>
      )}
      <p className={styles.remark} hidden={top.values.length === 0}>
        {sampled ? texts.ofLoadedEvents(formatCount(top.total)) : coverage(top)}
        {field.searchable && (
          <button type="button" onClick={() => props.onFilterExists(field.name)}>
            {texts.onlyThese}
          </button>
        )}
        {!sampled && field.name !== props.stackField && (
          <button type="button" onClick={() => props.onStack(field.name)}>
            {texts.stackByIt}
          </button>
        )}
      </p>
    </div>
  )
}

function coverage(top: TopValues): string {
  if (top.having >= top.total) return texts.inAll(formatCount(top.total))
  return texts.inShareOf(formatShare(top.having, top.total), formatCount(top.total))
}

function Spread({ spread }: { spread: NonNullable<TopValues['spread']> }) {
  const parts: [string, number | null][] = [
    [texts.min, spread.least],
    ['p50', spread.p50],
    ['p95', spread.p95],
    ['p99', spread.p99],
    [texts.max, spread.most],
  ]
  return (
    <dl className={styles.spread}>
      {parts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value === null ? '–' : formatMeasure(value)}</dd>
        </div>
      ))}
    </dl>
  )
}

type RowProps = ValuesProps & { value: { key: FilterValue; text: string; count: number }; total: number }

function ValueRow({ field, value, total, onFilter }: RowProps) {
  const share = total > 0 ? value.count / total : 0
  const level = levelOf(value.text)
  return (
    <div className={styles.row} title={`${value.text}: ${formatCount(value.count)}`}>
      <span
        className={styles.bar}
        data-level={level ?? undefined}
        style={{
          width: `${Math.max(1, 100 * share)}%`,
          ...(level && { background: `var(--level-${level})` }),
        }}
      />
      <button
        type="button"
        className={styles.text}
        aria-label={texts.only(field.name, value.text)}
        onClick={() => onFilter(field.name, value.key, false)}
      >
        {value.text === '' ? texts.empty : value.text}
      </button>
      <span className={styles.share}>{formatShare(value.count, total)}</span>
      <button
        type="button"
        className={styles.out}
        aria-label={texts.without(field.name, value.text)}
        onClick={() => onFilter(field.name, value.key, true)}
      >
        <Icon name="exclude" size={13} />
      </button>
    </div>
  )
}

function valuesOfSample(events: LogEvent[], name: string): TopValues {
  const counts = new Map<string, number>()
  let having = 0
  for (const event of events) {
    const value = event.flat.get(name)
    if (value === undefined || value === null) continue
    having++
    const text = valueText(value)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]).slice(0, SHOWN)
  return {
    values: sorted.map(([text, count]) => ({ key: text, text, count })),
    having,
    total: events.length,
    spread: null,
  }
}
