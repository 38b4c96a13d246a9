// Documents as they come: nested JSON, or dotted names, or both.

import { LEVEL_FIELDS, type Level, levelOf } from './levels'

const MAX_DEPTH = 20

/** The leaves of a document by dotted path. Arrays of plain values stay arrays; those of objects are merged by path. */
export function flatten(source: Record<string, unknown>): Map<string, unknown> {
  const out = new Map<string, unknown>()
  walk(source, '', out, 0)
  return out
}

function walk(object: Record<string, unknown>, prefix: string, out: Map<string, unknown>, depth: number) {
  for (const [key, value] of Object.entries(object)) {
    const path = prefix + key
    if (isObject(value) && depth < MAX_DEPTH) {
      walk(value, `${path}.`, out, depth + 1)
    } else if (Array.isArray(value) && value.some(isObject) && depth < MAX_DEPTH) {
      for (const item of value) {
        if (isObject(item)) walk(item, `${path}.`, out, depth + 1)
        else add(out, path, item)
      }
    } else {
      add(out, path, value)
    }
  }
}

function add(out: Map<string, unknown>, path: string, value: unknown) {
  const before = out.get(path)
  if (before === undefined) out.set(path, value)
  else
    out.set(path, [
      ...(Array.isArray(before) ? before : [before]),
      ...(Array.isArray(value) ? value : [value]),
    ])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The level of an event, wherever it is kept. */
export function levelOfEvent(flat: ReadonlyMap<string, unknown>): Level | null {
  for (const name of LEVEL_FIELDS) {
    const level = levelOf(flat.get(name))
    if (level) return level
  }
  return null
}

/** A value as one line of text; empty for what is missing. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return value === null ? 'null' : ''
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** How many events of a sample have each field. */
export function countPresent(events: Iterable<ReadonlyMap<string, unknown>>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const event of events) {
    for (const [name, value] of event) {
      if (value !== null && value !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return counts
}
