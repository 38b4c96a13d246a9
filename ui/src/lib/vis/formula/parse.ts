// Formulas, by recursive descent, in the language of Kibana's Lens:
//
//   sum      = product { ("+" | "-") product }
//   product  = unary { ("*" | "/") unary }
//   unary    = [ "-" ] primary
//   primary  = number | "(" sum ")" | name "(" [ argument { "," argument } ] ")" | field
//   argument = sum | name "=" ( number | text )

import { texts } from '../../../texts/formula'
import type { Operator } from '../expr'
import { FormulaError } from './error'
import { type Token, tokenize } from './tokens'

interface Place {
  start: number
  end: number
}

export type NamedArgument = Place & { name: string; value: string | number }

export type Node = Place &
  (
    | { kind: 'number'; value: number }
    | { kind: 'field'; name: string }
    | { kind: 'operator'; operator: Operator; left: Node; right: Node }
    | { kind: 'call'; name: string; nameEnd: number; args: Node[]; named: NamedArgument[] }
  )

/** Deeper nesting than any person writes. */
const MAX_DEPTH = 60

/** Throws FormulaError. */
export function parseFormula(text: string): Node {
  return new Parser(tokenize(text)).parse()
}

class Parser {
  private at = 0
  private depth = 0

  constructor(private readonly tokens: Token[]) {}

  parse(): Node {
    if (this.peek().kind === 'end')
      throw new FormulaError(texts.aFormulaIsMissing, 0, 0, texts.forExampleCountOrAverage, true)
    const node = this.sum()
    const rest = this.peek()
    if (rest.kind === 'end') return node
    const hint = rest.kind === ')' ? texts.removeIt : texts.putAnOperatorBeforeIt
    throw new FormulaError(
      rest.kind === ')' ? texts.thisClosesNothing : texts.expectedAnOperator,
      rest.start,
      rest.end,
      hint,
    )
  }

  private peek(ahead = 0): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token
  }

  private next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.at++
    return token
  }

  private sum(): Node {
    return this.chain(['+', '-'], () => this.chain(['*', '/'], () => this.unary()))
  }

  private chain(operators: Operator[], part: () => Node): Node {
    let left = part()
    while (operators.some(o => o === this.peek().kind)) {
      const operator = this.next().kind as Operator
      const right = part()
      left = { kind: 'operator', operator, left, right, start: left.start, end: right.end }
    }
    return left
  }

  private unary(): Node {
    if (this.peek().kind !== '-') return this.primary()
    const sign = this.next()
    const zero: Node = { kind: 'number', value: 0, start: sign.start, end: sign.end }
    const right = this.nested(() => this.unary())
    return { kind: 'operator', operator: '-', left: zero, right, start: sign.start, end: right.end }
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH)
      throw new FormulaError(texts.tooDeeplyNested, this.peek().start, this.peek().end)
    const result = read()
    this.depth--
    return result
  }

  private primary(): Node {
    const token = this.next()
    const { start, end } = token
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text), start, end }
    if (token.kind === 'text') return { kind: 'field', name: token.text, start, end }
    if (token.kind === 'name' && this.peek().kind === '(') return this.call(token)
    if (token.kind === 'name') return { kind: 'field', name: token.text, start, end }
    if (token.kind === '(') {
      const inner = this.nested(() => this.sum())
      this.close(token)
      return inner
    }
    if (token.kind === 'end')
      throw new FormulaError(texts.theFormulaEndsTooEarly, start, end, undefined, true)
    throw new FormulaError(texts.expectedANumberOrAFunction, start, end)
  }

  private call(name: Token): Node {
    const opening = this.next()
    const args: Node[] = []
    const named: NamedArgument[] = []
    while (this.peek().kind !== ')' && this.peek().kind !== 'end') {
      if (this.peek().kind === 'name' && this.peek(1).kind === '=') named.push(this.named())
      else args.push(this.nested(() => this.sum()))
      if (this.peek().kind !== ',') break
      this.next()
    }
    const end = this.close(opening)
    return { kind: 'call', name: name.text, nameEnd: name.end, args, named, start: name.start, end }
  }

  private named(): NamedArgument {
    const name = this.next()
    this.next()
    const value = this.next()
    if (value.kind !== 'text' && value.kind !== 'number') {
      const hint = `for example ${name.text}='…' or ${name.text}=5`
      throw new FormulaError(texts.expectedANumber, value.start, value.end, hint, value.kind === 'end')
    }
    const read = value.kind === 'number' ? Number(value.text) : value.text
    return { name: name.text, value: read, start: value.start, end: value.end }
  }

  private close(opening: Token): number {
    const token = this.next()
    if (token.kind === ')') return token.end
    if (token.kind === 'end')
      throw new FormulaError(texts.thisIsNeverClosed, opening.start, opening.end, texts.endItWith, true)
    throw new FormulaError(texts.expectedCommaOrParenthesis, token.start, token.end)
  }
}
