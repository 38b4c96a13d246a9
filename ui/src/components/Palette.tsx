import { type KeyboardEvent, useState } from 'react'
import { texts } from '../texts/components'
import { Dialog } from './Dialog'
import styles from './Palette.module.css'

export interface PaletteItem {
  id: string
  label: string
  /** Where it belongs: command, field, index pattern. */
  kind: string
  keywords?: string
  keys?: string[]
  run: () => void
}

const SHOWN = 12

interface Props {
  items: PaletteItem[]
  /** Said below the list, such as what is missing from it. */
  note?: string | null
  /** What can be done with the text itself, below what is found by it. */
  typed?: (text: string) => PaletteItem | null
  onClose: () => void
}

/** One list of everything that can be done, narrowed by typing. */
export function Palette({ items, note, typed, onClose }: Props) {
  const [text, setText] = useState('')
  // Items come while the list is open, so the one that is chosen is known by its id; null is the first.
  const [chosen, setChosen] = useState<string | null>(null)
  const own = typed?.(text)
  const found = [...find(items, text).slice(0, SHOWN), ...(own ? [own] : [])]
  const at = Math.max(
    0,
    found.findIndex(item => item.id === chosen),
  )
  const run = (item: PaletteItem | undefined) => {
    if (!item) return
    onClose()
    item.run()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      setChosen(found[(at + step + found.length) % Math.max(1, found.length)]?.id ?? null)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      run(found[at])
    }
  }
  return (
    <Dialog label={texts.commands} onClose={onClose}>
      <input
        className={styles.input}
        autoFocus
        value={text}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-label={texts.findACommandAField}
        placeholder={texts.findACommandAField}
        spellCheck={false}
        onChange={event => {
          setText(event.target.value)
          setChosen(null)
        }}
        onKeyDown={press}
      />
      <div className={styles.list} id="palette-list" role="listbox" aria-label={texts.found}>
        {found.map((item, i) => (
          <button
            type="button"
            role="option"
            aria-selected={i === at}
            tabIndex={-1}
            key={item.id}
            className={styles.item}
            onPointerMove={() => setChosen(item.id)}
            onClick={() => run(item)}
          >
            <span className={styles.label}>{item.label}</span>
            {item.keys ? (
              item.keys.map(key => <kbd key={key}>{key}</kbd>)
            ) : (
              <span className={styles.kind}>{item.kind}</span>
            )}
          </button>
        ))}
        {found.length === 0 && <p className={styles.none}>{texts.nothingIsCalledThat}</p>}
        {note && (
          <p className={styles.none} role="alert">
            {note}
          </p>
        )}
      </div>
    </Dialog>
  )
}

/** Items that contain every typed word; those whose label begins with the text come first. */
function find(items: PaletteItem[], text: string): PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const hits = items.filter(item => {
    const all = `${item.label} ${item.kind} ${item.keywords ?? ''}`.toLowerCase()
    return words.every(word => all.includes(word))
  })
  const rank = (item: PaletteItem) => (item.label.toLowerCase().startsWith(text.toLowerCase()) ? 0 : 1)
  return hits.sort((a, b) => rank(a) - rank(b))
}
