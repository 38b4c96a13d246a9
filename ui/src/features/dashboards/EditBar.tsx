import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
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
          All panels
        </button>
      )}
      {editing && (
        <>
          <button type="button" className="button outlined small" onClick={props.onNewChart}>
            <Icon name="chart" size={13} /> Create chart
          </button>
          <button type="button" className="button outlined small" onClick={() => onOpen('add')}>
            <Icon name="plus" size={13} /> Add
          </button>
          <button type="button" className="button quiet small" onClick={() => onOpen('annotations')}>
            Annotations
          </button>
        </>
      )}
      {page.changed && <span className={styles.unsaved}>not saved</span>}
      {(editing || page.changed) && (
        <button
          type="button"
          className="button primary small"
          disabled={props.busy}
          onClick={() => (isNew ? onOpen('save') : props.onSave())}
        >
          Save
        </button>
      )}
      {editing && !isNew && (
        <button type="button" className="button quiet small" onClick={() => onOpen('save')}>
          Save as
        </button>
      )}
      {editing && page.changed && !isNew && (
        <button type="button" className="button quiet small" onClick={props.onDiscard}>
          Discard
        </button>
      )}
      <button
        type="button"
        className="button quiet small"
        aria-pressed={editing}
        onClick={() => onEditing(!editing)}
      >
        {editing ? 'Done' : 'Edit'}
      </button>
      <button
        type="button"
        className="button quiet small icon"
        aria-label="Full screen"
        title="Nothing but the data"
        onClick={() => page.update({ full: true })}
      >
        <Icon name="expand" size={14} />
      </button>
      <CopyButton label="share" text={() => location.href} />
    </div>
  )
}
