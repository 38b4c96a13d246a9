import { useState } from 'react'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'
import styles from './RefreshButtons.module.css'

interface Props<Mode> {
  mode: Mode
  modes: readonly Mode[]
  /** How a mode is called in the menu, and on the button, which is empty for the one that does nothing. */
  labelOf: (mode: Mode) => string
  shortOf: (mode: Mode) => string
  /** What the two buttons do, for who hears it and for who hovers over them. */
  again: { label: string; title: string }
  byItself: { label: string; title?: string }
  /** The menu of the modes. */
  menu: string
  busy?: boolean
  onAgain: () => void
  onMode: (mode: Mode) => void
}

/** Asks again now, or by itself in one of several ways. */
export function RefreshButtons<Mode extends number | string | null>(props: Props<Mode>) {
  const { mode, modes, labelOf, shortOf, again, byItself, menu, busy = false, onAgain, onMode } = props
  const [open, setOpen] = useState(false)
  const trigger = (
    <div className={styles.refresh}>
      <button
        type="button"
        className="button icon"
        aria-label={again.label}
        title={again.title}
        data-busy={busy}
        onClick={onAgain}
      >
        <Icon name="refresh" />
      </button>
      <button
        type="button"
        className="button"
        aria-expanded={open}
        aria-label={byItself.label}
        title={byItself.title}
        data-live={mode !== null}
        onClick={() => setOpen(!open)}
      >
        {shortOf(mode)}
        <Icon name="down" size={12} />
      </button>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={menu} align="end">
      <Menu
        label={menu}
        items={modes.map(one => ({
          key: String(one),
          label: labelOf(one),
          chosen: one === mode,
          onSelect: () => {
            setOpen(false)
            onMode(one)
          },
        }))}
      />
    </Popover>
  )
}
