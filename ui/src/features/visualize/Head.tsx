import { usualTitle } from '../../lib/vis/title'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/visualize'
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
          <button
            type="button"
            className={styles.board}
            title={texts.backToTheDashboard}
            onClick={board.leave}
          >
            {board.dashboard.title || texts.newDashboard} <span aria-hidden="true">/</span>
          </button>
        )}
        <input
          className={styles.title}
          aria-label={texts.titleOfTheChart}
          placeholder={vis ? usualTitle(vis) : texts.newVisualization}
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
        editor.unsaved && <span className={styles.unsaved}>{texts.notSaved}</span>
      )}
      {board ? (
        <>
          <button type="button" className="button quiet" onClick={board.leave}>
            {texts.cancel}
          </button>
          <button
            type="button"
            className="button outlined"
            disabled={vis === null || busy}
            onClick={onLibrary}
          >
            {saving.kept === null ? texts.saveToLibrary : texts.saveAs}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={vis === null || busy}
            title={saving.kept === null ? texts.saveAndReturnWithKey : texts.changesEveryDashboardWithKey}
            onClick={() => vis && saving.back.mutate(vis)}
          >
            {texts.saveAndReturn}
          </button>
        </>
      ) : (
        <button
          type="button"
          className="button primary"
          disabled={vis === null}
          title={texts.saveWithKey}
          onClick={onLibrary}
        >
          {texts.save}
        </button>
      )}
    </>
  )
}
