import { Visualization } from '../../components/charts/Visualization'
import { useWidth } from '../../components/useWidth'
import type { DataViewInfo } from '../../lib/savedobjects'
import type { Vis } from '../../lib/vis/model'
import { typeLabel } from '../../lib/vis/names'
import styles from './Preview.module.css'
import { type Narrowing, usePanelData } from './queries'

interface Props {
  vis: Vis
  view: DataViewInfo | null
  narrowing: Narrowing | null
  onAdd: () => void
}

/** A suggested chart over the real data, to be pressed. */
export function Preview({ vis, view, narrowing, onAdd }: Props) {
  const [root, width] = useWidth<HTMLDivElement>()
  const answer = usePanelData(vis, view, narrowing, width)
  return (
    <div className={styles.preview} ref={root}>
      <button type="button" className={styles.add} onClick={onAdd}>
        <span>{vis.title}</span>
        <em>{typeLabel(vis.type)}</em>
      </button>
      <div className={styles.chart}>
        <Visualization vis={vis} table={answer.data?.table ?? null} error={answer.error} />
      </div>
    </div>
  )
}
