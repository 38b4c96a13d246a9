// The values of a body: whether they are JSON, where one ends and the next begins, and their text in good order.

import { texts } from '../../texts/requests'
import type { Fault } from './parse'
import type { Token } from './tokens'

/** Deeper than any body; keeps pasted nonsense from exhausting the stack. */
const MAX_DEPTH = 200

/** Splits tokens (without comments) into values; the fault is the first place that is no JSON. */
export function checkValues(text: string, tokens: Token[]): { values: Token[][]; fault: Fault | null } {
  const reader = new Reader(text, tokens)
  const values: Token[][] = []
  while (!reader.ended && reader.fault === null) {
    const start = reader.at
    reader.value(0)
    values.push(tokens.slice(start, reader.at))
  }
  return { values, fault: reader.fault }
}

class Reader {
  at = 0
  fault: Fault | null = null

  constructor(
    private readonly text: string,
    private readonly tokens: Token[],
  ) {}

  get ended(): boolean {
    return this.at >= this.tokens.length
  }

  private part(token = this.tokens[this.at]): string {
    return token ? this.text.slice(token.start, token.end) : ''
  }

  /** Notes a fault at the next token, or at `open`, which nothing closes. */
  private wrong(message: string, open?: Token) {
    const last = this.tokens.at(-1) as Token
    const token = this.ended ? (open ?? { start: last.end, end: last.end }) : (this.tokens[this.at] as Token)
    this.fault ??= { message, start: token.start, end: token.end }
    this.at = this.tokens.length
  }

  value(depth: number) {
    const token = this.tokens[this.at]
    if (!token) return this.wrong(texts.aValueIsMissing)
    const part = this.part(token)
    if (depth > MAX_DEPTH) return this.wrong(texts.nestedTooDeeply)
    if (part === '{' || part === '[') {
      this.at++
      return this.list(token, part === '{', depth)
    }
    if (token.kind === 'punctuation') return this.wrong(texts.aValueMustStandBefore(part))
    if (token.kind === 'wrong') return this.wrong(brokenText(part))
    if (token.kind === 'text' && !isText(part)) return this.wrong(texts.thisTextHoldsAWrong)
    this.at++
  }

  private list(open: Token, object: boolean, depth: number) {
    const close = object ? '}' : ']'
    if (this.part() === close) {
      this.at++
      return
    }
    while (this.fault === null) {
      if (object) this.key(open)
      if (this.fault) return
      if (this.ended) return this.wrong(texts.signIsNeverClosed(object ? '{' : '['), open)
      this.value(depth + 1)
      if (this.fault) return
      const next = this.part()
      if (next !== ',' && next !== close) {
        return this.ended
          ? this.wrong(texts.signIsNeverClosed(object ? '{' : '['), open)
          : this.wrong(texts.expectedACommaOrBefore(close))
      }
      this.at++
      if (next === close) return
      if (this.part() === close) {
        this.at--
        return this.wrong(texts.aCommaBefore(close))
      }
    }
  }

  private key(open: Token) {
    const token = this.tokens[this.at]
    if (!token) return this.wrong(texts.thisIsNeverClosed, open)
    if (token.kind === 'wrong' && this.part().startsWith('"')) return this.wrong(brokenText(this.part()))
    if (token.kind !== 'key')
      return this.wrong(token.kind === 'text' ? texts.aColonIsMissingBehind : texts.aNameInQuotationMarks)
    this.at += 2 // a key is told by its colon
  }
}

const brokenText = (part: string) =>
  part.startsWith('"') ? texts.thisQuotationMarkIsNever : texts.textsStandInQuotationMarks

function isText(part: string): boolean {
  if (part.startsWith('"""')) return part.length >= 6 && part.endsWith('"""')
  try {
    JSON.parse(part)
    return true
  } catch {
    return false
  }
}

/**
 * JSON with each member on a line, comments kept where they are. Works on tokens, so numbers of any
 * size stay as they are; text that is no JSON comes out as it went in.
 */
export function layOut(text: string, tokens: Token[]): string {
  const parts: string[] = []
  let depth = 0
  let fresh = true // at the start of a line
  const line = () => {
    parts.push(`\n${'  '.repeat(depth)}`)
    fresh = true
  }
  for (const [i, token] of tokens.entries()) {
    const part = text.slice(token.start, token.end)
    const before = tokens[i - 1]
    const opens = before && isOpening(text, before)
    if (token.kind === 'comment') {
      const own = before === undefined || text.slice(before.end, token.start).includes('\n')
      if (own && !fresh) line()
      parts.push(own ? part : ` ${part}`)
      fresh = false
      continue
    }
    if (part === '}' || part === ']') {
      depth = Math.max(0, depth - 1)
      if (!opens) line()
      parts.push(part)
    } else if (part === ',' || part === ':') {
      parts.push(part === ':' ? ': ' : ',')
    } else {
      const value = before && text.charAt(before.start) === ':' && before.kind === 'punctuation'
      if (before && !value) line()
      parts.push(part)
      if (part === '{' || part === '[') depth++
    }
    fresh = false
  }
  return parts.join('')
}

function isOpening(text: string, token: Token): boolean {
  return token.kind === 'punctuation' && '{['.includes(text.charAt(token.start))
}
