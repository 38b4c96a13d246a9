// The keys of a report that is edited, where an element has the focus; and those that hold on the whole page.

import { type KeyboardEvent, useEffect, useRef } from 'react'
import { isEditing } from '../../actions/shortcuts'

export interface EditKeys {
  nudge: (dx: number, dy: number) => void
  grow: (dx: number, dy: number) => void
  remove: () => void
  letGo: () => void
  layer: (to: 'top' | 'up' | 'down' | 'bottom') => void
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Arrows move by a pixel, with Shift by ten; with Alt they size. Brackets go through the layers. */
export function elementKey(event: KeyboardEvent, keys: EditKeys) {
  const [dx, dy] = STEPS[event.key] ?? [0, 0]
  const far = event.shiftKey ? 10 : 1
  if (dx !== 0 || dy !== 0) (event.altKey ? keys.grow : keys.nudge)(dx * far, dy * far)
  else if (event.key === 'Delete' || event.key === 'Backspace') keys.remove()
  else if (event.key === 'Escape') keys.letGo()
  else if (event.key === ']') keys.layer('up')
  else if (event.key === '[') keys.layer('down')
  else if (event.key === '}') keys.layer('top')
  else if (event.key === '{') keys.layer('bottom')
  else return
  event.preventDefault()
  event.stopPropagation()
}

export interface PageKeys {
  undo: () => void
  redo: () => void
  copy: () => void
  cut: () => void
  paste: () => void
  duplicate: () => void
  all: () => void
  save: () => void
}

/** Ctrl or ⌘ with a letter, while the report is edited and no text is. */
export function usePageKeys(active: boolean, keys: PageKeys) {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    if (!active) return
    const press = (event: globalThis.KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector('dialog[open]')) return
      const key = event.key.toLowerCase()
      const texting = isEditing(event.target, event.key) && event.key !== 'Enter'
      if (texting && key !== 's') return
      // Words that are marked on the page are copied as words.
      const marked = (getSelection()?.toString() ?? '') !== ''
      const act: Record<string, (() => void) | undefined> = {
        z: event.shiftKey ? latest.current.redo : latest.current.undo,
        y: latest.current.redo,
        c: marked ? undefined : latest.current.copy,
        x: marked ? undefined : latest.current.cut,
        v: latest.current.paste,
        d: latest.current.duplicate,
        a: latest.current.all,
        s: latest.current.save,
      }
      const run = Object.hasOwn(act, key) ? act[key] : undefined
      if (!run) return
      event.preventDefault()
      run()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [active])
}
