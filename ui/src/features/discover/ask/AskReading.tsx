import { Icon } from '../../../components/Icon'
import type { Answer } from '../../../lib/ask/ask'
import type { TimeRange } from '../../../lib/time/range'
import { describeRange } from '../../../lib/time/range'
import styles from './AskReading.module.css'

interface Props {
  question: string
  /** Null while the values of the fields are looked up. */
  answer: Answer | null | 'waiting'
  /** Why the values did not come. */
  error: Error | null
  range: TimeRange
  now: number
  onSearch: (answer: Answer) => void
  /** Puts the KQL into the search, to be changed there. */
  onEdit: (answer: Answer) => void
}

/** How a question is read: what it becomes, and what of it was not understood. */
export function AskReading({ question, answer, error, range, now, onSearch, onEdit }: Props) {
  if (error !== null)
    return (
      <p className={styles.line} role="alert">
        The values of the fields did not come: {error.message}
      </p>
    )
  if (question.trim() === '')
    return (
      <p className={styles.line}>
        Ask in plain words, such as <i>errors by service since yesterday</i>,{' '}
        <i>slowest tools in the last hour</i> or <i>top 5 users by cost</i>. The query is shown before it is
        searched for.
      </p>
    )
  if (answer === 'waiting') return <p className={styles.line}>Looking up the values of the fields…</p>
  if (answer === null)
    return (
      <p className={styles.line} role="status">
        Nothing of this is understood. It knows times, levels, and the names and values of the fields.
      </p>
    )
  const left = answer.phrases.filter(p => p.meaning === null).map(p => question.slice(p.start, p.end))
  return (
    // Before the blur of the search, which would close this.
    <section
      className={styles.reading}
      aria-label="How the question is read"
      onPointerDown={e => e.preventDefault()}
    >
      <p className={styles.question}>{marked(question, answer)}</p>
      <dl className={styles.facts}>
        <dt>Query</dt>
        <dd>
          <code>{answer.kql || 'all events'}</code>
        </dd>
        <dt>Time</dt>
        <dd>{answer.range ? describeRange(answer.range, now) : `as above: ${describeRange(range, now)}`}</dd>
        <dt>Shows</dt>
        <dd>{answer.shows}</dd>
      </dl>
      {left.length > 0 && (
        <p className={styles.left} role="status">
          Not understood and left out: {left.map(text => `“${text}”`).join(', ')}
        </p>
      )}
      <p className={styles.deeds}>
        <button type="button" className="button primary small" onClick={() => onSearch(answer)}>
          <Icon name={answer.chart ? 'chart' : 'search'} size={13} />
          {answer.chart ? 'Draw it' : 'Search'}
        </button>
        <button type="button" className="button quiet small" onClick={() => onEdit(answer)}>
          Edit the query
        </button>
      </p>
    </section>
  )
}

/** The question with what was not understood struck through; what was says its meaning when it is pointed at. */
function marked(question: string, { phrases }: Answer) {
  let at = 0
  const parts = phrases.flatMap(({ start, end, meaning }) => {
    const before = question.slice(at, start)
    const text = question.slice(start, end)
    at = end
    return [
      before,
      meaning === null ? (
        <s key={start} title="Not understood">
          {text}
        </s>
      ) : (
        <b key={start} title={meaning}>
          {text}
        </b>
      ),
    ]
  })
  return [...parts, question.slice(at)]
}
