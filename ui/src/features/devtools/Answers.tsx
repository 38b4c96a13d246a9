import { useState } from 'react'
import { CodeEditor } from '../../components/CodeEditor'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import { texts } from '../../texts/devtools'
import styles from './Answers.module.css'
import type { Answer } from './useRuns'

/** The answers of the last run: a list when there are several, and the text of one. */
export function Answers({ answers, busy }: { answers: Answer[]; busy: boolean }) {
  const [chosen, setChosen] = useState<number | null>(null)
  const answer = answers.find(a => a.id === chosen) ?? answers.at(-1)
  return (
    <section className={styles.pane} aria-label={texts.answers} aria-busy={busy} data-busy={busy}>
      {answers.length > 1 && (
        <ol className={styles.list} aria-label={texts.answersOfThisRun}>
          {answers.map(a => (
            <li key={a.id}>
              <button
                type="button"
                className={styles.row}
                aria-current={a === answer}
                onClick={() => setChosen(a.id)}
              >
                <Status answer={a} />
                <span className={styles.path}>
                  {a.method} {a.path}
                </span>
                <span className={styles.figure}>{tookText(a.tookMillis)}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      {answer ? (
        <>
          <div className={styles.head}>
            <Status answer={answer} />
            <span className={styles.figure}>{tookText(answer.tookMillis)}</span>
            <span className={styles.figure}>{sizeText(answer.size)}</span>
            <span className={styles.gap} role="status">
              <span className="visually-hidden">
                {texts.answered(answer.status, answer.statusText, tookText(answer.tookMillis))}
              </span>
            </span>
            <CopyButton label={texts.copy} text={() => answer.text} />
          </div>
          {answer.text === '' ? (
            <p className={styles.nothing}>{texts.anAnswerWithoutABody}</p>
          ) : (
            <CodeEditor
              key={answer.id}
              label={texts.answer}
              value={answer.text}
              spans={answer.tokens}
              readOnly
            />
          )}
        </>
      ) : (
        <p className={styles.nothing}>{busy ? texts.sentNoAnswerYet : texts.answersAppearHere}</p>
      )}
    </section>
  )
}

/** The status in words and shape, not in colour alone. */
function Status({ answer }: { answer: Answer }) {
  const { status, statusText } = answer
  const good = status >= 200 && status < 400
  return (
    <span className={styles.status} data-good={good}>
      <Icon name={good ? 'check' : 'warning'} size={13} />
      {status === 0 ? '' : status} {statusText}
    </span>
  )
}

const tookText = (millis: number) =>
  millis < 1000 ? `${Math.max(1, Math.round(millis))} ms` : `${(millis / 1000).toFixed(1)} s`

const sizeText = (chars: number) =>
  chars < 1000
    ? `${formatCount(chars)} B`
    : chars < 1e6
      ? `${(chars / 1000).toFixed(1)} kB`
      : `${(chars / 1e6).toFixed(1)} MB`
