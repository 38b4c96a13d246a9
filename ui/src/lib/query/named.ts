/** A field that a search names, where its name stands (UTF-16 offsets, end exclusive), and the values it is held against. */
export interface Named {
  field: string
  start: number
  end: number
  values: NamedValue[]
}

export interface NamedValue {
  text: string
  start: number
  end: number
  /** Holds a wildcard or is a regular expression, so it need not be a value itself. */
  pattern: boolean
}
