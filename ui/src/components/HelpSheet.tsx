import { Dialog } from './Dialog'
import styles from './HelpSheet.module.css'

interface Props {
  shortcuts: { id: string; label: string; keys: string[] }[]
  onClose: () => void
}

export function HelpSheet({ shortcuts, onClose }: Props) {
  return (
    <Dialog label="Keyboard shortcuts" onClose={onClose}>
      <div className={styles.sheet}>
        <h2>Keyboard</h2>
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
        <h2>Searching</h2>
        <dl className={styles.examples}>
          {EXAMPLES.map(([text, meaning]) => (
            <div key={text}>
              <dt>
                <code>{text}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  )
}

const EXAMPLES = [
  ['timeout', 'the word in any field'],
  ['log_level:ERROR and not tool_name:health', 'one condition and not another'],
  ['message:"connection lost"', 'the phrase'],
  ['service_name:(auth-service or mcp-server)', 'one of two'],
  ['response_time > 500', 'a comparison'],
  ['error_message:*', 'has the field'],
  ['user_id:user_1*', 'begins with'],
] as const
