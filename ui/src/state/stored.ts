// Preferences in local storage, and what one tab remembers in session storage. Storage can be forbidden or full; then either lasts as long as the page.

import { DEFAULT_SPACE, SPACE } from '../lib/space'

type Kind = 'localStorage' | 'sessionStorage'

const fallback = { localStorage: new Map<string, string>(), sessionStorage: new Map<string, string>() }

/** The key of what is about one space only. */
export const ofSpace = (key: string) => (SPACE === DEFAULT_SPACE ? key : `${key} /s/${SPACE}`)

export const readStored = (key: string) => read('localStorage', key)
export const writeStored = (key: string, value: string) => write('localStorage', key, value)
export const readTab = (key: string) => read('sessionStorage', key)
export const writeTab = (key: string, value: string) => write('sessionStorage', key, value)

function read(kind: Kind, key: string): string | null {
  try {
    return globalThis[kind].getItem(key) ?? fallback[kind].get(key) ?? null
  } catch {
    return fallback[kind].get(key) ?? null
  }
}

function write(kind: Kind, key: string, value: string) {
  fallback[kind].set(key, value)
  try {
    globalThis[kind].setItem(key, value)
  } catch {
    // Kept in `fallback`.
  }
}
