// The fields of an index pattern, as its mappings tell them.

import { texts } from '../texts/lib'
import { LEVEL_FIELDS } from './levels'

export type FieldKind = 'keyword' | 'text' | 'number' | 'boolean' | 'date' | 'ip' | 'geo' | 'object' | 'other'

export interface Field {
  name: string
  /** The mapping's type, such as `long`; several joined by a comma where indices disagree. */
  type: string
  kind: FieldKind
  searchable: boolean
  /** The field to aggregate on in every index that has it: itself, its keyword sub-field, or null when neither can. */
  aggregateOn: string | null
  /** Where indices disagree, such as `keyword` in some and `text` with a sub-field in others: each group and its field. */
  split: { on: string; indices: string[] }[]
}

/** Indices, as a search names them, in all of which a field can be aggregated in one way. */
export interface Place {
  index: string
  on: string
}

export interface MappingProperty {
  type?: string
  properties?: Record<string, MappingProperty>
  fields?: Record<string, MappingProperty>
  index?: boolean
  doc_values?: boolean
  enabled?: boolean
}

const KINDS: Record<string, FieldKind> = {
  keyword: 'keyword',
  constant_keyword: 'keyword',
  wildcard: 'keyword',
  flattened: 'keyword',
  version: 'keyword',
  text: 'text',
  match_only_text: 'text',
  search_as_you_type: 'text',
  long: 'number',
  integer: 'number',
  short: 'number',
  byte: 'number',
  double: 'number',
  float: 'number',
  half_float: 'number',
  scaled_float: 'number',
  unsigned_long: 'number',
  boolean: 'boolean',
  date: 'date',
  date_nanos: 'date',
  ip: 'ip',
  geo_point: 'geo',
  geo_shape: 'geo',
  object: 'object',
  nested: 'object',
}

const AGGREGATES: ReadonlySet<FieldKind> = new Set(['keyword', 'number', 'boolean', 'date', 'ip'])

/** The mapping of one index. */
export interface IndexMapping {
  index: string
  properties: Record<string, MappingProperty>
}

type Held = Map<string, { index: string; field: Field }[]>

/** The fields of all mappings together, by name. Sub-fields are not listed; `aggregateOn` names the useful one. */
export function fieldsOfMappings(mappings: Iterable<IndexMapping>): Field[] {
  const held: Held = new Map()
  for (const { index, properties } of mappings) collect(index, properties, '', held)
  return [...held.values()].map(agreed).sort((a, b) => a.name.localeCompare(b.name))
}

function collect(index: string, properties: Record<string, MappingProperty>, prefix: string, held: Held) {
  for (const [key, property] of Object.entries(properties)) {
    const name = prefix + key
    if (property.properties && property.type !== 'nested') {
      collect(index, property.properties, `${name}.`, held)
      continue
    }
    held.set(name, [...(held.get(name) ?? []), { index, field: toField(name, property) }])
  }
}

function toField(name: string, property: MappingProperty): Field {
  const type = property.type ?? 'object'
  const kind = KINDS[type] ?? 'other'
  return {
    name,
    type,
    kind,
    searchable: property.index !== false && property.enabled !== false && kind !== 'object',
    aggregateOn: aggregateOn(name, kind, property),
    split: [],
  }
}

function aggregateOn(name: string, kind: FieldKind, property: MappingProperty): string | null {
  if (AGGREGATES.has(kind)) return property.doc_values === false ? null : name
  for (const [sub, subProperty] of Object.entries(property.fields ?? {})) {
    const subKind = KINDS[subProperty.type ?? ''] ?? 'other'
    if (AGGREGATES.has(subKind) && subProperty.doc_values !== false) return `${name}.${sub}`
  }
  return null
}

/** One field from all indices that hold it. Where they disagree, an aggregation must ask each group by itself. */
function agreed(held: { index: string; field: Field }[]): Field {
  const [first, ...others] = held.map(h => h.field) as [Field, ...Field[]]
  const alike = others.every(f => f.kind === first.kind && f.aggregateOn === first.aggregateOn)
  const textual = held.every(h => h.field.kind === 'keyword' || h.field.kind === 'text')
  return {
    name: first.name,
    type: [...new Set(held.map(h => h.field.type))].join(', '),
    kind: alike ? first.kind : textual ? 'text' : 'other',
    searchable: held.every(h => h.field.searchable),
    aggregateOn: alike ? first.aggregateOn : null,
    split: alike ? [] : groups(held),
  }
}

function groups(held: { index: string; field: Field }[]): Field['split'] {
  const found = new Map<string, Field['split'][number]>()
  for (const { index, field } of held) {
    if (field.aggregateOn === null) continue
    const id = `${field.kind} ${field.aggregateOn}`
    const group = found.get(id) ?? { on: field.aggregateOn, indices: [] }
    group.indices.push(index)
    found.set(id, group)
  }
  return [...found.values()]
}

/** Names of indices go into the path of a request, which servers and proxies limit. */
const MAX_PATH_CHARS = 3000

/** Where a field can be aggregated within an index pattern; empty when it cannot. */
export function placesOf(field: Field, pattern: string): Place[] {
  if (field.aggregateOn !== null) return [{ index: pattern, on: field.aggregateOn }]
  const places = field.split.map(({ on, indices }) => ({ index: indices.join(','), on }))
  return places.some(p => p.index.length > MAX_PATH_CHARS) ? [] : places
}

export const canAggregate = (field: Field) => placesOf(field, '*').length > 0

/** Finds the keyword sub-field of a field that is analyzed text everywhere; null for any other. */
export function exactFieldOf(fields: readonly Field[]): (name: string) => string | null {
  const exact = new Map(fields.filter(f => f.kind === 'text').map(f => [f.name, f.aggregateOn]))
  return name => exact.get(name) ?? null
}

/** What the time of an event is usually called, best first. */
export const TIME_FIELDS = ['@timestamp', 'timestamp'] as const

/** The field that orders events: `@timestamp`, else `timestamp`, else the first date there is. */
export function chooseTimeField(fields: readonly Field[]): string | null {
  const dates = fields.filter(f => f.kind === 'date')
  const named = TIME_FIELDS.find(name => dates.some(f => f.name === name))
  return named ?? dates[0]?.name ?? null
}

/** The field that the histogram is stacked by: the level, else a service. */
export function chooseBreakdown(fields: readonly Field[]): string | null {
  const names = [...LEVEL_FIELDS, ...SERVICE_FIELDS, 'event_type', 'model', ...STATUS_FIELDS]
  return names.find(name => fields.some(f => f.name === name && canAggregate(f))) ?? null
}

export const SERVICE_FIELDS = [
  'service_name',
  'service.name',
  'service',
  'app',
  'application',
  'logger_name',
  'container.name',
  'host.name',
  'host',
]
const STATUS_FIELDS = ['http.response.status_code', 'status_code', 'status', 'response']
const DETAIL_FIELDS = ['tool_name', 'tool', 'model_name', 'model', 'event_type', 'response']
export const MESSAGE_FIELDS = [
  'log_message',
  'message',
  'error_message',
  'error.message',
  'error',
  'prompt',
  'event.original',
]

/** Columns that show the best of several fields, whichever an event has. */
export const SUMMARY = '_summary'
const MIXED: Record<string, { title: string; fields: readonly string[] }> = {
  _service: { title: texts.service, fields: SERVICE_FIELDS },
  _subject: { title: texts.toolOrModel, fields: DETAIL_FIELDS },
}

/** Columns for data seen for the first time. `present` counts the events of a sample that have each field. */
export function chooseColumns(present: ReadonlyMap<string, number>): string[] {
  return [bestOf('_service', present), bestOf('_subject', present), SUMMARY].filter(name => name !== null)
}

/** The one field that the events have, or the mixed column if different events have different ones. */
function bestOf(column: string, present: ReadonlyMap<string, number>): string | null {
  const found = (MIXED[column]?.fields ?? []).filter(name => present.has(name))
  const [first] = found
  return first === undefined ? null : found.length === 1 ? first : column
}

export function columnTitle(column: string): string {
  return column === SUMMARY ? texts.summary : (MIXED[column]?.title ?? column)
}

/** The field that a column shows of an event, and its value. */
export function cellOf(
  column: string,
  flat: ReadonlyMap<string, unknown>,
): { field: string; value: unknown } {
  const field =
    MIXED[column]?.fields.find(name => flat.get(name) !== undefined && flat.get(name) !== null) ?? column
  return { field, value: flat.get(field) }
}

/** The text that tells most about an event: an error before a message before a prompt. */
export function summarize(flat: ReadonlyMap<string, unknown>): { text: string; error: string | null } {
  const text = (name: string) => {
    const value = flat.get(name)
    return typeof value === 'string' && value !== '' ? value : null
  }
  const message = MESSAGE_FIELDS.map(text).find(value => value !== null) ?? null
  const error =
    ['error_message', 'error.message', 'error', 'exception'].map(text).find(value => value !== null) ?? null
  if (message !== null) return { text: message, error: error === message ? null : error }
  const rest = [...flat].filter(([name]) => !name.startsWith('@') && !NOISE.has(name)).slice(0, 12)
  return {
    text: rest
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
      .join('  '),
    error,
  }
}

const NOISE = new Set([
  ...LEVEL_FIELDS,
  ...SERVICE_FIELDS,
  'timestamp',
  'tags',
  'type',
  'host.name',
  'log.offset',
])
