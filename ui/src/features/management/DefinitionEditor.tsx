import { type ReactNode, useMemo, useState } from 'react'
import { CodeEditor } from '../../components/CodeEditor'
import { Confirm } from '../../components/Confirm'
import { tokenizeConsole } from '../../lib/console/tokens'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import styles from './DefinitionsPage.module.css'
import { type DefinitionKind, faultOf, PLACES, remove, store } from './definitions'
import { useDeed } from './queries'

interface Props {
  kind: DefinitionKind
  /** '' for a new one. */
  name: string
  written: string
  trial: (kind: DefinitionKind, text: string) => ReactNode
  onStored: (name: string) => void
  onClose: () => void
}

export function DefinitionEditor({ kind, name, written, trial, onStored, onClose }: Props) {
  const [text, setText] = useState(written)
  const [title, setTitle] = useState(name)
  const [asking, setAsking] = useState(false)
  const spans = useMemo(() => tokenizeConsole(text), [text])
  const fault = faultOf(text)
  const one = PLACES[kind].one
  const save = useDeed(async () => {
    await store(kind, title, text)
    if (title !== name) onStored(title)
  })
  const drop = useDeed(async () => {
    await remove(kind, name)
    onClose()
  })
  return (
    <DetailPane
      label={name || texts.newOne(one)}
      head={
        name === '' ? (
          <input
            className="input"
            aria-label={texts.name}
            placeholder={texts.nameOfThe(one)}
            spellCheck={false}
            value={title}
            onChange={event => setTitle(event.target.value)}
          />
        ) : (
          name
        )
      }
      onClose={onClose}
      actions={
        <>
          {name !== '' && (
            <button type="button" className="button small quiet danger" onClick={() => setAsking(true)}>
              {texts.deleteAsking}
            </button>
          )}
          {text !== written && (
            <button type="button" className="button small quiet" onClick={() => setText(written)}>
              {texts.undoChanges}
            </button>
          )}
          <button
            type="button"
            className="button small primary"
            disabled={fault !== null || title === '' || (text === written && name !== '') || save.isPending}
            onClick={() => save.mutate(undefined)}
          >
            {texts.save}
          </button>
        </>
      }
    >
      <div className={styles.outcome}>
        <Outcome error={fault ?? save.error ?? drop.error} done={save.isSuccess ? texts.saved : null} />
      </div>
      <div className={styles.editor}>
        <CodeEditor label={texts.definition} value={text} spans={spans} onChange={setText} />
      </div>
      {fault === null && trial(kind, text)}
      {asking && (
        <Confirm
          title={texts.deleteNamed(name)}
          word={name}
          action={texts.deleteForEver}
          onConfirm={() => drop.mutate(undefined)}
          onClose={() => setAsking(false)}
        >
          <p>{texts.indicesThatWereMade(one)}</p>
        </Confirm>
      )}
    </DetailPane>
  )
}
