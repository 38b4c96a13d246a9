// What could be written at the cursor of a formula.

import type { Field } from '../../fields'
import { FUNCTIONS, MATH } from './functions'
import { quoteField } from './quote'

export interface FormulaCompletion {
  insert: string
  label: string
  note: string
  start: number
  end: number
}

const MAX_SHOWN = 8

/** Functions, and inside a function the fields. None in a text in quotation marks, which has a language of its own. */
export function completeFormula(text: string, cursor: number, fields: readonly Field[]): FormulaCompletion[] {
  const before = text.slice(0, cursor)
  if ((before.match(/(?<!\\)'/g)?.length ?? 0) % 2 === 1) return []
  const word = /[\p{L}_@][\p{L}\p{N}_.@]*$/u.exec(before)?.[0] ?? ''
  const [start, end] = [cursor - word.length, cursor]
  const typed = word.toLowerCase()
  const around = /([a-z_]+)\(\s*$/.exec(before.slice(0, start))?.[1] ?? ''
  if (Object.hasOwn(FUNCTIONS, around)) {
    return fields
      .filter(f => f.aggregateOn !== null && f.name.toLowerCase().includes(typed) && fits(around, f))
      .slice(0, MAX_SHOWN)
      .map(f => ({ insert: quoteField(f.aggregateOn ?? f.name), label: f.name, note: f.type, start, end }))
  }
  if (word === '') return []
  return Object.entries({ ...FUNCTIONS, ...MATH })
    .filter(([name]) => name.startsWith(typed) && name !== word)
    .slice(0, MAX_SHOWN)
    .map(([name, { help }]) => ({ insert: `${name}(`, label: name, note: help, start, end }))
}

const ANY = new Set(['count', 'unique_count', 'cardinality', 'last_value'])

const fits = (name: string, field: Field): boolean => ANY.has(name) || field.kind === 'number'
