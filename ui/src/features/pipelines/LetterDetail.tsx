import { useMemo, useState } from 'react'
import { deleteLetter, replayLetter } from '../../api/pipelines'
import { CodeEditor } from '../../components/CodeEditor'
import { Confirm } from '../../components/Confirm'
import { tokenizeConsole } from '../../lib/console/tokens'
import type { DeadLetter } from '../../lib/pipelines'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/pipelines'
import styles from './LettersPage.module.css'
import { useDeed } from './queries'

/** One dead letter: the whole reason, and the event to mend and write again. */
export function LetterDetail({ letter, onClose }: { letter: DeadLetter; onClose: () => void }) {
  const written = useMemo(() => JSON.stringify(letter.event, null, 2), [letter.event])
  const [text, setText] = useState(written)
  const [filters, setFilters] = useState(false)
  const [asking, setAsking] = useState(false)
  const spans = useMemo(() => tokenizeConsole(text), [text])
  const fault = faultOf(text)
  const replay = useDeed(async () => {
    await replayLetter(letter.pipeline, letter.id, filters, text === written ? null : JSON.parse(text))
    onClose()
  })
  const remove = useDeed(async () => {
    await deleteLetter(letter.pipeline, letter.id)
    onClose()
  })
  return (
    <DetailPane label={texts.deadLetter} head={`${letter.pipeline} → ${letter.plugin}`} onClose={onClose}>
      <p className={styles.reason}>{letter.reason}</p>
      <p className={styles.about}>{texts.mendTheEventIf}</p>
      <div className={styles.editor}>
        <CodeEditor label={texts.event} value={text} spans={spans} onChange={setText} />
      </div>
      <div className={styles.actions}>
        <label className={styles.check}>
          <input type="checkbox" checked={filters} onChange={event => setFilters(event.target.checked)} />
          {texts.throughTheFiltersAgain}
        </label>
        {text !== written && (
          <button type="button" className="button small quiet" onClick={() => setText(written)}>
            {texts.undoChanges}
          </button>
        )}
        <button
          type="button"
          className="button small outlined danger"
          disabled={remove.isPending}
          onClick={() => setAsking(true)}
        >
          {texts.delete}
        </button>
        <button
          type="button"
          className="button small primary"
          disabled={fault !== null || replay.isPending}
          onClick={() => replay.mutate(undefined)}
        >
          {texts.writeAgain}
        </button>
        <Outcome error={fault ?? replay.error ?? remove.error} />
      </div>
      {asking && (
        <Confirm
          title={texts.deleteThisDeadLetter}
          word="delete"
          action={texts.deleteForEver}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setAsking(false)}
        >
          <p>{texts.theEvent}</p>
        </Confirm>
      )}
    </DetailPane>
  )
}

/** What is wrong with a text as an event; null when nothing is. */
function faultOf(text: string): Error | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null
    return new Error(texts.anEventIsAJson)
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}
