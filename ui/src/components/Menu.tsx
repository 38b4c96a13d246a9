import type { ReactNode } from 'react'
import { Icon } from './Icon'
import styles from './Menu.module.css'

interface Item {
  key: string
  label: ReactNode
  /** At the right edge, in a quiet colour. */
  note?: ReactNode
  chosen?: boolean
  onSelect: () => void
}

/** A list of choices inside a popover. */
export function Menu({ items, label }: { items: Item[]; label: string }) {
  // Room for the mark is kept where something can be chosen.
  const marked = items.some(item => item.chosen !== undefined)
  return (
    <ul className={styles.menu} aria-label={label}>
      {items.map(item => (
        <li key={item.key}>
          <button
            type="button"
            className={styles.item}
            aria-current={item.chosen ? 'true' : undefined}
            onClick={item.onSelect}
          >
            {marked && <span className={styles.mark}>{item.chosen && <Icon name="check" size={13} />}</span>}
            <span className={styles.label}>{item.label}</span>
            {item.note !== undefined && <span className={styles.note}>{item.note}</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}
