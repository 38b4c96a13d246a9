// Charts of one group show the moment that the pointer is at in any of them.

type Listener = (at: number | null, from: object) => void

const groups = new Map<string, Set<Listener>>()

/** Tells the other charts of a group; null when the pointer leaves. `from` is who says it. */
export function pointAt(group: string | undefined, at: number | null, from: object) {
  if (group === undefined) return
  for (const listener of groups.get(group) ?? []) listener(at, from)
}

export function listenTo(group: string | undefined, listener: Listener): () => void {
  if (group === undefined) return () => undefined
  const members = groups.get(group) ?? new Set()
  groups.set(group, members)
  members.add(listener)
  return () => {
    members.delete(listener)
    if (members.size === 0) groups.delete(group)
  }
}
