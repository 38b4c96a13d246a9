import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import styles from './Dialogs.module.css'

export interface SaveChoice {
  name: string
  keepTime: boolean
  asNew: boolean
}

interface Props {
  name: string
  keepTime: boolean
  isNew: boolean
  /** As a person reads it. */
  time: string
  busy: boolean
  fault: string | null
  onSave: (choice: SaveChoice) => void
  onClose: () => void
}

export function SaveDialog({ name, keepTime, isNew, time, busy, fault, onSave, onClose }: Props) {
  const [called, setCalled] = useState(name)
  const [kept, setKept] = useState(keepTime)
  const [asNew, setAsNew] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (called.trim() !== '') onSave({ name: called.trim(), keepTime: kept, asNew })
  }
  return (
    <Dialog label="Save the report" onClose={onClose}>
      <form className={styles.dialog} onSubmit={submit}>
        <h2>Save the report</h2>
        <label className={styles.field}>
          <span>Name</span>
          <input
            className="input"
            value={called}
            maxLength={200}
            required
            onChange={e => setCalled(e.target.value)}
          />
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={kept} onChange={e => setKept(e.target.checked)} />
          Open it with this time: {time}
        </label>
        {!isNew && (
          <label className={styles.check}>
            <input type="checkbox" checked={asNew} onChange={e => setAsNew(e.target.checked)} />
            Keep the one that is there, and save this as another
          </label>
        )}
        {fault && (
          <p className={styles.fault} role="alert">
            {fault}
          </p>
        )}
        <div className={styles.ways}>
          <button type="button" className="button quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  )
}
