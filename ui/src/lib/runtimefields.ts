// Fields that a data view makes at search time: Kibana's `runtimeFieldMap`, as the searches of its indices take them.

/** By name: what Elasticsearch takes in `runtime_mappings`. */
export type RuntimeFields = Readonly<Record<string, RuntimeField>>

interface RuntimeField {
  type: string
  script?: unknown
  format?: string
}

/** Those that the server makes; a composite of several is none of them. */
const TYPES: ReadonlySet<unknown> = new Set([
  'boolean',
  'date',
  'double',
  'geo_point',
  'ip',
  'keyword',
  'long',
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads the text that a data view keeps; what cannot be read is no field. */
export function readRuntimeFields(text: unknown): { fields: RuntimeFields; leftOut: string[] } {
  const fields: Record<string, RuntimeField> = {}
  const leftOut: string[] = []
  for (const [name, field] of Object.entries(parsed(text))) {
    if (!isObject(field) || !TYPES.has(field.type)) {
      leftOut.push(name)
      continue
    }
    const { type, script, format } = field
    fields[name] = {
      type: String(type),
      ...(script !== undefined && { script }),
      ...(typeof format === 'string' && { format }),
    }
  }
  return { fields, leftOut }
}

function parsed(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string' || text === '') return {}
  try {
    const read: unknown = JSON.parse(text)
    return isObject(read) ? read : {}
  } catch {
    return {}
  }
}

/** A search that has the fields, and asks for their values where it asks for documents. */
export function withRuntimeFields<T extends { size?: number }>(request: T, fields: RuntimeFields): T {
  const names = Object.keys(fields)
  if (names.length === 0) return request
  return { ...request, runtime_mappings: fields, ...(request.size !== 0 && { fields: names }) }
}

/** A document with the values that were made for it, as if it had them. */
export function madeFields(
  source: Record<string, unknown>,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const made = Object.entries(values).map(([name, list]) => [
    name,
    Array.isArray(list) && list.length === 1 ? list[0] : list,
  ])
  return made.length === 0 ? source : { ...source, ...Object.fromEntries(made) }
}
