import { type FormEvent, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { Icon } from '../../components/Icon'
import { freshId } from '../../lib/dashboard/model'
import type { Views } from '../../lib/dashboard/views'
import { queryErrorOf } from '../../lib/queryerror'
import { queryClauses } from '../../lib/vis/query'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'
import type { DashboardPageState } from './useDashboard'

interface Props {
  page: DashboardPageState
  views: Views
  onClose: () => void
}

/** The moments that charts over time mark, such as deployments: those of the documents that a query finds. */
export function AnnotationDialog({ page, views, onClose }: Props) {
  const { annotations } = page.dashboard
  const [label, setLabel] = useState('')
  const [text, setText] = useState('')
  const [view, setView] = useState(views.standard?.id ?? '')
  const fault = queryErrorOf(() => void queryClauses({ query: text, language: 'kuery' }))
  const chosen = views.views.find(v => v.id === view)
  const ready = label.trim() !== '' && text.trim() !== '' && fault === null && chosen !== undefined
  const add = (event: FormEvent) => {
    event.preventDefault()
    if (!ready) return
    page.edit(d => ({
      ...d,
      annotations: [
        ...d.annotations,
        {
          id: freshId(d),
          label: label.trim(),
          query: { query: text.trim(), language: 'kuery' },
          index: chosen.title,
          timeField: chosen.timeField ?? '@timestamp',
          enabled: true,
        },
      ],
    }))
    setLabel('')
    setText('')
  }
  return (
    <Dialog label={texts.annotations} onClose={onClose}>
      <div className={styles.dialog}>
        <h2>{texts.annotations}</h2>
        <p className={styles.note}>{texts.everyChartOverTimeMarks}</p>
        <ul aria-label={texts.annotations}>
          {annotations.map(one => (
            <li key={one.id} className={styles.item}>
              <label className={styles.check}>
                <input
                  type="checkbox"
                  checked={one.enabled}
                  onChange={() =>
                    page.edit(d => ({
                      ...d,
                      annotations: d.annotations.map(a =>
                        a.id === one.id ? { ...a, enabled: !a.enabled } : a,
                      ),
                    }))
                  }
                />
                {one.label}
              </label>
              <span>
                <code>{one.query.query}</code>
              </span>
              <button
                type="button"
                className="button quiet small icon"
                aria-label={texts.removeNamed(one.label)}
                onClick={() =>
                  page.edit(
                    d => ({ ...d, annotations: d.annotations.filter(a => a.id !== one.id) }),
                    texts.removedTheAnnotation(one.label),
                  )
                }
              >
                <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
        <form className={styles.dialog} onSubmit={add}>
          <label className={styles.field}>
            <span>{texts.label}</span>
            <input
              className="input"
              value={label}
              placeholder={texts.deployment}
              onChange={e => setLabel(e.target.value)}
            />
          </label>
          <label className={styles.field}>
            <span>{texts.documentsToMarkInKql}</span>
            <input
              className="input"
              value={text}
              placeholder="event_type: training_start"
              spellCheck={false}
              onChange={e => setText(e.target.value)}
            />
          </label>
          {fault && text !== '' && <p className={styles.fault}>{fault.message}</p>}
          <label className={styles.field}>
            <span>{texts.dataView}</span>
            <select className="input" value={view} onChange={e => setView(e.target.value)}>
              {views.views.map(v => (
                <option key={v.id} value={v.id}>
                  {v.name}
                </option>
              ))}
            </select>
          </label>
          <div className={styles.ways} data-end="true">
            <button type="button" className="button outlined" onClick={onClose}>
              {texts.close}
            </button>
            <button type="submit" className="button primary" disabled={!ready}>
              {texts.add}
            </button>
          </div>
        </form>
      </div>
    </Dialog>
  )
}
