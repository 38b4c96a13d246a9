// A question asked elsewhere, such as in the palette, on its way to the search of Discover.

let waiting: string | null = null
const listeners = new Set<() => void>()

/** Puts a question into the search of Discover, now or once it is there. */
export function askInDiscover(question: string) {
  waiting = question
  for (const tell of listeners) tell()
}

/** The question that waits, which then waits no more. */
export function takeQuestion(): string | null {
  const question = waiting
  waiting = null
  return question
}

/** Is told when a question comes. */
export function onQuestion(tell: () => void): () => void {
  listeners.add(tell)
  return () => listeners.delete(tell)
}
