import { useSyncExternalStore } from 'react'
import { readStored, writeStored } from './stored'

const KEY = 'elkhorn.fieldList'

/** Where the list leaves enough for the events beside it. */
const wide = () => matchMedia('(min-width: 900px)')

const listeners = new Set<() => void>()

/** As the person chose, and until then as the page has room. */
function current(): boolean {
  const chosen = readStored(KEY)
  return chosen === null ? wide().matches : chosen === 'shown'
}

export function toggleFieldList() {
  writeStored(KEY, current() ? 'hidden' : 'shown')
  for (const listener of listeners) listener()
}

/** Whether Discover shows its list of fields. */
export function useFieldList(): boolean {
  return useSyncExternalStore(listener => {
    const width = wide()
    listeners.add(listener)
    width.addEventListener('change', listener)
    return () => {
      listeners.delete(listener)
      width.removeEventListener('change', listener)
    }
  }, current)
}
