import type { Vis } from '../../lib/vis/model'
import { suggest } from '../../lib/vis/suggest'
import { texts } from '../../texts/visualize'
import styles from './EditorPage.module.css'
import type { Editor } from './useEditor'

/** Nothing is drawn yet: what to press, and two charts that always make sense. */
export function Start({ editor, onVis }: { editor: Editor; onVis: (vis: Vis) => void }) {
  if (editor.fields.length === 0) return null
  const level = editor.fields.find(f => /^(log_?level|log\.level|level|severity)$/.test(f.name))
  const first = [suggest([], editor.timeField), ...(level ? [suggest([level], editor.timeField)] : [])]
  return (
    <div className={styles.start}>
      <p>{texts.pressAFieldToSee}</p>
      <div>
        {first.map(vis => (
          <button key={vis.title} type="button" className="button outlined" onClick={() => onVis(vis)}>
            {vis.title}
          </button>
        ))}
      </div>
    </div>
  )
}
