// Ids that tie the events of one story together.

import type { Field } from '../fields'

/** Best first: what belongs to one operation before what belongs to one visit. */
const KINDS = ['trace', 'request', 'correlation', 'transaction', 'conversation', 'session', 'run'] as const

/** The last part of a name as one word: `trace.id`, `traceId` and `ctx.trace_id` are all `traceid`. */
function word(name: string): string {
  const parts = name.split('.')
  const leaf = parts.at(-1) ?? ''
  const whole = leaf.toLowerCase() === 'id' ? `${parts.at(-2) ?? ''}${leaf}` : leaf
  return whole.replace(/[_-]/g, '').toLowerCase()
}

/** What an id is an id of, such as `trace`; null for fields that are none. */
export function storyOf(name: string): string | null {
  const found = word(name)
  return KINDS.find(kind => found === `${kind}id` || found === `x${kind}id`) ?? null
}

/** Whether a value of a field can be followed. */
export const isStory = (name: string, value: unknown): value is string | number =>
  storyOf(name) !== null && ((typeof value === 'string' && value !== '') || typeof value === 'number')

/** The id of an event that tells most of its story, as field and value. */
export function storyOfEvent(flat: ReadonlyMap<string, unknown>): { field: string; value: string } | null {
  let best: { field: string; value: string; rank: number } | null = null
  for (const [field, value] of flat) {
    if (!isStory(field, value)) continue
    const rank = KINDS.indexOf(storyOf(field) as (typeof KINDS)[number])
    if (best === null || rank < best.rank) best = { field, value: String(value), rank }
  }
  return best && { field: best.field, value: best.value }
}

/** The fields that hold the same kind of id, whatever each service calls it; the field itself in any case. */
export function sameStory(name: string, fields: readonly Field[]): string[] {
  const kind = storyOf(name)
  const others = fields.filter(f => f.searchable && kind !== null && storyOf(f.name) === kind)
  return [...new Set([name, ...others.map(f => f.name)])]
}
