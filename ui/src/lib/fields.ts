// The fields of an index pattern, as its mappings tell them.

import { LEVEL_FIELDS } from './levels'

export type FieldKind = 'keyword' | 'text' | 'number' | 'boolean' | 'date' | 'ip' | 'geo' | 'object' | 'other'

export interface Field {
  name: string
  /** The mapping's type, such as `long`; several joined by a comma where indices disagree. */
  type: string
  kind: FieldKind
  searchable: boolean
  /** The field to aggregate and sort on: itself, its keyword sub-field, or null when neither can. */
  aggregateOn: string | null
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

/** The fields of all mappings together, by name. Sub-fields are not listed; `aggregateOn` names the useful one. */
export function fieldsOfMappings(mappings: Iterable<Record<string, MappingProperty>>): Field[] {
  const found = new Map<string, Field>()
  for (const properties of mappings) collect(properties, '', found)
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

function collect(properties: Record<string, MappingProperty>, prefix: string, found: Map<string, Field>) {
  for (const [key, property] of Object.entries(properties)) {
    const name = prefix + key
    if (property.properties && property.type !== 'nested') {
      collect(property.properties, `${name}.`, found)
      continue
    }
    const field = toField(name, property)
    const other = found.get(name)
    found.set(name, other ? agreed(other, field) : field)
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

/** One field from two indices. An aggregation must work in both, so a disagreement about where forbids it. */
function agreed(a: Field, b: Field): Field {
  if (a.type === b.type && a.aggregateOn === b.aggregateOn) return a
  const types = new Set([...a.type.split(', '), ...b.type.split(', ')])
  return {
    name: a.name,
    type: [...types].join(', '),
    kind: a.kind === b.kind ? a.kind : 'other',
    searchable: a.searchable && b.searchable,
    aggregateOn: a.aggregateOn === b.aggregateOn ? a.aggregateOn : null,
  }
}

/** Finds the keyword sub-field of a field that is analyzed text everywhere; null for any other. */
export function exactFieldOf(fields: readonly Field[]): (name: string) => string | null {
  const exact = new Map(fields.filter(f => f.kind === 'text').map(f => [f.name, f.aggregateOn]))
  return name => exact.get(name) ?? null
}

/** The field that orders events: `@timestamp`, else `timestamp`, else the first date there is. */
export function chooseTimeField(fields: readonly Field[]): string | null {
  const dates = fields.filter(f => f.kind === 'date')
  const named = ['@timestamp', 'timestamp'].find(name => dates.some(f => f.name === name))
  return named ?? dates[0]?.name ?? null
}

/** The field that the histogram is stacked by: the level, else a service. */
export function chooseBreakdown(fields: readonly Field[]): string | null {
  const names = [...LEVEL_FIELDS, ...SERVICE_FIELDS, 'event_type', 'model', ...STATUS_FIELDS]
  return names.find(name => fields.some(f => f.name === name && f.aggregateOn !== null)) ?? null
}

const SERVICE_FIELDS = [
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
const MESSAGE_FIELDS = [
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
  _service: { title: 'Service', fields: SERVICE_FIELDS },
  _subject: { title: 'Tool or model', fields: DETAIL_FIELDS },
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
  return column === SUMMARY ? 'Summary' : (MIXED[column]?.title ?? column)
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
