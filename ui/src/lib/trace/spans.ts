// A story as spans: what each event took, which lies inside which, and when nothing is known.

import type { LogEvent } from '../events'
import { SERVICE_FIELDS } from '../fields'
import type { EpochMillis, Millis } from '../time/units'
import { type Duration, durationsOf, isWhole, wholeOf } from './durations'

export interface Stage {
  name: string
  start: EpochMillis
  length: Millis
  /** Whether the event says when it began; else stages stand in the order of the event, one after the other. */
  placed: boolean
}

export interface Span {
  event: LogEvent
  service: string
  name: string
  start: EpochMillis
  end: EpochMillis
  /** Null for an event that says nothing about its length. */
  length: Millis | null
  /** How many spans it lies inside. */
  depth: number
  error: boolean
  stages: Stage[]
  /** When the first word of an answer came. */
  firstToken: EpochMillis | null
}

export interface Trace {
  spans: Span[]
  from: EpochMillis
  to: EpochMillis
  /** Spells in which nothing ran that was logged, longest first. */
  gaps: { from: EpochMillis; to: EpochMillis }[]
  /** Time in each service, without what its spans waited for others; longest first. */
  services: { name: string; spans: number; errors: number; own: Millis }[]
}

const START_FIELDS = ['event.start', 'start_time', 'startTime', 'started_at', 'span.start_time']
const SPAN_IDS = ['span_id', 'span.id', 'spanId', 'transaction.id']
const PARENT_IDS = ['parent_span_id', 'parent_id', 'parent.id', 'parentSpanId']
const NAME_FIELDS = [
  'span.name',
  'transaction.name',
  'operation',
  'operation_name',
  'tool_name',
  'tool',
  'gen_ai.tool.name',
  'event_type',
  'event.action',
  'model',
  'model_name',
  'http.route',
  'endpoint',
  'path',
  'url.path',
  'logger_name',
]

/** Spells shorter than this part of the whole are no gaps. */
const LEAST_GAP = 0.02

/** Events of one story, in any order. */
export function traceOf(events: readonly LogEvent[]): Trace {
  const spans = events
    .map(spanOf)
    .sort((a, b) => a.start - b.start || b.end - a.end || a.event.at - b.event.at)
  const ordered = nest(spans)
  const from = spans.reduce((at, s) => Math.min(at, s.start), Number.POSITIVE_INFINITY)
  const to = spans.reduce((at, s) => Math.max(at, s.end), Number.NEGATIVE_INFINITY)
  if (spans.length === 0) return { spans, from: 0, to: 0, gaps: [], services: [] }
  return { spans: ordered, from, to, gaps: gapsOf(spans, from, to), services: servicesOf(ordered) }
}

function spanOf(event: LogEvent): Span {
  const { flat } = event
  const durations = durationsOf(flat)
  const listed = listedStages(event.source)
  const first = durations.find(d => /first_token|ttft/.test(d.field))
  const measured = durations.filter(d => d !== first)
  const whole = wholeOf(measured)
  const length = whole?.length ?? (listed.length > 0 ? listed.reduce((sum, s) => sum + s.length, 0) : null)
  const stated = START_FIELDS.map(name => momentIn(flat.get(name))).find(at => at !== null) ?? null
  // Tracers date a span by its beginning; a line of a log is written when its work is done.
  const begins = whole !== null && /(?:span|transaction)\.duration/.test(whole.field) ? event.at : null
  const start = stated ?? begins ?? event.at - (length ?? 0)
  return {
    event,
    service: textIn(flat, SERVICE_FIELDS) ?? event.index,
    name: textIn(flat, NAME_FIELDS) ?? (event.summary.error ?? event.summary.text).slice(0, 120),
    start,
    end: length === null ? Math.max(start, event.at) : start + length,
    length: length ?? (stated === null ? null : event.at - stated),
    depth: 0,
    error: isError(event),
    stages: listed.length > 0 ? placeListed(listed, start) : inOrder(stagesOf(measured, whole), start),
    firstToken: first ? start + first.length : null,
  }
}

/** What is part of the whole: no second name of it, and no longer than it. */
function stagesOf(durations: Duration[], whole: Duration | null): Duration[] {
  if (whole === null) return []
  const same = (d: Duration) => isWhole(d) && whole.length - d.length <= 1
  return durations.filter(d => d !== whole && d.length < whole.length && d.length > 0 && !same(d))
}

function inOrder(stages: Duration[], start: EpochMillis): Stage[] {
  let at = start
  return stages.map(({ stage, length }) => {
    at += length
    return { name: stage, start: at - length, length, placed: false }
  })
}

interface Listed {
  name: string
  length: Millis
  /** From the start of the event. */
  offset: Millis | null
  at: EpochMillis | null
}

/** Stages that an event lists as objects with a name and a length. */
function listedStages(source: Record<string, unknown>): Listed[] {
  for (const value of Object.values(source)) {
    const list = Array.isArray(value) ? value : []
    const stages = list.flatMap((item): Listed[] => {
      if (typeof item !== 'object' || item === null) return []
      const object = item as Record<string, unknown>
      const name = object.name ?? object.stage ?? object.step
      const [duration] = durationsOf(new Map(Object.entries(object)))
      if (typeof name !== 'string' || !duration) return []
      const offset = object.start_ms ?? object.offset_ms ?? object.start_offset_ms
      const at = momentIn(object.start_time ?? object.started_at ?? object.start)
      return [{ name, length: duration.length, offset: typeof offset === 'number' ? offset : null, at }]
    })
    if (stages.length > 0) return stages
  }
  return []
}

function placeListed(listed: Listed[], start: EpochMillis): Stage[] {
  let next = start
  return listed.map(({ name, length, offset, at }) => {
    const begins = at ?? (offset === null ? next : start + offset)
    next = begins + length
    return { name, start: begins, length, placed: at !== null || offset !== null }
  })
}

/** Each span under the one that it names as its parent, or else the narrowest that it lies inside. */
function nest(spans: Span[]): Span[] {
  const byId = new Map<string, Span>()
  for (const span of spans) {
    const id = textIn(span.event.flat, SPAN_IDS)
    if (id !== null && !byId.has(id)) byId.set(id, span)
  }
  const children = new Map<Span | null, Span[]>()
  const around: Span[] = []
  for (const span of spans) {
    while (around.length > 0 && !inside(span, around.at(-1) as Span)) around.pop()
    const named = byId.get(textIn(span.event.flat, PARENT_IDS) ?? '')
    const parent = named !== undefined && named !== span ? named : (around.at(-1) ?? null)
    children.set(parent, [...(children.get(parent) ?? []), span])
    if (span.length !== null) around.push(span)
  }
  const ordered: Span[] = []
  const seen = new Set<Span>()
  const visit = (span: Span, depth: number) => {
    if (seen.has(span)) return
    seen.add(span)
    span.depth = depth
    ordered.push(span)
    for (const child of children.get(span) ?? []) visit(child, depth + 1)
  }
  for (const root of children.get(null) ?? []) visit(root, 0)
  // Parents that name each other in a circle hang from nothing.
  for (const span of spans) visit(span, 0)
  return ordered
}

const inside = (a: Span, b: Span) => a.start >= b.start && a.end <= b.end && a.length !== b.length

function gapsOf(spans: readonly Span[], from: EpochMillis, to: EpochMillis): Trace['gaps'] {
  const gaps: Trace['gaps'] = []
  let until = from
  for (const span of spans) {
    if (span.start - until > (to - from) * LEAST_GAP) gaps.push({ from: until, to: span.start })
    until = Math.max(until, span.end)
  }
  return gaps.sort((a, b) => b.to - b.from - (a.to - a.from))
}

function servicesOf(ordered: readonly Span[]): Trace['services'] {
  const services = new Map<string, Trace['services'][number]>()
  ordered.forEach((span, at) => {
    const one = services.get(span.service) ?? { name: span.service, spans: 0, errors: 0, own: 0 }
    one.spans++
    if (span.error) one.errors++
    one.own += Math.max(0, (span.length ?? 0) - covered(span, childrenOf(ordered, at)))
    services.set(span.service, one)
  })
  return [...services.values()].sort((a, b) => b.own - a.own || a.name.localeCompare(b.name))
}

function childrenOf(ordered: readonly Span[], at: number): Span[] {
  const depth = (ordered[at] as Span).depth
  const found: Span[] = []
  for (let i = at + 1; i < ordered.length; i++) {
    const span = ordered[i] as Span
    if (span.depth <= depth) break
    if (span.depth === depth + 1) found.push(span)
  }
  return found
}

/** How much of a span its children take together. */
function covered(span: Span, children: Span[]): Millis {
  let sum = 0
  let until = span.start
  for (const child of children.toSorted((a, b) => a.start - b.start)) {
    const [from, to] = [Math.max(until, child.start), Math.min(span.end, child.end)]
    if (to > from) sum += to - from
    until = Math.max(until, to)
  }
  return sum
}

function isError({ level, flat }: LogEvent): boolean {
  if (level === 'error' || level === 'fatal') return true
  const status = flat.get('http.response.status_code') ?? flat.get('status_code') ?? flat.get('status')
  return (
    (typeof status === 'number' && status >= 500 && status < 600) || flat.get('event.outcome') === 'failure'
  )
}

function textIn(flat: ReadonlyMap<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = flat.get(name)
    if (typeof value === 'string' && value !== '') return value
  }
  return null
}

/** A moment as ISO 8601, or as a count of milli-, micro- or nanoseconds, told apart by their size. */
function momentIn(value: unknown): EpochMillis | null {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) {
    const at = Date.parse(value)
    return Number.isNaN(at) ? null : at
  }
  const n =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\d{13,19}$/.test(value)
        ? Number(value)
        : 0
  if (n < 1e12) return null
  return n < 1e14 ? n : n < 1e17 ? n / 1e3 : n / 1e6
}
