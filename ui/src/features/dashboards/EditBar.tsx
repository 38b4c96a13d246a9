import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { texts } from '../../texts/dashboards'
import type { Open } from './DashboardPage'
import styles from './DashboardPage.module.css'
import type { DashboardPageState } from './useDashboard'

interface Props {
  page: DashboardPageState
  isNew: boolean
  editing: boolean
  busy: boolean
  onEditing: (on: boolean) => void
  onOpen: (open: Open) => void
  onNewChart: () => void
  onSave: () => void
  onDiscard: () => void
}

/** The ways to change a dashboard, to keep it, and to look at it. */
export function EditBar(props: Props) {
  const { page, isNew, editing, onEditing, onOpen } = props
  return (
    <div className={styles.ways}>
      {page.url.panel !== null && (
        <button type="button" className="button outlined small" onClick={() => page.update({ panel: null })}>
          {texts.allPanels}
        </button>
      )}
      {editing && (
        <>
          <button type="button" className="button outlined small" onClick={props.onNewChart}>
            <Icon name="chart" size={13} /> {texts.createChart}
          </button>
          <button type="button" className="button outlined small" onClick={() => onOpen('add')}>
            <Icon name="plus" size={13} /> {texts.add}
          </button>
          <button type="button" className="button quiet small" onClick={() => onOpen('annotations')}>
            {texts.annotations}
          </button>
        </>
      )}
      {page.changed && <span className={styles.unsaved}>{texts.notSaved}</span>}
      {(editing || page.changed) && (
        <button
          type="button"
          className="button primary small"
          disabled={props.busy}
          onClick={() => (isNew ? onOpen('save') : props.onSave())}
        >
          {texts.save}
        </button>
      )}
      {editing && !isNew && (
        <button type="button" className="button quiet small" onClick={() => onOpen('save')}>
          {texts.saveAs}
        </button>
      )}
      {editing && page.changed && !isNew && (
        <button type="button" className="button quiet small" onClick={props.onDiscard}>
          {texts.discard}
        </button>
      )}
      <button
        type="button"
        className="button quiet small"
        aria-pressed={editing}
        onClick={() => onEditing(!editing)}
      >
        {editing ? texts.done : texts.edit}
      </button>
      <button
        type="button"
        className="button quiet small icon"
        aria-label={texts.fullScreen}
        title={texts.nothingButTheData}
        onClick={() => page.update({ full: true })}
      >
        <Icon name="expand" size={14} />
      </button>
      <CopyButton label={texts.share} text={() => location.href} />
    </div>
  )
}
