import { useMemo } from 'react'
import { asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { suggestions } from '../../lib/vis/suggest'
import { texts } from '../../texts/visualize'
import styles from './EditorPage.module.css'
import type { Editor } from './useEditor'

/** What else the field of the chart could be, a press away. */
export function Others({ editor, vis }: { editor: Editor; vis: Vis | null }) {
  const others = useMemo(() => (vis ? alternatives(editor, vis) : []), [editor, vis])
  if (others.length === 0) return null
  return (
    <ul className={styles.others} aria-label={texts.otherCharts}>
      {others.map(other => (
        <li key={other.title}>
          <button type="button" className="button small" onClick={() => editor.change(other)}>
            {other.title}
          </button>
        </li>
      ))}
    </ul>
  )
}

function alternatives({ fields, timeField, state }: Editor, vis: Vis): Vis[] {
  if (state.draft === null) return []
  const name = vis.aggs.map(a => asText(a.params.field)).find(f => f !== '' && f !== timeField)
  const field = fields.find(f => f.name === name || f.aggregateOn === name)
  if (!field) return []
  const same = (other: Vis) =>
    other.type === vis.type && JSON.stringify(other.aggs) === JSON.stringify(vis.aggs)
  return suggestions(field, timeField).filter(other => !same(other))
}
