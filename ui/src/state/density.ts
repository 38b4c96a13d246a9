import { useSyncExternalStore } from 'react'
import { readStored, writeStored } from './stored'

/** How much room a row of a table has. */
export type Density = 'compact' | 'relaxed'

/** In CSS pixels; EventTable.module.css draws the same. */
export const ROW_HEIGHT: Record<Density, number> = { compact: 24, relaxed: 32 }

const KEY = 'elkhorn.density'

const listeners = new Set<() => void>()

const current = (): Density => (readStored(KEY) === 'relaxed' ? 'relaxed' : 'compact')

export function toggleDensity() {
  writeStored(KEY, current() === 'compact' ? 'relaxed' : 'compact')
  for (const listener of listeners) listener()
}

export function useDensity(): Density {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, current)
}
