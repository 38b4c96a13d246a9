import { usualTitle } from '../../lib/vis/title'
import { Outcome } from '../../shell/States'
import styles from './Head.module.css'
import type { Editor } from './useEditor'
import type { useSaving } from './useSaving'

interface Props {
  editor: Editor
  saving: ReturnType<typeof useSaving>
  /** Asks for a title and saves to the library. */
  onLibrary: () => void
}

/** What the chart is called, where it belongs, and the ways to keep it. */
export function Head({ editor, saving, onLibrary }: Props) {
  const { board, vis, title } = editor
  const busy = saving.back.isPending || saving.toLibrary.isPending
  return (
    <>
      <div className={styles.name}>
        {board && (
          <button type="button" className={styles.board} title="Back to the dashboard" onClick={board.leave}>
            {board.dashboard.title || 'New dashboard'} <span aria-hidden="true">/</span>
          </button>
        )}
        <input
          className={styles.title}
          aria-label="Title of the chart"
          placeholder={vis ? usualTitle(vis) : 'New visualization'}
          spellCheck={false}
          disabled={vis === null}
          value={title}
          onChange={event => editor.retitle(event.target.value)}
          onKeyDown={event => event.key === 'Enter' && event.currentTarget.blur()}
        />
      </div>
      {saving.back.error ? (
        <Outcome error={saving.back.error} />
      ) : (
        editor.unsaved && <span className={styles.unsaved}>not saved</span>
      )}
      {board ? (
        <>
          <button type="button" className="button quiet" onClick={board.leave}>
            Cancel
          </button>
          <button
            type="button"
            className="button outlined"
            disabled={vis === null || busy}
            onClick={onLibrary}
          >
            {saving.kept === null ? 'Save to library' : 'Save as'}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={vis === null || busy}
            title={saving.kept === null ? 'Save and return (s)' : 'Changes every dashboard that shows it (s)'}
            onClick={() => vis && saving.back.mutate(vis)}
          >
            Save and return
          </button>
        </>
      ) : (
        <button
          type="button"
          className="button primary"
          disabled={vis === null}
          title="Save (s)"
          onClick={onLibrary}
        >
          Save
        </button>
      )}
    </>
  )
}
