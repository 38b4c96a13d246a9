// The fields that a KQL text names. Works on tokens, so that text which cannot be read yet tells its fields too.

import type { Named, NamedValue } from '../query/named'
import { KqlError } from './error'
import { type Token, tokenize, WILDCARD } from './tokens'

const COMPARES = new Set([':', '>', '>=', '<', '<='])

/** In the order of the text; none for a text that is no KQL at all. */
export function namedKql(text: string): Named[] {
  const tokens = tokensOf(text)
  const named: Named[] = []
  /** The paths of the nested fields that are open. */
  const paths: string[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as Token
    if (token.kind === '}') paths.pop()
    const next = tokens[at + 1]?.kind
    if (token.kind !== 'word' || next === undefined || !COMPARES.has(next)) continue
    const field = [...paths.slice(-1), plain(token.text)].join('.')
    // `field:>5` is read as `field > 5`.
    const first = next === ':' && COMPARES.has(tokens[at + 2]?.kind ?? '') ? at + 3 : at + 2
    if (tokens[first]?.kind === '{') {
      paths.push(field)
      continue
    }
    named.push({ field, start: token.start, end: token.end, values: valuesFrom(tokens, first) })
  }
  return named
}

function tokensOf(text: string): Token[] {
  try {
    return tokenize(text)
  } catch (error) {
    if (error instanceof KqlError) return []
    throw error
  }
}

/** One value, or those in parentheses. Words that follow each other are one. */
function valuesFrom(tokens: Token[], first: number): NamedValue[] {
  const values: NamedValue[] = []
  let depth = 0
  let joins = false
  for (let at = first; at < tokens.length; at++) {
    const token = tokens[at] as Token
    if (token.kind === 'word') {
      if (depth === 0 && at > first && COMPARES.has(tokens[at + 1]?.kind ?? '')) return values
      const last = values.at(-1)
      const pattern = token.text.includes(WILDCARD)
      if (joins && last) {
        last.text += ` ${plain(token.text)}`
        last.end = token.end
        last.pattern ||= pattern
      } else values.push({ text: plain(token.text), start: token.start, end: token.end, pattern })
      joins = true
      continue
    }
    joins = false
    if (token.kind === '(') depth++
    else if (token.kind === ')') depth--
    else if (token.kind === 'phrase')
      values.push({ text: token.text, start: token.start, end: token.end, pattern: false })
    else if (depth === 0) return values
    if (depth <= 0) return values
  }
  return values
}

const plain = (text: string) => text.replaceAll(WILDCARD, '*')
