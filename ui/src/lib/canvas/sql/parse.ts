// Reads SQL as Elasticsearch has it. What a search of this program cannot answer is refused by name.

import { texts } from '../../../texts/canvas'
import { CanvasError } from '../error'
import type { Aggregate, Condition, Key, Scalar, Selected, SqlQuery, SqlValue, Step } from './query'
import { type Token, tokensOf } from './tokens'

const MAX_DEPTH = 40

/** What ends a list of columns or conditions, so that it is no alias. */
const CLAUSES = new Set([
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'AND',
  'OR',
  'ASC',
  'DESC',
  'NULLS',
])
const REFUSED = new Set(['JOIN', 'UNION', 'PIVOT', 'HAVING', 'DISTINCT', 'TOP'])
const AGGREGATES = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX', 'PERCENTILE'])

/** Throws CanvasError. */
export function parseSql(text: string): SqlQuery {
  return new Parser(tokensOf(text)).query()
}

class Parser {
  private at = 0

  constructor(private readonly tokens: readonly Token[]) {}

  query(): SqlQuery {
    this.expect('SELECT')
    const columns = this.takeSign('*') ? null : this.list(() => this.selected())
    this.expect('FROM')
    const index = this.index()
    const where = this.take('WHERE') ? this.condition(0) : null
    const groups = this.takeBy('GROUP') ? this.list(() => this.group(columns)) : []
    this.refuse()
    const order = this.takeBy('ORDER') ? this.list(() => this.ordered()) : []
    const limit = this.take('LIMIT') ? this.count() : null
    this.takeSign(';')
    if (this.peek().kind !== 'end') this.fail()
    return { index, columns, where, groups, order, limit }
  }

  private index(): string {
    const names = this.list(() => {
      const token = this.next()
      if (token.kind !== 'name' && token.kind !== 'word') this.fail(token)
      let name = token.text
      // A pattern without quotes: logs-*
      while (this.peek().kind === 'sign' && this.peek().text === '*') name += this.next().text
      return name
    })
    return names.join(',')
  }

  private selected(): Selected {
    this.refuse()
    const of = this.scalar(0)
    const alias = this.alias()
    return { name: alias ?? nameOf(of), of }
  }

  private alias(): string | null {
    if (this.take('AS')) return this.name()
    const { kind, text } = this.peek()
    return kind === 'name' || (kind === 'word' && !CLAUSES.has(text.toUpperCase())) ? this.name() : null
  }

  private group(columns: readonly Selected[] | null): Key {
    const number = this.peek().kind === 'number' ? this.count() : null
    const selected = number === null ? null : columns?.[number - 1]
    const of = selected?.of ?? this.aliased(columns) ?? this.scalar(0)
    if (of.kind !== 'key') throw new CanvasError(texts.sqlGroupsByColumns)
    return of.key
  }

  /** The column of the list that goes by the next word, such as `day` in `GROUP BY day`. */
  private aliased(columns: readonly Selected[] | null): Scalar | null {
    const { kind, text } = this.peek()
    const found = kind === 'name' || kind === 'word' ? columns?.find(c => c.name === text) : undefined
    if (!found || this.tokens[this.at + 1]?.text === '(') return null
    this.at++
    return found.of
  }

  private ordered(): SqlQuery['order'][number] {
    const number = this.peek().kind === 'number' ? this.count() : null
    const simple = this.tokens[this.at + 1]?.text !== '('
    const word = this.peek().kind === 'name' || this.peek().kind === 'word'
    const by = number !== null ? String(number) : word && simple ? this.name() : this.scalar(0)
    const down = this.take('DESC')
    if (!down) this.take('ASC')
    if (this.take('NULLS') && !this.take('FIRST')) this.expect('LAST')
    return { by, down }
  }

  private scalar(depth: number): Scalar {
    if (depth > MAX_DEPTH) throw new CanvasError(texts.theSqlIsTooDeep)
    let left = this.term(depth)
    for (;;) {
      const operator = this.oneOf('+', '-')
      if (operator === null) return left
      left = { kind: 'operator', operator, left, right: this.term(depth + 1) }
    }
  }

  private term(depth: number): Scalar {
    let left = this.factor(depth)
    for (;;) {
      const operator = this.oneOf('*', '/', '%')
      if (operator === null) return left
      left = { kind: 'operator', operator, left, right: this.factor(depth + 1) }
    }
  }

  private factor(depth: number): Scalar {
    if (this.takeSign('(')) {
      const inner = this.scalar(depth + 1)
      this.expectSign(')')
      return inner
    }
    const token = this.peek()
    if (token.kind === 'number') return { kind: 'number', value: Number(this.next().text) }
    if (token.kind !== 'word' && token.kind !== 'name') return this.fail()
    const called = token.kind === 'word' && this.tokens[this.at + 1]?.text === '('
    return called
      ? this.called(this.next().text.toUpperCase(), depth)
      : { kind: 'key', key: { kind: 'column', name: this.name() } }
  }

  private called(name: string, depth: number): Scalar {
    this.expectSign('(')
    if (AGGREGATES.has(name)) {
      const aggregate = this.aggregate(name)
      this.expectSign(')')
      return { kind: 'aggregate', aggregate }
    }
    if (name === 'HISTOGRAM') {
      const field = this.name()
      this.expectSign(',')
      const step = this.step()
      this.expectSign(')')
      return { kind: 'key', key: { kind: 'histogram', name: field, step } }
    }
    if (name === 'DATE_TRUNC' || name === 'DATETRUNC') {
      const unit = this.text()
      this.expectSign(',')
      const field = this.name()
      this.expectSign(')')
      return { kind: 'key', key: { kind: 'histogram', name: field, step: stepOf(1, unit) } }
    }
    if (name === 'ROUND') {
      const of = this.scalar(depth + 1)
      const digits = this.takeSign(',') ? this.count() : 0
      this.expectSign(')')
      return { kind: 'round', of, digits }
    }
    throw new CanvasError(texts.ofSqlIsNotComputed(name))
  }

  private aggregate(name: string): Aggregate {
    if (name === 'COUNT') {
      if (this.takeSign('*')) return { kind: 'count', name: null, where: null }
      if (this.take('DISTINCT')) return { kind: 'distinct', name: this.name(), where: null }
      if (this.take('CASE')) return { kind: 'count', name: null, where: this.cases().where }
      return { kind: 'count', name: this.name(), where: null }
    }
    if (name === 'PERCENTILE') {
      const field = this.name()
      this.expectSign(',')
      return { kind: 'percentile', name: field, percent: this.number() }
    }
    const kind = name.toLowerCase() as 'sum' | 'avg' | 'min' | 'max'
    if (!this.take('CASE')) return { kind, name: this.name(), where: null }
    const { where, then } = this.cases()
    if (typeof then === 'string') return { kind, name: then, where }
    if (kind === 'sum' && then === 1) return { kind: 'count', name: null, where }
    throw new CanvasError(texts.caseOfSqlTakes(name))
  }

  /** `WHEN condition THEN column-or-number [ELSE 0] END` */
  private cases(): { where: Condition; then: string | number } {
    this.expect('WHEN')
    const where = this.condition(0)
    this.expect('THEN')
    const then = this.peek().kind === 'number' ? this.number() : this.name()
    if (this.take('WHEN')) throw new CanvasError(texts.caseOfSqlHasOneWhen)
    if (this.take('ELSE') && !this.take('NULL')) this.number()
    this.expect('END')
    return { where, then }
  }

  private step(): Step {
    if (this.take('INTERVAL')) {
      const token = this.next()
      const amount = token.kind === 'number' || token.kind === 'text' ? Number(token.text) : Number.NaN
      if (!Number.isInteger(amount) || amount < 1) this.fail(token)
      return stepOf(amount, this.name())
    }
    const interval = this.number()
    if (!(interval > 0)) throw new CanvasError(texts.histogramOfSqlNeeds)
    return { kind: 'number', interval }
  }

  private condition(depth: number): Condition {
    if (depth > MAX_DEPTH) throw new CanvasError(texts.theSqlIsTooDeep)
    const parts = [this.both(depth)]
    while (this.take('OR')) parts.push(this.both(depth))
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'or', parts }
  }

  private both(depth: number): Condition {
    const parts = [this.single(depth)]
    while (this.take('AND')) parts.push(this.single(depth))
    return parts.length === 1 ? (parts[0] as Condition) : { kind: 'and', parts }
  }

  private single(depth: number): Condition {
    if (this.take('NOT')) {
      if (depth > MAX_DEPTH) this.fail()
      return { kind: 'not', of: this.single(depth + 1) }
    }
    if (this.takeSign('(')) {
      const inner = this.condition(depth + 1)
      this.expectSign(')')
      return inner
    }
    if (this.tokens[this.at + 1]?.text === '(') {
      if (this.take('MATCH')) {
        this.expectSign('(')
        const name = this.peek().kind === 'text' ? this.text() : this.name()
        this.expectSign(',')
        const text = this.text()
        this.expectSign(')')
        return { kind: 'match', name, text }
      }
      if (this.take('QUERY')) {
        this.expectSign('(')
        const text = this.text()
        this.expectSign(')')
        return { kind: 'query', text }
      }
      throw new CanvasError(texts.cannotBeInACondition(this.peek().text))
    }
    const name = this.name()
    if (this.take('IS')) {
      const none = !this.take('NOT')
      this.expect('NULL')
      return none ? { kind: 'not', of: { kind: 'exists', name } } : { kind: 'exists', name }
    }
    if (this.take('NOT')) return { kind: 'not', of: this.within(name) ?? this.fail() }
    return this.within(name) ?? this.compared(name)
  }

  private within(name: string): Condition | null {
    if (this.take('IN')) {
      this.expectSign('(')
      const values = this.list(() => this.value())
      this.expectSign(')')
      return { kind: 'in', name, values }
    }
    if (this.take('LIKE')) return { kind: 'like', name, pattern: this.text() }
    if (!this.take('BETWEEN')) return null
    const from = this.value()
    this.expect('AND')
    const to = this.value()
    return {
      kind: 'and',
      parts: [
        { kind: 'compare', name, operator: '>=', value: from },
        { kind: 'compare', name, operator: '<=', value: to },
      ],
    }
  }

  private compared(name: string): Condition {
    const operator = this.oneOf('=', '!=', '<>', '<', '<=', '>', '>=')
    if (operator === null) return this.fail()
    return { kind: 'compare', name, operator: operator === '<>' ? '!=' : operator, value: this.value() }
  }

  private value(): SqlValue {
    if (this.take('TRUE')) return true
    if (this.take('FALSE')) return false
    if (this.take('NOW') || this.take('CURRENT_TIMESTAMP')) return this.moment()
    const negative = this.takeSign('-')
    const token = this.next()
    if (token.kind === 'number') return (negative ? -1 : 1) * Number(token.text)
    if (token.kind !== 'text' || negative) return this.fail(token)
    if (this.takeSign('::')) this.name()
    return token.text
  }

  /** `NOW() - INTERVAL 1 DAY`, as date math of a search. */
  private moment(): string {
    if (this.takeSign('(')) this.expectSign(')')
    const operator = this.oneOf('-', '+')
    if (operator === null) return 'now'
    this.expect('INTERVAL')
    const token = this.next()
    const amount = Number(token.text)
    if (!Number.isInteger(amount) || amount < 1) this.fail(token)
    const { interval } = stepOf(amount, this.name()) as { interval: string }
    return `now${operator}${interval}`
  }

  private list<T>(one: () => T): T[] {
    const out = [one()]
    while (this.takeSign(',')) out.push(one())
    return out
  }

  private name(): string {
    const token = this.next()
    if (token.kind !== 'name' && token.kind !== 'word') return this.fail(token)
    return token.text
  }

  private text(): string {
    const token = this.next()
    return token.kind === 'text' ? token.text : this.fail(token)
  }

  private number(): number {
    const negative = this.takeSign('-')
    const token = this.next()
    if (token.kind !== 'number') return this.fail(token)
    return (negative ? -1 : 1) * Number(token.text)
  }

  private count(): number {
    const n = this.number()
    return Number.isInteger(n) && n >= 0 ? n : this.fail()
  }

  private refuse() {
    const word = this.peek().kind === 'word' ? this.peek().text.toUpperCase() : ''
    if (REFUSED.has(word)) throw new CanvasError(texts.ofSqlIsNotSupported(word))
  }

  private peek = (): Token => this.tokens[this.at] as Token

  private next(): Token {
    const token = this.peek()
    if (token.kind !== 'end') this.at++
    return token
  }

  private take(word: string): boolean {
    const { kind, text } = this.peek()
    if (kind !== 'word' || text.toUpperCase() !== word) return false
    this.at++
    return true
  }

  private takeBy(word: string): boolean {
    const found = this.take(word)
    if (found) this.expect('BY')
    return found
  }

  private takeSign(sign: string): boolean {
    const { kind, text } = this.peek()
    if (kind !== 'sign' || text !== sign) return false
    this.at++
    return true
  }

  private oneOf<S extends string>(...signs: S[]): S | null {
    return signs.find(sign => this.takeSign(sign)) ?? null
  }

  private expect(word: string) {
    if (!this.take(word)) {
      this.refuse()
      throw new CanvasError(texts.theSqlHasWhere(this.peek().text, word))
    }
  }

  private expectSign(sign: string) {
    if (!this.takeSign(sign)) throw new CanvasError(texts.theSqlHasWhereIsExpected(this.peek().text, sign))
  }

  private fail(token = this.peek()): never {
    if (token.text === '?') throw new CanvasError(texts.parametersOfSql)
    throw new CanvasError(
      token.kind === 'end' ? texts.theSqlEndsTooEarly : texts.theSqlCannotBeRead(token.text),
    )
  }
}

const UNITS: Record<string, ['calendar' | 'fixed', string]> = {
  SECOND: ['fixed', 's'],
  MINUTE: ['fixed', 'm'],
  HOUR: ['fixed', 'h'],
  DAY: ['calendar', 'd'],
  WEEK: ['calendar', 'w'],
  MONTH: ['calendar', 'M'],
  QUARTER: ['calendar', 'q'],
  YEAR: ['calendar', 'y'],
}

function stepOf(amount: number, unit: string): Step {
  const known = UNITS[unit.toUpperCase().replace(/S$/, '')]
  if (!known) throw new CanvasError(texts.sqlHasNoInterval(unit))
  const [kind, letter] = known
  if (kind === 'calendar' && amount > 1) {
    if (letter !== 'd' && letter !== 'w') throw new CanvasError(texts.anIntervalIsNotSupported(amount, unit))
    return { kind: 'fixed', interval: `${letter === 'w' ? amount * 7 : amount}d` }
  }
  return { kind, interval: `${amount}${letter}` }
}

/** What Elasticsearch calls a column without a name of its own. */
function nameOf(of: Scalar): string {
  if (of.kind === 'key') return of.key.name
  if (of.kind !== 'aggregate') return 'value'
  const { aggregate } = of
  if (aggregate.kind === 'distinct') return `COUNT(DISTINCT ${aggregate.name})`
  if (aggregate.kind === 'percentile') return `PERCENTILE(${aggregate.name}, ${aggregate.percent})`
  return `${aggregate.kind.toUpperCase()}(${aggregate.name ?? '*'})`
}
