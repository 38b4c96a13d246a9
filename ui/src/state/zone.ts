import { useSyncExternalStore } from 'react'
import { BROWSER, setTimeZone, type Zone } from '../lib/time/zone'
import { currentSettings, onSettings } from './settings'
import { readStored, writeStored } from './stored'

const KEY = 'elkhorn.time-zone'

const listeners = new Set<() => void>()

let current: Zone = BROWSER

/** What the person chose, else the server's setting, else the browser's; names that the browser does not know are passed over. */
function settle() {
  const wanted = [readStored(KEY), currentSettings().zone, BROWSER]
  current = wanted.find(zone => zone !== null && zone !== '' && setTimeZone(zone)) ?? BROWSER
}
settle()
onSettings(() => {
  settle()
  for (const listener of listeners) listener()
})

/** Shows all times in another zone and remembers it; a name that the browser does not know changes nothing. */
export function chooseZone(zone: Zone) {
  if (!setTimeZone(zone)) return
  current = zone
  writeStored(KEY, zone)
  for (const listener of listeners) listener()
}

/** Whether the person's own choice goes before the setting. */
export const hasOwnZone = () => Boolean(readStored(KEY))

/** Forgets the choice: the setting holds. */
export function forgetZone() {
  writeStored(KEY, '')
  settle()
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
