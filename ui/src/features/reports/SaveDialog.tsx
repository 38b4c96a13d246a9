import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { texts } from '../../texts/reports'
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
    <Dialog label={texts.saveTheReport} onClose={onClose}>
      <form className={styles.dialog} onSubmit={submit}>
        <h2>{texts.saveTheReport}</h2>
        <label className={styles.field}>
          <span>{texts.name}</span>
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
          {texts.openItWithThisTime(time)}
        </label>
        {!isNew && (
          <label className={styles.check}>
            <input type="checkbox" checked={asNew} onChange={e => setAsNew(e.target.checked)} />
            {texts.keepTheOne}
          </label>
        )}
        {fault && (
          <p className={styles.fault} role="alert">
            {fault}
          </p>
        )}
        <div className={styles.ways}>
          <button type="button" className="button quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary" disabled={busy}>
            {texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
