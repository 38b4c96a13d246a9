import type {
  Change,
  Comparison,
  DeadLetter,
  Finding,
  PipelineHealth,
  PipelineSource,
  PipelineStats,
  PipelineTree,
  PluginStats,
  Run,
  Step,
  TreeNode,
} from '../../lib/pipelines'
import { array, type Json, number, object, string } from './shape'

const textOr = (value: unknown, fallback = '') => (typeof value === 'string' ? value : fallback)
const numberOr = (value: unknown, fallback = 0) => (typeof value === 'number' ? value : fallback)
const listOr = (value: unknown) => (Array.isArray(value) ? value : [])
const objectOr = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** A rate over the last seconds, else over the last minute, else null. */
function late(rates: unknown): number | null {
  const found = objectOr(rates)
  for (const window of ['current', 'last_1_minute'])
    if (typeof found[window] === 'number') return found[window]
  return null
}

/** A rate of late, over the whole run when that is all there is. */
const rateOf = (rates: unknown) => late(rates) ?? numberOr(objectOr(rates).lifetime)

const KINDS = { inputs: 'input', filters: 'filter', outputs: 'output' } as const

function plugins(value: unknown): PluginStats[] {
  const all = objectOr(value)
  return (['inputs', 'filters', 'outputs'] as const).flatMap(kind =>
    listOr(all[kind]).map(one => {
      const plugin = object(one, kind)
      const events = objectOr(plugin.events)
      const flow = objectOr(plugin.flow)
      const perEvent = late(flow.worker_millis_per_event)
      return {
        id: string(plugin.id, `${kind}.id`),
        name: string(plugin.name, `${kind}.name`),
        kind: KINDS[kind],
        in: numberOr(events.in),
        out: numberOr(events.out),
        millis: numberOr(events.duration_in_millis) + numberOr(events.queue_push_duration_in_millis),
        millisPerEvent: perEvent,
      }
    }),
  )
}

/** The answer of `_node/stats/pipelines`. */
export function decodePipelines(answer: unknown): PipelineStats[] {
  return Object.entries(object(object(answer, 'stats').pipelines, 'pipelines')).map(([id, one]) => {
    const p = object(one, id)
    const events = object(p.events, `${id}.events`)
    const flow = objectOr(p.flow)
    const queue = objectOr(p.queue)
    const reloads = objectOr(p.reloads)
    const sizes = objectOr(p.pipeline)
    const lastError = objectOr(reloads.last_error).message
    return {
      id,
      in: number(events.in, `${id}.in`),
      out: number(events.out, `${id}.out`),
      inRate: rateOf(flow.input_throughput),
      outRate: rateOf(flow.output_throughput),
      utilization: rateOf(flow.worker_utilization),
      workers: numberOr(sizes.workers, 1),
      batchSize: numberOr(sizes.batch_size),
      plugins: plugins(p.plugins),
      queue: {
        type: textOr(queue.type, 'memory'),
        events: numberOr(queue.events_count),
        bytes: numberOr(queue.queue_size_in_bytes),
        maxBytes: numberOr(queue.max_queue_size_in_bytes),
      },
      letters: numberOr(objectOr(p.dead_letter_queue).events_count),
      reloads: {
        successes: numberOr(reloads.successes),
        failures: numberOr(reloads.failures),
        lastError: typeof lastError === 'string' ? lastError : null,
      },
    }
  })
}

/** The pipelines of `_health_report`, by id. */
export function decodeHealth(answer: unknown): Record<string, PipelineHealth> {
  const all = objectOr(objectOr(objectOr(object(answer, 'health').indicators).pipelines).indicators)
  return Object.fromEntries(
    Object.entries(all).map(([id, one]) => {
      const found = object(one, id)
      return [
        id,
        {
          status: textOr(found.status, 'unknown'),
          symptom: textOr(found.symptom),
          state: textOr(objectOr(objectOr(found.details).status).state, 'UNKNOWN').toLowerCase(),
          diagnosis: listOr(found.diagnosis).map(d => ({
            cause: textOr(objectOr(d).cause),
            action: textOr(objectOr(d).action),
          })),
        },
      ]
    }),
  )
}

/** The ids of plugins by their places, of `_node/pipelines/{id}?graph=true`. */
export function decodePlaces(answer: unknown, id: string): Record<string, string> {
  const graph = objectOr(objectOr(objectOr(objectOr(object(answer, 'graph').pipelines)[id]).graph).graph)
  const out: Record<string, string> = {}
  for (const one of listOr(graph.vertices)) {
    const vertex = objectOr(one)
    const source = objectOr(objectOr(vertex.meta).source)
    if (typeof vertex.id === 'string' && vertex.type === 'plugin')
      out[`${textOr(source.id)}:${numberOr(source.line)}:${numberOr(source.column)}`] = vertex.id
  }
  return out
}

export function decodeFindings(value: unknown): Finding[] {
  return listOr(value).map(one => {
    const found = object(one, 'finding')
    return {
      file: textOr(found.file),
      line: numberOr(found.line),
      column: numberOr(found.column),
      severity: textOr(found.severity, 'error'),
      plugin: textOr(found.plugin),
      option: textOr(found.option),
      message: textOr(found.message),
    }
  })
}

function nodes(value: unknown): TreeNode[] {
  return listOr(value).map(one => {
    const node = object(one, 'node')
    return {
      plugin: textOr(node.plugin),
      id: textOr(node.id),
      file: textOr(node.file),
      line: numberOr(node.line),
      column: numberOr(node.column),
      arms: listOr(node.arms).map(raw => {
        const arm = object(raw, 'arm')
        return {
          condition: typeof arm.if === 'string' ? arm.if : null,
          line: numberOr(arm.line),
          column: numberOr(arm.column),
          body: nodes(arm.body),
        }
      }),
    }
  })
}

function tree(value: unknown): PipelineTree | null {
  if (value === null || value === undefined) return null
  const found = object(value, 'tree')
  return { inputs: nodes(found.inputs), filters: nodes(found.filters), outputs: nodes(found.outputs) }
}

export function decodeSource(answer: unknown): PipelineSource {
  const found = object(answer, '_source')
  return {
    id: string(found.id, 'id'),
    files: array(found.files, 'files').map(one => {
      const file = object(one, 'file')
      return { path: string(file.path, 'path'), text: string(file.text, 'text') }
    }),
    writable: found.writable === true,
    why: textOr(found.why),
    tree: tree(found.tree),
    findings: decodeFindings(found.findings),
  }
}

export function decodeCheck(answer: unknown): {
  valid: boolean
  findings: Finding[]
  tree: PipelineTree | null
} {
  const found = object(answer, '_check')
  return { valid: found.valid === true, findings: decodeFindings(found.findings), tree: tree(found.tree) }
}

const changes = (value: unknown): Change[] =>
  listOr(value).map(one => {
    const change = object(one, 'change')
    return { field: textOr(change.field), before: textOr(change.before), after: textOr(change.after) }
  })

function step(value: unknown): Step {
  const found = object(value, 'step')
  return {
    kind: found.kind === 'condition' || found.kind === 'output' ? found.kind : 'filter',
    event: numberOr(found.event),
    place: textOr(found.place),
    text: textOr(found.text),
    id: textOr(found.id),
    taken: found.taken === true,
    dropped: found.dropped === true,
    emitted: listOr(found.emitted).map(n => number(n, 'emitted')),
    otherwise: textOr(found.else),
    nanos: numberOr(found.nanos),
    changes: changes(found.changes),
    after: found.after === undefined ? null : object(found.after, 'after'),
  }
}

export function decodeRuns(answer: unknown): { findings: Finding[]; runs: Run[] } {
  const found = object(answer, '_explain')
  return {
    findings: decodeFindings(found.findings),
    runs: array(found.runs, 'runs').map(one => {
      const run = object(one, 'run')
      return {
        input: object(run.input, 'input'),
        steps: array(run.steps, 'steps').map(step),
        out: array(run.out, 'out').map(raw => {
          const out = object(raw, 'out')
          return {
            event: object(out.event, 'out.event'),
            outputs: array(out.outputs, 'outputs').map(o => string(o, 'output')),
          }
        }),
      }
    }),
  }
}

export function decodeComparison(answer: unknown): Comparison {
  const found = object(answer, '_compare')
  return {
    findings: decodeFindings(found.findings),
    events: number(found.events, 'events'),
    different: number(found.different, 'different'),
    onlyOld: numberOr(found.only_old),
    onlyNew: numberOr(found.only_new),
    fields: array(found.fields, 'fields').map(one => {
      const field = object(one, 'field')
      return { field: string(field.field, 'field'), count: number(field.count, 'count') }
    }),
    samples: array(found.samples, 'samples').map(one => {
      const sample = object(one, 'sample')
      return { input: object(sample.input, 'input'), changes: changes(sample.changes) }
    }),
  }
}

export function decodeLetters(answer: unknown): DeadLetter[] {
  return array(object(answer, '_dead_letters').dead_letters, 'dead_letters').map(one => {
    const letter = object(one, 'letter')
    return {
      id: string(letter.id, 'id'),
      pipeline: textOr(letter.pipeline),
      plugin: textOr(letter.plugin),
      time: textOr(letter.time),
      status: numberOr(letter.status),
      reason: textOr(letter.reason),
      event: objectOr(letter.event),
      metadata: letter.metadata === undefined ? null : objectOr(letter.metadata),
    }
  })
}

export const decodeEvents = (answer: unknown) =>
  array(object(answer, '_events').events, 'events').map(one => object(one, 'event'))
