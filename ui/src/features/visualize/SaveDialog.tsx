import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { Outcome } from '../../shell/States'
import styles from './SaveDialog.module.css'

interface Props {
  title: string
  description: string
  /** It is saved already: it can be replaced, or saved beside. */
  existing: boolean
  busy: boolean
  error: Error | null
  onSave: (title: string, description: string, asNew: boolean) => void
  onClose: () => void
}

export function SaveDialog({ title, description, existing, busy, error, onSave, onClose }: Props) {
  const [name, setName] = useState(title)
  const [text, setText] = useState(description)
  const [asNew, setAsNew] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') onSave(name.trim(), text.trim(), asNew || !existing)
  }
  return (
    <Dialog label="Save the visualization" onClose={onClose}>
      <form className={styles.form} onSubmit={submit}>
        <h2>Save the visualization</h2>
        <label>
          Title
          <input className="input" autoFocus value={name} onChange={event => setName(event.target.value)} />
        </label>
        <label>
          Description
          <input className="input" value={text} onChange={event => setText(event.target.value)} />
        </label>
        {existing && (
          <label className={styles.check}>
            <input type="checkbox" checked={asNew} onChange={event => setAsNew(event.target.checked)} />
            as a new one, beside the one there is
          </label>
        )}
        <Outcome error={error} />
        <div className={styles.ways}>
          <button type="button" className="button quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy || name.trim() === ''}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
