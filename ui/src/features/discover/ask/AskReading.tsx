import { Icon } from '../../../components/Icon'
import type { Answer } from '../../../lib/ask/ask'
import type { TimeRange } from '../../../lib/time/range'
import { describeRange } from '../../../lib/time/range'
import { texts } from '../../../texts/discover'
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
        {texts.theValuesOfTheFields(error.message)}
      </p>
    )
  if (question.trim() === '')
    return (
      <p className={styles.line}>
        {texts.askInPlainWordsSuchAs} <i>{texts.errorsByServiceSinceYesterday}</i>,{' '}
        <i>{texts.slowestToolsInTheLast}</i> {texts.or} <i>{texts.top5UsersByCost}</i>
        {texts.theQueryIsShownBefore}
      </p>
    )
  if (answer === 'waiting') return <p className={styles.line}>{texts.lookingUpTheValues}</p>
  if (answer === null)
    return (
      <p className={styles.line} role="status">
        {texts.nothingOfThisIsUnderstood}
      </p>
    )
  const left = answer.phrases.filter(p => p.meaning === null).map(p => question.slice(p.start, p.end))
  return (
    // Before the blur of the search, which would close this.
    <section
      className={styles.reading}
      aria-label={texts.howTheQuestionIsRead}
      onPointerDown={e => e.preventDefault()}
    >
      <p className={styles.question}>{marked(question, answer)}</p>
      <dl className={styles.facts}>
        <dt>{texts.queryText}</dt>
        <dd>
          <code>{answer.kql || 'all events'}</code>
        </dd>
        <dt>{texts.timeText}</dt>
        <dd>{answer.range ? describeRange(answer.range, now) : texts.asAbove(describeRange(range, now))}</dd>
        <dt>{texts.shows}</dt>
        <dd>{answer.shows}</dd>
      </dl>
      {left.length > 0 && (
        <p className={styles.left} role="status">
          {texts.notUnderstoodAndLeftOut(left.map(text => `“${text}”`).join(', '))}
        </p>
      )}
      <p className={styles.deeds}>
        <button type="button" className="button primary small" onClick={() => onSearch(answer)}>
          <Icon name={answer.chart ? 'chart' : 'search'} size={13} />
          {answer.chart ? texts.drawIt : texts.search}
        </button>
        <button type="button" className="button quiet small" onClick={() => onEdit(answer)}>
          {texts.editTheQuery}
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
        <s key={start} title={texts.notUnderstood}>
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
