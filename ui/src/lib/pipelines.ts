// Pipelines as the server tells of them.

export interface PluginStats {
  id: string
  name: string
  kind: 'input' | 'filter' | 'output'
  in: number
  out: number
  /** Milliseconds of workers; of an input, of waiting for the queue. */
  millis: number
  /** Worker milliseconds per event of late. */
  millisPerEvent: number | null
}

export interface PipelineStats {
  id: string
  in: number
  out: number
  /** Events per second of late; over the whole run while that is not known yet. */
  inRate: number
  outRate: number
  /** Percent of the workers that is busy. */
  utilization: number
  workers: number
  batchSize: number
  plugins: PluginStats[]
  queue: { type: string; events: number; bytes: number; maxBytes: number }
  letters: number
  reloads: { successes: number; failures: number; lastError: string | null }
}

export interface PipelineHealth {
  status: string
  symptom: string
  state: string
  diagnosis: { cause: string; action: string }[]
}

export interface PipelineFile {
  path: string
  text: string
}

export interface Finding {
  file: string
  /** From 1; 0 when it concerns no place. */
  line: number
  column: number
  severity: string
  plugin: string
  option: string
  message: string
}

/** A plugin, or a branch with the arms of one `if`. */
export interface TreeNode {
  plugin: string
  id: string
  file: string
  line: number
  column: number
  arms: { condition: string | null; line: number; column: number; body: TreeNode[] }[]
}

export interface PipelineTree {
  inputs: TreeNode[]
  filters: TreeNode[]
  outputs: TreeNode[]
}

export interface PipelineSource {
  id: string
  files: PipelineFile[]
  writable: boolean
  why: string
  tree: PipelineTree | null
  findings: Finding[]
}

export interface Change {
  field: string
  before: string
  after: string
}

export interface Step {
  kind: 'condition' | 'filter' | 'output'
  event: number
  /** file:line:column */
  place: string
  text: string
  id: string
  taken: boolean
  dropped: boolean
  /** Numbers of the events that the filter made. */
  emitted: number[]
  /** The else that was taken: its place; "" without one. */
  otherwise: string
  nanos: number
  changes: Change[]
  after: Record<string, unknown> | null
}

export interface Run {
  input: Record<string, unknown>
  steps: Step[]
  out: { event: Record<string, unknown>; outputs: string[] }[]
}

export interface Comparison {
  findings: Finding[]
  events: number
  different: number
  onlyOld: number
  onlyNew: number
  fields: { field: string; count: number }[]
  samples: { input: Record<string, unknown>; changes: Change[] }[]
}

export interface DeadLetter {
  id: string
  pipeline: string
  plugin: string
  /** As the server wrote it, ISO 8601. */
  time: string
  status: number
  reason: string
  event: Record<string, unknown>
  metadata: Record<string, unknown> | null
}

export interface Place {
  file: string
  line: number
  column: number
}

/** Reads file:line:column. */
export function parsePlace(place: string): Place | null {
  const match = /^(.*):(\d+):(\d+)$/.exec(place)
  return match ? { file: match[1] as string, line: Number(match[2]), column: Number(match[3]) } : null
}

/** The offset of a line and column, both from 1, in a text; columns count characters. */
export function offsetOf(starts: readonly number[], line: number, column: number): number {
  const start = starts[Math.min(Math.max(line, 1), starts.length) - 1] ?? 0
  return start + Math.max(0, column - 1)
}
