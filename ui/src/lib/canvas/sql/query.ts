// A query in SQL, as far as it can be a search: one index, conditions, groups and aggregates.

export type SqlValue = string | number | boolean

/** The width of a date's or a number's bucket. */
export type Step = { kind: 'calendar' | 'fixed'; interval: string } | { kind: 'number'; interval: number }

export type Key = { kind: 'column'; name: string } | { kind: 'histogram'; name: string; step: Step }

export type Aggregate =
  | { kind: 'count'; name: string | null; where: Condition | null }
  | { kind: 'distinct' | 'sum' | 'avg' | 'min' | 'max'; name: string; where: Condition | null }
  | { kind: 'percentile'; name: string; percent: number }

export type Scalar =
  | { kind: 'number'; value: number }
  | { kind: 'key'; key: Key }
  | { kind: 'aggregate'; aggregate: Aggregate }
  | { kind: 'operator'; operator: '+' | '-' | '*' | '/' | '%'; left: Scalar; right: Scalar }
  | { kind: 'round'; of: Scalar; digits: number }

export type Condition =
  | { kind: 'and' | 'or'; parts: Condition[] }
  | { kind: 'not'; of: Condition }
  | { kind: 'compare'; name: string; operator: '=' | '!=' | '<' | '<=' | '>' | '>='; value: SqlValue }
  | { kind: 'in'; name: string; values: SqlValue[] }
  | { kind: 'like'; name: string; pattern: string }
  | { kind: 'exists'; name: string }
  | { kind: 'match'; name: string; text: string }
  | { kind: 'query'; text: string }

export interface Selected {
  name: string
  of: Scalar
}

export interface SqlQuery {
  index: string
  /** Null is every column. */
  columns: Selected[] | null
  where: Condition | null
  groups: Key[]
  order: { by: Scalar | string; down: boolean }[]
  limit: number | null
}
