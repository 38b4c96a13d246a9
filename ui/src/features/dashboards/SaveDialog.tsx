import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'

export interface SaveChoice {
  title: string
  description: string
  /** Opens with the time and refresh of this moment. */
  keepTime: boolean
  asNew: boolean
}

interface Props {
  title: string
  description: string
  keepTime: boolean
  isNew: boolean
  /** As people read it, such as "Last 15 minutes". */
  time: string
  busy: boolean
  fault: string | null
  onSave: (choice: SaveChoice) => void
  onClose: () => void
}

export function SaveDialog(props: Props) {
  const [title, setTitle] = useState(props.title)
  const [description, setDescription] = useState(props.description)
  const [keepTime, setKeepTime] = useState(props.keepTime)
  const [asNew, setAsNew] = useState(props.isNew)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() !== '') props.onSave({ title: title.trim(), description, keepTime, asNew })
  }
  return (
    <Dialog label={texts.saveTheDashboard} onClose={props.onClose}>
      <form className={styles.dialog} onSubmit={submit}>
        <h2>{texts.saveTheDashboard}</h2>
        <label className={styles.field}>
          <span>{texts.title}</span>
          <input className="input" autoFocus value={title} onChange={e => setTitle(e.target.value)} />
        </label>
        <label className={styles.field}>
          <span>{texts.description}</span>
          <input className="input" value={description} onChange={e => setDescription(e.target.value)} />
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={keepTime} onChange={e => setKeepTime(e.target.checked)} />
          {texts.opensWithThisTime(props.time)}
        </label>
        {!props.isNew && (
          <label className={styles.check}>
            <input type="checkbox" checked={asNew} onChange={e => setAsNew(e.target.checked)} />
            {texts.saveAsAnotherDashboard}
          </label>
        )}
        {props.fault && (
          <p className={styles.fault} role="alert">
            {props.fault}
          </p>
        )}
        <div className={styles.ways} data-end="true">
          <button type="button" className="button outlined" onClick={props.onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary" disabled={title.trim() === '' || props.busy}>
            {texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
