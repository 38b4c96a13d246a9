// The expressions of Canvas: functions with arguments, each handing its result to the next.
// `filters | esdocs index="logs-*" | math "mean(ms)" | metric "Mean" metricFont={font size=48} | render`

import { texts } from '../../texts/canvas'
import { CanvasError } from './error'

export type Literal = string | number | boolean | null

export interface Argument {
  /** Null for one without a name. */
  name: string | null
  value: Literal | Expression
}

export interface Call {
  name: string
  args: Argument[]
  /** Where the name stands in the text. */
  at: number
}

/** Calls in the order in which they run. */
export interface Expression {
  calls: Call[]
}

export const isExpression = (value: Literal | Expression): value is Expression =>
  typeof value === 'object' && value !== null

/** Images stand in expressions as texts, so they are long. */
const MAX_CHARS = 4_000_000
const MAX_DEPTH = 24
const MAX_CALLS = 500

const BLANK = /[ \t\r\n\u00a0]/
/** What ends a word without quotes. */
const ENDS_WORD = /["'(){}<>[\]$`|= \t\r\n\u00a0]/

/** Throws CanvasError, which names the place. */
export function parseExpression(text: string): Expression {
  if (text.length > MAX_CHARS) throw new CanvasError(texts.theExpressionIsLongerThanCharacters(MAX_CHARS))
  return new Parser(text).whole()
}

class Parser {
  private at = 0
  private calls = 0

  constructor(private readonly text: string) {}

  whole(): Expression {
    const expression = this.chain(0)
    if (this.at < this.text.length) this.fail(texts.isNotExpected(this.here()))
    return expression
  }

  private chain(depth: number): Expression {
    if (depth > MAX_DEPTH) this.fail(texts.moreThanExpressionsInsideEachOther(MAX_DEPTH))
    const calls: Call[] = []
    this.skip()
    if (this.ended()) return { calls }
    do {
      this.skip()
      calls.push(this.call(depth))
      this.skip()
    } while (this.take('|'))
    return { calls }
  }

  private call(depth: number): Call {
    if (++this.calls > MAX_CALLS) this.fail(texts.moreThanFunctions(MAX_CALLS))
    const at = this.at
    const name = this.word()
    if (!/^[A-Za-z_][\w.-]*$/.test(name)) {
      this.at = at
      this.fail(name === '' ? texts.aFunctionIsExpected : texts.isNoName(cut(name)))
    }
    const args: Argument[] = []
    for (;;) {
      const before = this.at
      this.skip()
      if (this.ended() || this.peek() === '|') return { name, args, at }
      if (before === this.at) this.fail(texts.aBlankIsExpectedBefore(this.here()))
      args.push(this.argument(depth))
    }
  }

  private argument(depth: number): Argument {
    const start = this.at
    if (/[A-Za-z_]/.test(this.peek())) {
      const name = this.word()
      this.skip()
      if (this.take('=')) {
        this.skip()
        return { name, value: this.value(depth) }
      }
      this.at = start
    }
    return { name: null, value: this.value(depth) }
  }

  private value(depth: number): Literal | Expression {
    // Canvas once wrote expressions that are not run at once with a dollar sign.
    if (this.peek() === '$' && this.text[this.at + 1] === '{') this.at++
    if (this.take('{')) {
      const inner = this.chain(depth + 1)
      if (!this.take('}')) this.fail(texts.aBraceIsNotClosed)
      return inner
    }
    const quote = this.peek()
    if (quote === '"' || quote === "'") return this.quoted(quote)
    const word = this.word()
    if (word === '') this.fail(this.ended() ? texts.aValueIsMissing : texts.isNotExpected(this.here()))
    return literalOf(word)
  }

  /** Only the quote and the backslash are escaped; any other backslash stands for itself. */
  private quoted(quote: string): string {
    const start = this.at++
    let out = ''
    while (this.at < this.text.length) {
      const c = this.text[this.at++] as string
      if (c === quote) return out
      const next = this.text[this.at]
      if (c === '\\' && (next === quote || next === '\\')) {
        out += next
        this.at++
      } else out += c
    }
    this.at = start
    return this.fail(texts.aQuoteIsNotClosed)
  }

  private word(): string {
    let out = ''
    while (this.at < this.text.length) {
      const c = this.text[this.at] as string
      const next = this.text[this.at + 1]
      if (c === '\\' && next !== undefined && ENDS_WORD.test(next)) {
        out += next
        this.at += 2
      } else if (ENDS_WORD.test(c)) break
      else {
        out += c
        this.at++
      }
    }
    return out
  }

  private skip() {
    for (;;) {
      if (BLANK.test(this.peek())) this.at++
      else if (this.text.startsWith('/*', this.at)) {
        const end = this.text.indexOf('*/', this.at + 2)
        if (end < 0) this.fail(texts.aCommentIsNotClosed)
        this.at = end + 2
      } else return
    }
  }

  private take(c: string): boolean {
    if (this.peek() !== c) return false
    this.at++
    return true
  }

  private peek = (): string => this.text[this.at] ?? ''
  private here = (): string => cut(this.text.slice(this.at, this.at + 20))
  private ended = (): boolean => this.at >= this.text.length || this.peek() === '}'

  private fail(what: string): never {
    throw new CanvasError(texts.theExpressionCannotBeRead(what, placeOf(this.text, this.at)), this.at)
  }
}

const cut = (text: string) => (text.length > 20 ? `${text.slice(0, 20)}…` : text)

/** "line 2, column 14" */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split('\n')
  return texts.lineColumn(before.length, (before.at(-1) ?? '').length + 1)
}

function literalOf(word: string): Literal {
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : word
}

/** The text of an expression, which reads back as the same. */
export const printExpression = ({ calls }: Expression, between = '\n| '): string =>
  calls.map(printCall).join(between)

const printCall = ({ name, args }: Call): string => [name, ...args.map(printArgument)].join(' ')

const printArgument = ({ name, value }: Argument): string =>
  (name === null ? '' : `${name}=`) + printValue(value)

function printValue(value: Literal | Expression): string {
  if (typeof value === 'string') return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
  return isExpression(value) ? `{${printExpression(value, ' | ')}}` : String(value)
}

export const call = (name: string, args: Record<string, Literal | Expression> = {}): Call => ({
  name,
  args: Object.entries(args).map(([key, value]) => ({ name: key, value })),
  at: 0,
})
