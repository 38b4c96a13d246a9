import { texts } from '../../../texts/formula'
import { FormulaError } from './error'

export interface Token {
  kind: 'number' | 'name' | 'text' | '+' | '-' | '*' | '/' | '(' | ')' | ',' | '=' | 'end'
  text: string
  start: number
  /** Exclusive. */
  end: number
}

const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+/y
/** Field names hold dots, and signs in front; a minus inside one must be in quotation marks. */
const NAME = /[\p{L}_@][\p{L}\p{N}_.@]*/uy
const SIGNS = '+-*/(),='

/** Longer than any person writes; keeps a hostile saved object from costing time. */
const MAX_CHARS = 10_000

export function tokenize(text: string): Token[] {
  if (text.length > MAX_CHARS)
    throw new FormulaError(texts.aFormulaHasAtMost(MAX_CHARS), MAX_CHARS, text.length)
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const c = text.charAt(at)
    if (/\s/.test(c)) {
      at++
      continue
    }
    const token = read(text, at)
    tokens.push(token)
    at = token.end
  }
  return [...tokens, { kind: 'end', text: '', start: text.length, end: text.length }]
}

function read(text: string, at: number): Token {
  const c = text.charAt(at)
  if (SIGNS.includes(c)) return { kind: c as Token['kind'], text: c, start: at, end: at + 1 }
  if (c === "'" || c === '"') return quoted(text, at, c)
  for (const [kind, pattern] of [
    ['number', NUMBER],
    ['name', NAME],
  ] as const) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) return { kind, text: found[0], start: at, end: pattern.lastIndex }
  }
  const hint = '<>!'.includes(c) ? "put the condition into a filter: count(kql='field > 5')" : undefined
  throw new FormulaError(texts.hasNoMeaningHere(c), at, at + 1, hint)
}

/** A text in quotation marks; a backslash stands before a quotation mark of the same kind and before itself. */
function quoted(text: string, at: number, mark: string): Token {
  let content = ''
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charAt(i)
    const next = text.charAt(i + 1)
    if (c === '\\' && (next === mark || next === '\\')) {
      content += next
      i++
    } else if (c === mark) {
      return { kind: 'text', text: content, start: at, end: i + 1 }
    } else content += c
  }
  throw new FormulaError(texts.thisTextIsNeverClosed, at, text.length, texts.endItWithSign(mark), true)
}
