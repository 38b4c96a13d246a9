// The tokens of a console text: request lines, and below each JSON with comments and """texts""".

export type TokenKind =
  | 'method'
  | 'path'
  | 'comment'
  | 'key'
  | 'text'
  | 'number'
  | 'word'
  | 'punctuation'
  /** What cannot stand anywhere, such as a text whose line ends before its quotation mark. */
  | 'wrong'

export interface Token {
  kind: TokenKind
  start: number
  end: number
}

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'] as const

const REQUEST_LINE = /(GET|POST|PUT|DELETE|HEAD|PATCH|OPTIONS)(?=[ \t]|$)[ \t]*/imy
/** Not at the left edge a body may hold such a word; there it begins a request even where a brace is missing above. */
const PATH_START = /[/_.*a-z0-9{<]/i
const PUNCTUATION = new Set('{}[]:,')
const WORDS = new Set(['true', 'false', 'null'])
const COMMENT = /(?:#|\/\/)[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y
const TEXT = /"""[\s\S]*?(?:"""|$)|"(?:[^"\\\n]|\\[^\n])*"/y
const BROKEN_TEXT = /"(?:[^"\\\n]|\\[^\n])*\\?/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y
const WORD = /[\w$.@+-]+/y

/** Splits a console text. Never fails: what makes no sense is a token of kind `wrong`. */
export function tokenizeConsole(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let depth = 0
  /** Nothing but white space stands before `at` on its line. */
  let fresh = true
  while (at < text.length) {
    const c = text.charAt(at)
    if (c === ' ' || c === '\n' || c === '\t' || c === '\r') {
      fresh ||= c === '\n'
      at++
      continue
    }
    if (fresh && (depth === 0 || at === 0 || text.charAt(at - 1) === '\n')) {
      const line = match(REQUEST_LINE, text, at)
      if (line !== null && (depth === 0 || PATH_START.test(text.charAt(at + line.length)))) {
        const method = line.trimEnd().length
        tokens.push({ kind: 'method', start: at, end: at + method })
        at += line.length
        const path = pathAt(text, at)
        if (path > 0) tokens.push({ kind: 'path', start: at, end: at + path })
        at += path
        depth = 0
        fresh = false
        continue
      }
    }
    fresh = false
    const token = tokenAt(text, at, c)
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth = Math.max(0, depth - 1)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

/** A token of a body. `c` is its first character. */
function tokenAt(text: string, at: number, c: string): Token {
  if (PUNCTUATION.has(c)) return { kind: 'punctuation', start: at, end: at + 1 }
  if (c === '"') {
    const quoted = match(TEXT, text, at)
    if (quoted === null)
      return { kind: 'wrong', start: at, end: at + (match(BROKEN_TEXT, text, at) as string).length }
    const end = at + quoted.length
    return { kind: isKey(text, end) ? 'key' : 'text', start: at, end }
  }
  const comment = c === '#' || c === '/' ? match(COMMENT, text, at) : null
  if (comment !== null) return { kind: 'comment', start: at, end: at + comment.length }
  const number = match(NUMBER, text, at)
  if (number !== null) return { kind: 'number', start: at, end: at + number.length }
  const word = match(WORD, text, at)
  if (word === null) return { kind: 'wrong', start: at, end: at + 1 }
  return { kind: WORDS.has(word) ? 'word' : 'wrong', start: at, end: at + word.length }
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/** The length of a path: the rest of the line without a comment behind white space. */
function pathAt(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  const line = text.slice(at, end < 0 ? text.length : end)
  const comment = /\s(?:#|\/\/)|^(?:#|\/\/)/.exec(line)
  return (comment ? line.slice(0, comment.index) : line).trimEnd().length
}

function isKey(text: string, end: number): boolean {
  let at = end
  while (at < text.length && ' \t\n\r'.includes(text.charAt(at))) at++
  return text.charAt(at) === ':'
}

/** The text that a token of kind text or key stands for, as JSON: """texts""" may hold line breaks and quotation marks. */
export function jsonText(token: string): string {
  if (!token.startsWith('"""')) return token
  return JSON.stringify(token.slice(3, token.length >= 6 && token.endsWith('"""') ? -3 : undefined))
}
