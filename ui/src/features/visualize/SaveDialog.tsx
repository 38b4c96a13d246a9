import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/visualize'
import styles from './SaveDialog.module.css'
import type { SaveChoice } from './useSaving'

interface Props {
  title: string
  description: string
  /** It is saved already: it can be replaced, or saved beside. */
  existing: boolean
  /** It is in a panel of a dashboard, which will show the one that is saved. */
  ofPanel: boolean
  busy: boolean
  error: Error | null
  onSave: (choice: SaveChoice) => void
  onClose: () => void
}

export function SaveDialog({ title, description, existing, ofPanel, busy, error, onSave, onClose }: Props) {
  const [name, setName] = useState(title)
  const [text, setText] = useState(description)
  const [asNew, setAsNew] = useState(false)
  const heading = ofPanel ? texts.saveToTheLibrary : texts.saveTheVisualization
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '')
      onSave({ title: name.trim(), description: text.trim(), asNew: asNew || !existing })
  }
  return (
    <Dialog label={heading} onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <h2>{heading}</h2>
        {ofPanel && <p>{texts.everyDashboardCanShow}</p>}
        <label>
          {texts.title}
          <input className="input" autoFocus value={name} onChange={event => setName(event.target.value)} />
        </label>
        <label>
          {texts.description}
          <input className="input" value={text} onChange={event => setText(event.target.value)} />
        </label>
        {existing && (
          <label className={styles.check}>
            <input type="checkbox" checked={asNew} onChange={event => setAsNew(event.target.checked)} />
            {texts.asANewOneBeside}
          </label>
        )}
        <Outcome error={error} />
        <div className={styles.ways}>
          <button type="button" className="button quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary" disabled={busy || name.trim() === ''}>
            {texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
