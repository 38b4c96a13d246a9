// The settings of this space as they were when this browser last asked, so that the first paint obeys them.

import { useSyncExternalStore } from 'react'
import { readSettings, type Settings } from '../lib/settings'
import { setDefaultRange } from '../lib/time/range'
import { parseObject } from '../lib/vis/json'
import { ofSpace, readStored, writeStored } from './stored'

// public/theme.js reads the same key before the first paint.
const KEY = ofSpace('elkhorn.settings')

const listeners = new Set<() => void>()

let text = readStored(KEY) ?? '{}'
let current = readSettings(parseObject(text) ?? {})
setDefaultRange(current.range)

export const currentSettings = (): Settings => current

/** Obeys the attributes of the server's `config`; nothing happens when they are as before. */
export function applySettings(attributes: Record<string, unknown>) {
  const next = JSON.stringify(attributes)
  if (next === text) return
  text = next
  current = readSettings(attributes)
  writeStored(KEY, text)
  setDefaultRange(current.range)
  for (const listener of listeners) listener()
}

/** Calls a function after each change, until the function that is returned is called. */
export function onSettings(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useSettings = (): Settings => useSyncExternalStore(onSettings, currentSettings)
