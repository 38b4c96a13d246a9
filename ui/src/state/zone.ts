import { useSyncExternalStore } from 'react'
import { BROWSER, setTimeZone, type Zone } from '../lib/time/zone'
import { readStored, writeStored } from './stored'

const KEY = 'elkhorn.time-zone'

const listeners = new Set<() => void>()

let current: Zone = readStored(KEY) ?? BROWSER
if (!setTimeZone(current)) current = BROWSER

/** Shows all times in another zone and remembers it; a name that the browser does not know changes nothing. */
export function chooseZone(zone: Zone) {
  if (!setTimeZone(zone)) return
  current = zone
  writeStored(KEY, zone)
  for (const listener of listeners) listener()
}

export function useZone(): Zone {
  return useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}
