// What a person can take back, and do again.

export interface History<T> {
  past: readonly T[]
  present: T
  future: readonly T[]
  /** Changes of one gesture, such as an arrow key that is held, are one step. */
  gesture: string | null
}

const MAX_STEPS = 200

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [], gesture: null })

export function changed<T>(history: History<T>, next: T, gesture: string | null): History<T> {
  if (next === history.present) return history
  const same = gesture !== null && gesture === history.gesture
  return {
    past: same ? history.past : [...history.past, history.present].slice(-MAX_STEPS),
    present: next,
    future: [],
    gesture,
  }
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    gesture: null,
  }
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future, gesture: null }
}
