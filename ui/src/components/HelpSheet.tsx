import { texts } from '../texts/components'
import { Dialog } from './Dialog'
import styles from './HelpSheet.module.css'

interface Props {
  shortcuts: { id: string; label: string; keys: string[] }[]
  /** How things are written on this page, each with its meaning. */
  examples?: { title: string; rows: readonly (readonly [text: string, meaning: string])[] } | undefined
  onClose: () => void
}

export function HelpSheet({ shortcuts, examples, onClose }: Props) {
  return (
    <Dialog label={texts.keyboardShortcuts} onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className={styles.sheet} tabIndex={0}>
        <h2>{texts.keyboard}</h2>
        <ul className={styles.keys}>
          {shortcuts.map(shortcut => (
            <li key={shortcut.id}>
              <span>{shortcut.label}</span>
              {shortcut.keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </li>
          ))}
        </ul>
        {examples && (
          <>
            <h2>{examples.title}</h2>
            <dl className={styles.examples}>
              {examples.rows.map(([text, meaning]) => (
                <div key={text}>
                  <dt>
                    <code>{text}</code>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </Dialog>
  )
}
