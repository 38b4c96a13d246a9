import { texts } from '../../texts/charts'
import styles from './Legend.module.css'

export interface LegendEntry {
  id: string
  name: string
  token: string
}

interface Props {
  entries: LegendEntry[]
  hidden: ReadonlySet<string>
  onHidden: (hidden: ReadonlySet<string>) => void
}

/** What the colours mean. A press leaves one series out, or takes it in again; with Alt, all others. */
export function Legend({ entries, hidden, onHidden }: Props) {
  const press = (id: string, alone: boolean) => {
    if (alone) {
      const others = entries.filter(e => e.id !== id).map(e => e.id)
      const already = others.every(other => hidden.has(other))
      return onHidden(new Set(already ? [] : others))
    }
    const next = new Set(hidden)
    if (!next.delete(id)) next.add(id)
    onHidden(next.size === entries.length ? new Set() : next)
  }
  return (
    <ul className={styles.legend} aria-label={texts.legend}>
      {entries.map(({ id, name, token }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.has(id)}
            title={texts.altOnlyThisOne(name)}
            onClick={event => press(id, event.altKey)}
          >
            <i style={{ background: `var(--${token})` }} />
            <span>{name}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
