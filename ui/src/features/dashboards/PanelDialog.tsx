import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import type { Panel } from '../../lib/dashboard/model'
import { QUICK_RANGES } from '../../lib/time/range'
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
    <Dialog label="Title and time" onClose={onClose}>
      <form className={styles.dialog} onSubmit={submit}>
        <h2>Title and time</h2>
        <label className={styles.field}>
          <span>Title; nothing shows the chart's own</span>
          <input className="input" autoFocus value={title} onChange={e => setTitle(e.target.value)} />
        </label>
        <label className={styles.check}>
          <input type="checkbox" checked={hideTitle} onChange={e => setHideTitle(e.target.checked)} />
          Hide the title
        </label>
        <label className={styles.field}>
          <span>Time</span>
          <select
            className="input"
            value={range ? JSON.stringify([range.from, range.to]) : ''}
            onChange={e => {
              const [from, to] = e.target.value === '' ? [] : (JSON.parse(e.target.value) as string[])
              setRange(from && to ? { from, to } : null)
            }}
          >
            <option value="">As the dashboard</option>
            {QUICK_RANGES.map(q => (
              <option key={q.label} value={JSON.stringify([q.from, q.to])}>
                {q.label}
              </option>
            ))}
            {own && (
              <option value={JSON.stringify([range.from, range.to])}>
                {range.from} to {range.to}
              </option>
            )}
          </select>
        </label>
        <div className={styles.ways} data-end="true">
          <button type="button" className="button outlined" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Apply
          </button>
        </div>
      </form>
    </Dialog>
  )
}
