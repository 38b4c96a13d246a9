import { useState } from 'react'
import type { Millis } from '../lib/time/units'
import { texts } from '../texts/components'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'
import styles from './RefreshMenu.module.css'

const EVERY: readonly (Millis | null)[] = [null, 5000, 10_000, 30_000, 60_000, 300_000]

const textOf = (every: Millis) => (every >= 60_000 ? `${every / 60_000} min` : `${every / 1000} s`)

interface Props {
  every: Millis | null
  onEvery: (every: Millis | null) => void
  onRefresh: () => void
}

/** Asks again now, or every so often. */
export function RefreshMenu({ every, onEvery, onRefresh }: Props) {
  const [open, setOpen] = useState(false)
  const trigger = (
    <div className={styles.refresh}>
      <button
        type="button"
        className="button icon"
        aria-label={texts.refresh}
        title={texts.askAgain}
        onClick={onRefresh}
      >
        <Icon name="refresh" />
      </button>
      <button
        type="button"
        className="button"
        aria-expanded={open}
        aria-label={texts.refreshByItself}
        data-live={every !== null}
        onClick={() => setOpen(!open)}
      >
        {every !== null && textOf(every)}
        <Icon name="down" size={12} />
      </button>
    </div>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.refresh} align="end">
      <Menu
        label={texts.refresh}
        items={EVERY.map(one => ({
          key: String(one),
          label: one === null ? texts.off : texts.every(textOf(one)),
          chosen: one === every,
          onSelect: () => {
            setOpen(false)
            onEvery(one)
          },
        }))}
      />
    </Popover>
  )
}
