import { formatCount, formatShare } from '../../lib/numbers'
import type { Change, Comparison } from '../../lib/pipelines'
import { texts } from '../../texts/pipelines'
import styles from './Compared.module.css'

/** How a changed configuration differs from the running one on the events that came. */
export function Compared({ result, seconds }: { result: Comparison; seconds: number }) {
  const { events, different, onlyOld, onlyNew, fields, samples } = result
  if (events === 0)
    return (
      <p className={styles.note} role="status">
        {texts.noEventCameWithinSeconds(seconds)}
      </p>
    )
  return (
    <section className={styles.compared} aria-label={texts.comparison}>
      <h3 role="status">
        {different === 0
          ? texts.eventsCameAndAllCome(formatCount(events))
          : texts.ofEventsComeOutOtherwise(
              formatCount(different),
              formatCount(events),
              formatShare(different, events),
            )}
      </h3>
      {onlyOld > 0 && <p>{texts.wouldBeDropped(formatCount(onlyOld))}</p>}
      {onlyNew > 0 && <p>{texts.wouldBeKept(formatCount(onlyNew))}</p>}
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
    <ul className={styles.changes} aria-label={texts.changes}>
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
