// Documents as rows.

import type { Field } from '../fields'
import { isJson, type Json } from '../vis/json'
import { type Cell, type Datatable, typeOfCells } from './values'

const MAX_COLUMNS = 200

/** The value of a field in a document's source, whether its name is a path or a key with dots. */
function valueAt(source: Json, name: string): unknown {
  if (Object.hasOwn(source, name)) return source[name]
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const inner = Object.hasOwn(source, name.slice(0, dot)) ? source[name.slice(0, dot)] : undefined
    if (isJson(inner)) {
      const found = valueAt(inner, name.slice(dot + 1))
      if (found !== undefined) return found
    }
  }
  return undefined
}

function namesIn(source: Json, prefix: string, out: Set<string>) {
  for (const [key, value] of Object.entries(source)) {
    if (out.size >= MAX_COLUMNS) return
    if (isJson(value)) namesIn(value, `${prefix}${key}.`, out)
    else out.add(prefix + key)
  }
}

function cellOf(value: unknown, date: boolean): Cell {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(v => cellOf(v, false)).join(', ')
  if (date) {
    const at = typeof value === 'number' ? value : Date.parse(String(value))
    return Number.isFinite(at) ? at : String(value)
  }
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
    ? value
    : JSON.stringify(value)
}

/** Null takes all fields that the documents have. */
export function tableOfDocuments(
  sources: readonly Json[],
  names: readonly string[] | null,
  fields: readonly Field[],
): Datatable {
  const found = new Set<string>()
  if (names === null) for (const source of sources) namesIn(source, '', found)
  const wanted = names ?? [...found].sort()
  const dates = wanted.map(name => fields.find(f => f.name === name)?.kind === 'date')
  const rows = sources.map(source =>
    wanted.map((name, at) => cellOf(valueAt(source, name), dates[at] === true)),
  )
  const columns = wanted.map((name, at) => ({
    name,
    type: dates[at] ? ('date' as const) : typeOfCells(rows.map(row => row[at] ?? null)),
  }))
  return { type: 'datatable', columns, rows }
}
