import { readWorkpad } from '../../lib/canvas/read'
import styles from '../../shell/SavedList.module.css'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/reports'
import { TEMPLATES } from './templates/table'
import { startReport } from './useReport'

/** Reports to begin with. */
export function TemplateList() {
  return (
    <section className={styles.samples} aria-label={texts.templates}>
      <h2>{texts.beginWithATemplate}</h2>
      <ul>
        {TEMPLATES.map(template => (
          <li key={template.id}>
            <button
              type="button"
              className={styles.sample}
              onClick={() => {
                startReport(readWorkpad({ attributes: template.make(), references: [] }))
                navigate('/reports/new')
              }}
            >
              <b>{template.name}</b>
              <span>{template.about}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
