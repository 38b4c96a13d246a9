import { formatCount, formatShare } from '../../lib/numbers'
import type { Change, Comparison } from '../../lib/pipelines'
import styles from './Compared.module.css'

/** How a changed configuration differs from the running one on the events that came. */
export function Compared({ result, seconds }: { result: Comparison; seconds: number }) {
  const { events, different, onlyOld, onlyNew, fields, samples } = result
  if (events === 0)
    return (
      <p className={styles.note} role="status">
        No event came within {seconds} seconds, so there is nothing to compare.
      </p>
    )
  return (
    <section className={styles.compared} aria-label="Comparison">
      <h3 role="status">
        {different === 0
          ? `${formatCount(events)} events came, and all come out the same.`
          : `${formatCount(different)} of ${formatCount(events)} events (${formatShare(different, events)}) come out otherwise.`}
      </h3>
      {onlyOld > 0 && <p>{formatCount(onlyOld)} would be dropped that are kept now.</p>}
      {onlyNew > 0 && <p>{formatCount(onlyNew)} would be kept that are dropped now.</p>}
      {fields.length > 0 && (
        <p>
          {fields.slice(0, 12).map(({ field, count }) => (
            <span key={field} className={styles.field}>
              <code>{field}</code> {formatCount(count)}
            </span>
          ))}
        </p>
      )}
      <ul>
        {samples.slice(0, 5).map((sample, i) => (
          <li key={i} className={styles.sample}>
            <code>{JSON.stringify(sample.input).slice(0, 240)}</code>
            <Changes changes={sample.changes} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Fields before and after: + new, − gone, ~ changed. */
export function Changes({ changes }: { changes: Change[] }) {
  return (
    <ul className={styles.changes} aria-label="Changes">
      {changes.map(({ field, before, after }) => (
        <li key={field} data-kind={before === '' ? 'new' : after === '' ? 'gone' : 'changed'}>
          <span aria-hidden="true">{before === '' ? '+' : after === '' ? '−' : '~'}</span>
          <b>{field}</b>
          {before !== '' && <del>{before}</del>}
          {after !== '' && <ins>{after}</ins>}
        </li>
      ))}
    </ul>
  )
}
