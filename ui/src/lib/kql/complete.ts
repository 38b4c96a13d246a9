// What could be written at the cursor of a KQL text. Works on unfinished text,
// so it reads tokens backwards instead of parsing.

import type { Completion } from '../completion'
import { KqlError } from './error'
import { type Token, tokenize, WILDCARD } from './tokens'

export function completeKql(text: string, cursor: number): Completion | null {
  const tokens = tokensBefore(text.slice(0, cursor))
  if (!tokens) return null
  const last = tokens[tokens.length - 1]
  const touching = last !== undefined && last.end === cursor && last.kind === 'word'
  const prefix = touching ? last.text.replaceAll(WILDCARD, '*') : ''
  const range = touching ? { start: last.start, end: wordEnd(text, cursor) } : { start: cursor, end: cursor }
  const before = touching ? tokens.slice(0, -1) : tokens
  const field = fieldInForce(before)
  if (field !== null) return { kind: 'value', prefix, ...range, field }
  const previous = before[before.length - 1]
  if (previous === undefined || ['and', 'or', 'not', '(', '{'].includes(previous.kind)) {
    return { kind: 'field', prefix, ...range }
  }
  if (touching) return null
  if (previous.kind === 'word' && !followsOperator(before)) {
    return { kind: 'operator', prefix, ...range, field: previous.text }
  }
  return { kind: 'conjunction', prefix, ...range }
}

/** Null inside an unfinished phrase, where nothing is suggested. */
function tokensBefore(text: string): Token[] | null {
  try {
    return tokenize(text).slice(0, -1)
  } catch (error) {
    if (error instanceof KqlError) return null
    throw error
  }
}

function wordEnd(text: string, cursor: number): number {
  const rest = /^[^\s:(){}<>"]*/.exec(text.slice(cursor))
  return cursor + (rest?.[0].length ?? 0)
}

const OPERATORS = [':', '>', '>=', '<', '<=']

/** The field whose value the cursor stands at: after `field:` or inside `field:(a or …`. */
function fieldInForce(tokens: Token[]): string | null {
  let at = tokens.length - 1
  while (at >= 0 && OPERATORS.includes((tokens[at] as Token).kind)) at--
  if (at < tokens.length - 1) return wordAt(tokens, at)
  if (!['(', 'or', 'and', 'not'].includes(tokens[at]?.kind ?? '')) return null
  let open = 0
  for (; at > 0; at--) {
    const kind = (tokens[at] as Token).kind
    if (kind === ')') open++
    if (kind === '(' && open-- === 0) return tokens[at - 1]?.kind === ':' ? wordAt(tokens, at - 2) : null
  }
  return null
}

function wordAt(tokens: Token[], at: number): string | null {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text : null
}

function followsOperator(tokens: Token[]): boolean {
  return (
    OPERATORS.includes(tokens[tokens.length - 2]?.kind ?? '') || fieldInForce(tokens.slice(0, -1)) !== null
  )
}
