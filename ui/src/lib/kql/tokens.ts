// The tokens of KQL, each with its place in the text.

import { texts } from '../../texts/queries'
import { KqlError } from './error'

export type Token =
  | { kind: 'word'; text: string; wildcard: boolean; start: number; end: number }
  | { kind: 'phrase'; text: string; start: number; end: number }
  | { kind: 'and' | 'or' | 'not'; start: number; end: number }
  | { kind: ':' | '(' | ')' | '{' | '}' | '>' | '>=' | '<' | '<='; start: number; end: number }
  | { kind: 'end'; start: number; end: number }

/** Stands for an unescaped `*` inside the text of a word, so that `\*` stays a plain star. */
export const WILDCARD = '\uE000'

const SPECIAL = new Set([':', '(', ')', '{', '}', '<', '>', '"'])
const ESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r' }

/** Splits KQL text; throws {@link KqlError} at an unfinished phrase or escape. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const c = text.charAt(at)
    if (/\s/.test(c)) {
      at++
    } else if (c === '"') {
      const token = readPhrase(text, at)
      tokens.push(token)
      at = token.end
    } else if ((c === '<' || c === '>') && text[at + 1] === '=') {
      tokens.push({ kind: c === '<' ? '<=' : '>=', start: at, end: at + 2 })
      at += 2
    } else if (SPECIAL.has(c)) {
      tokens.push({ kind: c as ':', start: at, end: at + 1 })
      at++
    } else {
      const token = readWord(text, at)
      tokens.push(token)
      at = token.end
    }
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length })
  return tokens
}

function readPhrase(text: string, start: number): Token {
  let out = ''
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charAt(at)
    if (c === '"') return { kind: 'phrase', text: out, start, end: at + 1 }
    if (c !== '\\') {
      out += c
      continue
    }
    const escaped = readEscape(text, at)
    out += escaped.text
    at = escaped.end - 1
  }
  throw new KqlError(texts.thisQuotationMarkIsNever, start, text.length, texts.addAtTheEnd, true)
}

function readWord(text: string, start: number): Token {
  let out = ''
  let at = start
  let escapes = false
  while (at < text.length) {
    const c = text.charAt(at)
    if (/\s/.test(c) || SPECIAL.has(c)) break
    if (c === '\\') {
      const escaped = readEscape(text, at)
      out += escaped.text
      at = escaped.end
      escapes = true
      continue
    }
    out += c === '*' ? WILDCARD : c
    at++
  }
  const keyword = escapes ? '' : out.toLowerCase()
  if (keyword === 'and' || keyword === 'or' || keyword === 'not') return { kind: keyword, start, end: at }
  return { kind: 'word', text: out, wildcard: out.includes(WILDCARD), start, end: at }
}

/** Reads `\x`, `\uHHHH` and the escaped keywords `\and`, `\or`, `\not`, which stay words. */
function readEscape(text: string, at: number): { text: string; end: number } {
  const next = text[at + 1]
  if (next === undefined) {
    throw new KqlError(texts.nothingFollowsThisBackslash, at, at + 1, texts.writeForABackslash, true)
  }
  if (next === 'u') {
    const hex = text.slice(at + 2, at + 6)
    if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      return { text: String.fromCharCode(Number.parseInt(hex, 16)), end: at + 6 }
    }
  }
  return { text: ESCAPES[next] ?? next, end: at + 2 }
}
