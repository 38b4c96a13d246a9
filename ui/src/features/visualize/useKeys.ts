import { useEffect, useRef } from 'react'
import { isEditing } from '../../actions/shortcuts'

interface Keys {
  /** A digit. */
  onType: (key: string) => void
  onSearch: () => void
  onTime: () => void
  onRefresh: () => void
  onSave: () => void
}

/** The keys of the editor beside those of every page. Letters are text while one is written. */
export function useKeys(keys: Keys) {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    let second = false
    const press = (event: KeyboardEvent) => {
      const { key } = event
      // After g comes the letter of a page.
      const follows = second
      second = key === 'g'
      if (follows || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (isEditing(event.target, key) || document.querySelector('dialog[open]')) return
      const now = latest.current
      const run = /^\d$/.test(key)
        ? () => now.onType(key)
        : (
            { '/': now.onSearch, t: now.onTime, r: now.onRefresh, s: now.onSave } as Record<
              string,
              () => void
            >
          )[key]
      if (!run) return
      event.preventDefault()
      run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
