import { useEffect } from 'react'
import type { Action } from './action'
import { actionFor, isEditing } from './shortcuts'

/** How long the first key of two counts. */
const SEQUENCE_MILLIS = 1500

/** Listens to the keyboard for commands. Neither argument may change with each rendering. */
export function useShortcuts<C>(actions: readonly Action<C>[], context: C) {
  useEffect(() => {
    let first: { key: string; at: number } | null = null
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const editing = isEditing(event.target, event.key)
      const before = first !== null && event.timeStamp - first.at < SEQUENCE_MILLIS ? first.key : null
      const plain = !editing && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey
      first = plain ? { key: event.key.toLowerCase(), at: event.timeStamp } : null
      const action = actionFor(event, actions, editing, before)
      if (!action) return
      event.preventDefault()
      action.run(context)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [actions, context])
}
