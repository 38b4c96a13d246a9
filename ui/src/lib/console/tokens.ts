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
const SPACE = /\s+/y
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
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0] ?? null
  }
  const push = (kind: TokenKind, length: number) => {
    tokens.push({ kind, start: at, end: at + length })
    at += length
  }
  while (at < text.length) {
    const space = match(SPACE)
    if (space !== null) {
      at += space.length
      continue
    }
    const lineStart = text.lastIndexOf('\n', at - 1) + 1
    if (text.slice(lineStart, at).trim() === '' && (depth === 0 || lineStart === at)) {
      const line = match(REQUEST_LINE)
      if (line !== null && (depth === 0 || PATH_START.test(text.charAt(at + line.length)))) {
        push('method', line.trimEnd().length)
        at += line.length - line.trimEnd().length
        const path = pathAt(text, at)
        if (path > 0) push('path', path)
        depth = 0
        continue
      }
    }
    const comment = match(COMMENT)
    if (comment !== null) {
      push('comment', comment.length)
      continue
    }
    const c = text.charAt(at)
    if (c === '"') {
      const quoted = match(TEXT)
      if (quoted === null) push('wrong', (match(BROKEN_TEXT) as string).length)
      else push(isKey(text, at + quoted.length) ? 'key' : 'text', quoted.length)
      continue
    }
    if ('{}[]:,'.includes(c)) {
      if (c === '{' || c === '[') depth++
      if (c === '}' || c === ']') depth = Math.max(0, depth - 1)
      push('punctuation', 1)
      continue
    }
    const number = match(NUMBER)
    const word = number === null ? match(WORD) : null
    if (number !== null) push('number', number.length)
    else if (word !== null) push(/^(true|false|null)$/.test(word) ? 'word' : 'wrong', word.length)
    else push('wrong', 1)
  }
  return tokens
}

/** The length of a path: the rest of the line without a comment behind white space. */
function pathAt(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  const line = text.slice(at, end < 0 ? text.length : end)
  const comment = /\s(?:#|\/\/)|^(?:#|\/\/)/.exec(line)
  return (comment ? line.slice(0, comment.index) : line).trimEnd().length
}

function isKey(text: string, end: number): boolean {
  SPACE.lastIndex = end
  const space = SPACE.exec(text)?.[0].length ?? 0
  return text.charAt(end + space) === ':'
}

/** The text that a token of kind text or key stands for, as JSON: """texts""" may hold line breaks and quotation marks. */
export function jsonText(token: string): string {
  if (!token.startsWith('"""')) return token
  return JSON.stringify(token.slice(3, token.length >= 6 && token.endsWith('"""') ? -3 : undefined))
}
