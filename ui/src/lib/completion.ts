/** What could be written at the cursor of a search, in either language. */
export interface Completion {
  kind: 'field' | 'operator' | 'value' | 'conjunction'
  /** What is already typed of the word at the cursor. */
  prefix: string
  /** The part of the text that a chosen suggestion replaces. */
  start: number
  end: number
  /** For values and operators: the field they belong to. */
  field?: string
}
