// KQL text to a tree, by recursive descent. The grammar is Kibana's:
//
//   or         = and { "or" and }
//   and        = not { "and" not }
//   not        = [ "not" ] primary
//   primary    = "(" or ")" | field ":" "{" or "}" | field ":" values | field range value | value
//   values     = value | "(" values with and, or, not ")"
//   range      = ">" | ">=" | "<" | "<="
//
// with one addition: `field:>value`, which is Lucene, is read as `field > value`.

import { texts } from '../../texts/queries'
import { KqlError } from './error'
import { type Token, tokenize, WILDCARD } from './tokens'

export type Value =
  | { kind: 'literal'; text: string }
  | { kind: 'phrase'; text: string }
  /** `parts` are the texts between the stars. */
  | { kind: 'wildcard'; parts: string[] }

export type RangeOperator = 'gt' | 'gte' | 'lt' | 'lte'

export type Node =
  | { kind: 'and' | 'or'; children: Node[] }
  | { kind: 'not'; child: Node }
  | { kind: 'is'; field: Value | null; value: Value }
  | { kind: 'range'; field: Value; operator: RangeOperator; value: Value }
  | { kind: 'nested'; path: string; child: Node }
  | { kind: 'all' }

/** Deeper nesting than any person writes; keeps a hostile link from exhausting the stack. */
const MAX_DEPTH = 100

const RANGES: Partial<Record<Token['kind'], RangeOperator>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
}

/** Parses KQL; throws {@link KqlError}. Empty text means everything. */
export function parseKql(text: string): Node {
  return new Parser(tokenize(text)).parse()
}

class Parser {
  private at = 0
  private depth = 0

  constructor(private readonly tokens: Token[]) {}

  parse(): Node {
    if (this.peek().kind === 'end') return { kind: 'all' }
    const node = this.or(this.primary)
    const rest = this.peek()
    if (rest.kind === ')' || rest.kind === '}') {
      throw new KqlError(texts.signClosesNothing(rest.kind), rest.start, rest.end, texts.removeIt)
    }
    if (rest.kind !== 'end') {
      throw new KqlError(texts.expectedAndOrOrBefore, rest.start, rest.end, texts.putAndBetweenTheTwo)
    }
    return node
  }

  private peek(): Token {
    return this.tokens[this.at] as Token
  }

  private next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.at++
    return token
  }

  private or(leaf: () => Node): Node {
    return this.chain('or', () => this.chain('and', () => this.not(leaf)))
  }

  private chain(kind: 'and' | 'or', part: () => Node): Node {
    const children = [part()]
    while (this.peek().kind === kind) {
      this.next()
      children.push(part())
    }
    return children.length === 1 ? (children[0] as Node) : { kind, children }
  }

  private not(leaf: () => Node): Node {
    if (this.peek().kind !== 'not') return leaf.call(this)
    this.next()
    return this.deeper(() => ({ kind: 'not', child: this.not(leaf) }))
  }

  private deeper<T>(read: () => T): T {
    const token = this.peek()
    if (++this.depth > MAX_DEPTH) throw new KqlError(texts.nestedTooDeeply, token.start, token.end)
    const result = read()
    this.depth--
    return result
  }

  private group(open: Token, close: ')' | '}', leaf: () => Node): Node {
    const node = this.deeper(() => this.or(leaf))
    const token = this.next()
    if (token.kind === close) return node
    if (token.kind === 'end') {
      throw new KqlError(
        texts.signIsNeverClosed(open.kind),
        open.start,
        open.end,
        texts.addSignAtTheEnd(close),
        true,
      )
    }
    throw new KqlError(texts.expectedAndOrOrBeforeThis(close), token.start, token.end)
  }

  private primary(): Node {
    const token = this.next()
    if (token.kind === '(') return this.group(token, ')', this.primary)
    if (token.kind !== 'word' && token.kind !== 'phrase') throw unexpected(token)
    const value = this.value(token)
    const operator = this.peek()
    if (operator.kind === ':') {
      this.next()
      return this.afterColon(value, operator)
    }
    const range = RANGES[operator.kind]
    if (range) return this.range(value, range)
    return { kind: 'is', field: null, value }
  }

  private afterColon(field: Value, colon: Token): Node {
    const token = this.peek()
    const range = RANGES[token.kind]
    if (range) return this.range(field, range)
    if (token.kind === '{') {
      this.next()
      if (field.kind === 'wildcard') throw new KqlError(texts.aNestedFieldCannotHold, colon.start, colon.end)
      return { kind: 'nested', path: field.text, child: this.group(token, '}', this.primary) }
    }
    const leaf = (): Node => {
      const first = this.next()
      if (first.kind === '(') return this.group(first, ')', leaf)
      if (first.kind !== 'word' && first.kind !== 'phrase') throw missingValue(first)
      return { kind: 'is', field, value: this.value(first) }
    }
    return leaf()
  }

  private range(field: Value, operator: RangeOperator): Node {
    this.next()
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'phrase') throw missingValue(token)
    const value = this.value(token)
    if (value.kind === 'wildcard') {
      throw new KqlError(texts.aComparisonNeedsANumber, token.start, token.end)
    }
    return { kind: 'range', field, operator, value }
  }

  /** Words that follow each other are one literal: `message: connection lost` looks for both words. */
  private value(first: Token & { kind: 'word' | 'phrase' }): Value {
    if (first.kind === 'phrase') return { kind: 'phrase', text: first.text }
    let text = first.text
    let token = this.peek()
    while (token.kind === 'word' && !this.startsField()) {
      text += ` ${token.text}`
      this.next()
      token = this.peek()
    }
    if (text.includes(WILDCARD)) return { kind: 'wildcard', parts: text.split(WILDCARD) }
    return { kind: 'literal', text }
  }

  /** Whether the next word is the name of a field, so that `a:1 b:2` is reported where “and” is missing. */
  private startsField(): boolean {
    const kind = this.tokens[this.at + 1]?.kind
    return kind === ':' || (kind !== undefined && RANGES[kind] !== undefined)
  }
}

function unexpected(token: Token): KqlError {
  if (token.kind === 'end')
    return new KqlError(texts.theSearchEndsTooEarly, token.start, token.end, texts.writeAField, true)
  if (token.kind === ')' || token.kind === '}')
    return new KqlError(texts.nothingStandsBeforeThis(token.kind), token.start, token.end)
  const what = token.kind === 'word' || token.kind === 'phrase' ? token.text : token.kind
  return new KqlError(texts.cannotStandHere(what), token.start, token.end, texts.putItInQuotationMarks)
}

function missingValue(token: Token): KqlError {
  if (token.kind === 'end')
    return new KqlError(texts.aValueIsMissing, token.start, token.end, texts.writeAValue, true)
  return new KqlError(texts.aValueIsMissingBeforeThis, token.start, token.end, texts.writeAValue)
}
