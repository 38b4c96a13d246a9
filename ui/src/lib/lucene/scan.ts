// The text of a Lucene query and the place in it: what both the clauses and their parts are read with.

import { texts } from '../../texts/queries'
import { LuceneError } from './error'

/** Ends a word. Signs that only begin something (+ - !) may stand inside one. */
const ENDS_TERM = '(){}[]^"~:'

const isSpace = (c: string) => c === ' ' || c === '\t' || c === '\n' || c === '\r' || c === '\u3000'

export class Scanner {
  at = 0

  constructor(readonly text: string) {}

  /** The next UTF-16 unit; empty at the end. */
  get next(): string {
    return this.text.charAt(this.at)
  }

  get ended(): boolean {
    return this.at >= this.text.length
  }

  spaceAt(at: number): boolean {
    return isSpace(this.text.charAt(at))
  }

  space() {
    while (this.spaceAt(this.at)) this.at++
  }

  /** Consumes `part` if it stands next. */
  has(part: string): boolean {
    if (!this.text.startsWith(part, this.at)) return false
    this.at += part.length
    return true
  }

  /** Consumes `part` if it stands next, behind white space or not. */
  hasBehind(part: string): boolean {
    const start = this.at
    this.space()
    if (this.has(part)) return true
    this.at = start
    return false
  }

  /** Consumes an operator when nothing that would make it part of a longer word follows. */
  operator(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    const after = this.text.charAt(this.at + word.length)
    if (after !== '' && !isSpace(after) && !`${ENDS_TERM}!`.includes(after)) return false
    this.at += word.length
    return true
  }

  /** Whether a sign that stands alone is next: it is a word. */
  get bareSign(): boolean {
    return this.next !== '' && '+-!'.includes(this.next) && this.spaceAt(this.at + 1)
  }

  /** An error at `at` about the text from `start` to `end`; by default about the character there. */
  fail(
    message: string,
    hint?: string,
    at = this.at,
    start = at,
    end = nextEnd(this.text, start),
  ): LuceneError {
    return new LuceneError(message, at, start, end, hint, at >= this.text.length)
  }

  /** Reads a word. In a pattern, backslashes stay before a literal star, question mark and backslash; not in a field's name. */
  term(asField: boolean): { text: string; pattern: boolean } {
    const start = this.at
    let plain = ''
    let escaped = ''
    let pattern = false
    while (!this.ended) {
      const c = this.next
      if (c === '\\') {
        const literal = this.escaped()
        plain += literal
        escaped += literal === '*' || literal === '?' || literal === '\\' ? `\\${literal}` : literal
        continue
      }
      if (isSpace(c) || ENDS_TERM.includes(c) || (this.at === start && '+-!'.includes(c))) break
      if (c === '*' || c === '?') pattern = true
      plain += c
      escaped += c
      this.at++
    }
    return { text: pattern && !asField ? escaped : plain, pattern }
  }

  /** Consumes a backslash and what it stands before: uXXXX, two of them that are one character, or one character. */
  escaped(): string {
    const backslash = this.at++
    if (this.ended) {
      throw new LuceneError(
        texts.nothingFollowsThisBackslash,
        this.at,
        backslash,
        this.at,
        texts.writeForABackslash,
        true,
      )
    }
    const hex = /^u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?/.exec(
      this.text.slice(this.at, this.at + 11),
    )
    if (hex) {
      const first = unit(hex[1] as string)
      const paired = first >= '\ud800' && first <= '\udbff' && hex[2] !== undefined
      this.at += paired ? 11 : 5
      if (paired) return first + unit(hex[2] as string)
      return first >= '\ud800' && first <= '\udfff' ? '\ufffd' : first
    }
    const end = nextEnd(this.text, this.at)
    const literal = this.text.slice(this.at, end)
    this.at = end
    return literal
  }

  /** Reads text in double quotes. */
  quoted(): string {
    const start = this.at++
    let out = ''
    while (!this.ended) {
      const c = this.next
      if (c === '\\') {
        out += this.escaped()
        continue
      }
      this.at++
      if (c === '"') return out
      out += c
    }
    throw new LuceneError(
      texts.thisQuotationMarkIsNever,
      start,
      start,
      this.text.length,
      texts.addAtTheEnd,
      true,
    )
  }

  /** Reads up to white space or one of `ends`; a backslash makes the character after it an ordinary one. */
  until(ends: string): string {
    let out = ''
    while (!this.ended && !isSpace(this.next) && !ends.includes(this.next)) {
      if (this.next === '\\' && this.at + 1 < this.text.length) this.at++
      out += this.next
      this.at++
    }
    return out
  }

  /** Consumes ~ and what stands behind it; null if there is none. */
  tilde(): { text: string; at: number } | null {
    if (!this.hasBehind('~')) return null
    const start = this.at
    while (!this.ended && !isSpace(this.next) && !`${ENDS_TERM}!/*?\\`.includes(this.next)) this.at++
    return { text: this.text.slice(start, this.at), at: start }
  }

  /** Consumes ^ and a number; 1 if there is none. */
  boost(): number {
    if (!this.hasBehind('^')) return 1
    this.space()
    const digits = /^\d+(?:\.\d+)?/.exec(this.text.slice(this.at))?.[0] ?? ''
    const value = numberOf(digits)
    if (value === null) throw this.fail(texts.aNumberMustFollow, texts.writeABoost)
    this.at += digits.length
    return value
  }
}

/** A text that is nothing but a number. */
export function numberOf(text: string): number | null {
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : null
}

const unit = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16))

/** Behind the character at `at`, whose halves are not parted. */
function nextEnd(text: string, at: number): number {
  return Math.min(text.length, at + String.fromCodePoint(text.codePointAt(at) ?? 0).length)
}
