import { type ReactNode, useState } from 'react'
import { texts } from '../texts/components'
import styles from './Confirm.module.css'
import { Dialog } from './Dialog'

interface Props {
  title: string
  /** What will be lost. */
  children: ReactNode
  /** What has to be typed; "" asks for no typing. */
  word: string
  action: string
  onConfirm: () => void
  onClose: () => void
}

/** Asks before something that cannot be undone; typing the name keeps a slip of the hand from doing it. */
export function Confirm({ title, children, word, action, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('')
  return (
    <Dialog label={title} onClose={onClose}>
      <form
        className={styles.confirm}
        onSubmit={event => {
          event.preventDefault()
          if (typed !== word) return
          onClose()
          onConfirm()
        }}
      >
        <h2>{title}</h2>
        <div className={styles.text}>{children}</div>
        {word !== '' && (
          <label className={styles.typed}>
            <span>
              {texts.type} <code>{word}</code> {texts.toConfirm}
            </span>
            <input
              className="input"
              autoFocus
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={event => setTyped(event.target.value)}
            />
          </label>
        )}
        <div className={styles.ways}>
          <button type="button" className="button outlined" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" className={`button ${styles.danger}`} disabled={typed !== word}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
