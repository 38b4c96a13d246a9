// What the management pages show of indices and data streams.

export interface IndexRow {
  name: string
  health: string
  status: 'open' | 'close'
  docs: number
  deleted: number
  bytes: number
  primaries: number
  replicas: number
  segments: number
  /** Milliseconds since 1970. */
  created: number
}

export interface StreamRow {
  name: string
  health: string
  indices: string[]
  template: string
  policy: string
  generation: number
}

export interface IlmState {
  managed: boolean
  policy: string
  phase: string
  action: string
  step: string
  age: string
  /** Why the step failed; "" when it did not. */
  fault: string
}

export interface Segment {
  name: string
  docs: number
  deleted: number
  bytes: number
  memory: number
  committed: boolean
}

/** A hidden index, such as one of a data stream or one that begins with a dot. */
export const isHidden = (name: string) => name.startsWith('.')

/** What a pattern finds, by name. */
export interface Resolved {
  indices: string[]
  streams: string[]
  aliases: string[]
}
