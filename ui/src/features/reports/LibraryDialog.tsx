import { useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { libraryExpression } from '../../lib/canvas/read'
import { titleOf } from '../../lib/savedobjects'
import { Failure, Waiting } from '../../shell/States'
import { texts } from '../../texts/reports'
import styles from './Dialogs.module.css'
import { useLibrary } from './queries'

interface Props {
  onChoose: (expression: string) => void
  onClose: () => void
}

/** A chart or a search of the library, to stand on the page. */
export function LibraryDialog({ onChoose, onClose }: Props) {
  const [text, setText] = useState('')
  const found = useLibrary(text.trim() === '' ? '' : `${text.trim()}*`)
  const objects = found.data?.objects ?? []
  return (
    <Dialog label={texts.addASavedChart} onClose={onClose}>
      <div className={styles.dialog}>
        <h2>{texts.addASavedChart}</h2>
        <input
          className="input"
          type="search"
          aria-label={texts.findInTheLibrary}
          placeholder={texts.findInTheLibrary}
          value={text}
          onChange={event => setText(event.target.value)}
        />
        {found.error ? (
          <Failure
            error={found.error}
            title={texts.theLibraryDidNotCome}
            onRetry={() => void found.refetch()}
          />
        ) : found.isPending ? (
          <Waiting rows={5} label={texts.loadingTheLibrary} />
        ) : (
          <ul className={styles.list}>
            {objects.map(object => (
              <li key={`${object.type} ${object.id}`}>
                <button
                  type="button"
                  className={styles.item}
                  onClick={() => onChoose(libraryExpression(object.type, object.id) ?? '')}
                >
                  <span>{titleOf(object)}</span>
                  <em>{object.type}</em>
                </button>
              </li>
            ))}
            {objects.length === 0 && <li className={styles.note}>{texts.nothingIsSavedUnder}</li>}
          </ul>
        )}
      </div>
    </Dialog>
  )
}
