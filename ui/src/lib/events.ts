// Events as the table shows them: decoded once, when they arrive.

import { summarize } from './fields'
import type { Level } from './levels'
import { flatten, levelOfEvent } from './source'
import type { EpochMillis } from './time/units'

export interface LogEvent {
  /** Unique over all indices. */
  key: string
  index: string
  id: string
  at: EpochMillis
  source: Record<string, unknown>
  flat: ReadonlyMap<string, unknown>
  level: Level | null
  summary: { text: string; error: string | null }
}

export function toEvent(hit: {
  index: string
  id: string
  source: Record<string, unknown>
  sort: unknown[]
}): LogEvent {
  const flat = flatten(hit.source)
  return {
    key: `${hit.index}/${hit.id}`,
    index: hit.index,
    id: hit.id,
    at: Number(hit.sort[0]),
    source: hit.source,
    flat,
    level: levelOfEvent(flat),
    summary: summarize(flat),
  }
}
