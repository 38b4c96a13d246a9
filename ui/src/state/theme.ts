import { useSyncExternalStore } from 'react'
import { currentSettings, onSettings } from './settings'
import { readStored, writeStored } from './stored'

export type Theme = 'system' | 'light' | 'dark'

export const THEMES: readonly Theme[] = ['system', 'light', 'dark']

// public/theme.js reads the same key before the first paint.
const KEY = 'elkhorn.theme'

const listeners = new Set<() => void>()

function current(): Theme {
  const stored = readStored(KEY)
  return THEMES.find(theme => theme === stored) ?? currentSettings().theme ?? 'system'
}

/** Draws the page in the theme that holds. */
function show() {
  const theme = current()
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  for (const listener of listeners) listener()
}
onSettings(show)

/** Whether the person's own choice goes before the setting. */
export const hasOwnTheme = () => Boolean(readStored(KEY))

/** Forgets the choice: the setting holds. */
export function forgetTheme() {
  writeStored(KEY, '')
  show()
}

export function setTheme(theme: Theme) {
  writeStored(KEY, theme)
  show()
}

/** The opposite of what is seen now, so that one key always changes something. */
export function toggleTheme() {
  const theme = current()
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  setTheme(dark ? 'light' : 'dark')
}

export function useTheme(): Theme {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }, current)
}
