// What an expression is run in: the workpad around it, and the way to the data.

import type { Field } from '../fields'
import type { ResolvedRange } from '../time/range'
import type { EpochMillis } from '../time/units'
import type { Json } from '../vis/json'
import type { VisAnswer } from '../vis/response'

export interface Env {
  /** The workpad's time. */
  range: ResolvedRange
  /** As a person reads it, such as “Last 24 hours”. */
  rangeText: string
  now: EpochMillis
  /** An IANA name. */
  timeZone: string
  search: (index: string, body: Json) => Promise<VisAnswer>
  /** The fields of a pattern of indices. */
  fields: (index: string) => Promise<readonly Field[]>
  /** The field that holds the time of a pattern's documents; null where they have none. */
  timeField: (index: string) => Promise<string | null>
  /** Data URLs of the workpad's images. */
  assets: ReadonlyMap<string, string>
  variables: ReadonlyMap<string, string | number | boolean>
  /** What a person should know of what is drawn. */
  note: (text: string) => void
}
