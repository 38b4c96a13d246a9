import { canBe, withType } from '../../lib/vis/edit'
import type { Vis } from '../../lib/vis/model'
import { CHART_TYPES, keyOf } from '../../lib/vis/names'
import { texts } from '../../texts/visualize'
import styles from './TypeBar.module.css'

/** The forms of the chart. One that the numbers cannot take is there but cannot be pressed, so that nothing moves. */
export function TypeBar({ vis, onVis }: { vis: Vis; onVis: (vis: Vis) => void }) {
  return (
    <fieldset className={styles.types}>
      <legend className="visually-hidden">{texts.chartType}</legend>
      {CHART_TYPES.map(({ type, label }, at) => (
        <button
          key={type}
          type="button"
          aria-pressed={vis.type === type}
          disabled={vis.type !== type && !canBe(vis, type)}
          onClick={() => onVis(withType(vis, type))}
        >
          {keyOf(at) !== null && <kbd>{keyOf(at)}</kbd>}
          {label}
        </button>
      ))}
    </fieldset>
  )
}
