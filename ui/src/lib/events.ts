// Events as the table shows them. A list can hold a hundred thousand, of which a person sees fifty: each keeps its
// document as one text, which the browser's collector of garbage passes over at once, and is read when it is looked at.

import { summarize } from './fields'
import type { Level } from './levels'
import { flatten, levelOfEvent } from './source'
import type { EpochMillis } from './time/units'

/** What is made of a document to show it. */
interface Contents {
  source: Record<string, unknown>
  flat: ReadonlyMap<string, unknown>
  level: Level | null
  summary: { text: string; error: string | null }
}

interface Hit {
  index: string
  id: string
  source: Record<string, unknown>
  sort: unknown[]
}

export class LogEvent implements Contents {
  /** Unique over all indices. */
  readonly key: string
  readonly index: string
  readonly id: string
  readonly at: EpochMillis
  readonly #document: string

  constructor({ index, id, source, sort }: Hit) {
    this.key = `${index}/${id}`
    this.index = index
    this.id = id
    this.at = Number(sort[0])
    this.#document = JSON.stringify(source)
  }

  get source() {
    return this.#contents().source
  }
  get flat() {
    return this.#contents().flat
  }
  get level() {
    return this.#contents().level
  }
  get summary() {
    return this.#contents().summary
  }

  #contents(): Contents {
    const kept = recent.get(this)
    if (kept) return kept
    const contents = before.get(this) ?? read(this.#document)
    if (recent.size >= RECENT) {
      before = recent
      recent = new Map()
    }
    recent.set(this, contents)
    return contents
  }
}

export const toEvent = (hit: Hit) => new LogEvent(hit)

/** More than a page shows at once, so that nothing is read twice for one look. */
const RECENT = 500
/** The contents looked at last, and those looked at before them. */
let recent = new Map<LogEvent, Contents>()
let before = new Map<LogEvent, Contents>()

function read(document: string): Contents {
  const source = JSON.parse(document)
  const flat = flatten(source)
  return { source, flat, level: levelOfEvent(flat), summary: summarize(flat) }
}
