import { type FormEvent, useState } from 'react'
import { createObject } from '../../api/saved'
import { Dialog } from '../../components/Dialog'
import type { Panel } from '../../lib/dashboard/model'
import { changePanel } from '../../lib/dashboard/panels'
import { asText } from '../../lib/vis/json'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'
import type { DashboardPageState } from './useDashboard'

interface Props {
  panel: Panel
  title: string
  page: Pick<DashboardPageState, 'edit'>
  onClose: () => void
}

/** Keeps a panel's chart in the library, which the panel then shows. */
export function LibraryDialog({ panel, title: shown, page, onClose }: Props) {
  const { source } = panel
  const [title, setTitle] = useState(shown)
  const [description, setDescription] = useState(
    source.kind === 'own' ? asText(source.attributes.description) : '',
  )
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const forget = useForget()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (source.kind !== 'own' || title.trim() === '') return
    setBusy(true)
    setFault(null)
    try {
      const { type, attributes, references } = source
      const named = { ...attributes, title: title.trim(), description: description.trim() }
      const { id } = await createObject(type, { attributes: named, references })
      await forget('library', 'saved')
      page.edit(
        d => changePanel(d, panel.id, { source: { kind: 'library', key: { type, id } }, title: null }),
        texts.isInTheLibraryNow(title.trim()),
      )
      onClose()
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog label={texts.saveToTheLibrary} onClose={onClose}>
      <form className={styles.dialog} onSubmit={event => void submit(event)}>
        <h2>{texts.saveToTheLibrary}</h2>
        <p className={styles.note}>{texts.everyDashboardCanShow}</p>
        <label className={styles.field}>
          <span>{texts.title}</span>
          <input className="input" autoFocus value={title} onChange={e => setTitle(e.target.value)} />
        </label>
        <label className={styles.field}>
          <span>{texts.description}</span>
          <input className="input" value={description} onChange={e => setDescription(e.target.value)} />
        </label>
        {fault && (
          <p className={styles.fault} role="alert">
            {fault}
          </p>
        )}
        <div className={styles.ways} data-end="true">
          <button type="button" className="button outlined" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary" disabled={title.trim() === '' || busy}>
            {texts.save}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
