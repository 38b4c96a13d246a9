import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import type { Panel } from '../../lib/dashboard/model'
import { QUICK_RANGES } from '../../lib/time/range'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'

interface Props {
  panel: Panel
  title: string
  onChange: (change: Pick<Panel, 'title' | 'hideTitle' | 'range'>) => void
  onClose: () => void
}

/** What a panel says of itself, and a time of its own. */
export function PanelDialog({ panel, title: shown, onChange, onClose }: Props) {
  const [title, setTitle] = useState(panel.title ?? shown)
  const [hideTitle, setHideTitle] = useState(panel.hideTitle)
  const [range, setRange] = useState(panel.range)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onChange({ title: title === shown && panel.title === null ? null : title || null, hideTitle, range })
    onClose()
  }
  const own = range && !QUICK_RANGES.some(q => q.from === range.from && q.to === range.to)
  return (
    <Dialog label={texts.titleAndTime} onClose={onClose}>
      <form className={styles.dialog} onSubmit={submit}>
        <h2>{texts.titleAndTime}</h2>
        <label className={styles.field}>
          <span>{texts.titleNothingShows}</span>
          <input className="input" autoFocus value={title} onChange={e => setTitle(e.target.value)} />
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={hideTitle} onChange={e => setHideTitle(e.target.checked)} />
          {texts.hideTheTitle}
        </label>
        <label className={styles.field}>
          <span>{texts.time}</span>
          <select
            className="input"
            value={range ? JSON.stringify([range.from, range.to]) : ''}
            onChange={e => {
              const [from, to] = e.target.value === '' ? [] : (JSON.parse(e.target.value) as string[])
              setRange(from && to ? { from, to } : null)
            }}
          >
            <option value="">{texts.asTheDashboard}</option>
            {QUICK_RANGES.map(q => (
              <option key={q.label} value={JSON.stringify([q.from, q.to])}>
                {q.label}
              </option>
            ))}
            {own && (
              <option value={JSON.stringify([range.from, range.to])}>
                {texts.span(range.from, range.to)}
              </option>
            )}
          </select>
        </label>
        <div className={styles.ways} data-end="true">
          <button type="button" className="button outlined" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className="button primary">
            {texts.apply}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
