// What people keep, as Kibana's saved objects: a type, an id, attributes, and links to other objects by name.

export interface Reference {
  name: string
  type: string
  id: string
}

export interface ObjectKey {
  type: string
  id: string
}

export interface SavedObject extends ObjectKey {
  attributes: Record<string, unknown>
  references: Reference[]
  /** Guards a write: a different version at the server is a conflict. */
  version: string
  /** ISO 8601. */
  updatedAt: string
}

/** What people call it. */
export function titleOf(object: Pick<SavedObject, 'attributes' | 'id'>): string {
  const { title, name } = object.attributes
  const text = typeof title === 'string' && title !== '' ? title : name
  return typeof text === 'string' && text !== '' ? text : object.id
}

/** A name for a pattern of indices, with the field that holds their time. */
export interface DataViewInfo {
  id: string
  name: string
  /** The pattern of its indices. */
  title: string
  /** Null for data without time. */
  timeField: string | null
}

/** Why an object was not taken in. */
export interface ImportProblem {
  key: ObjectKey
  title: string
  /** conflict, missing_references, unsupported_type or unknown. */
  type: string
  missing: ObjectKey[]
  message: string
}

export interface ImportResult {
  success: boolean
  count: number
  taken: (ObjectKey & { title: string })[]
  problems: ImportProblem[]
}

/** What was understood of a printed dashboard. */
export interface ImportReport {
  dataView: { title: string; reason: string }
  panels: { title: string; type: string; missingFields: string[]; notes: string[] }[]
}
