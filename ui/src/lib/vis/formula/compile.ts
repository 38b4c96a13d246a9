// Formulas to expressions: each function over a field is an aggregation, with its own filter around it if it has one.

import { QueryError } from '../../queryerror'
import { type Expr, leaf, type Value } from '../expr'
import { asJson, entryOf, type Json } from '../json'
import { queryClauses } from '../query'
import { FormulaError } from './error'
import { type FormulaFunction, FUNCTIONS, MATH } from './functions'
import { type NamedArgument, type Node, parseFormula } from './parse'

/** What a formula becomes. `prefix` begins the names of its aggregations. Throws FormulaError. */
export function compileFormula(text: string, prefix: string, timeField: string | null): Expr {
  const compiler = new Compiler(prefix, timeField)
  return compiler.expr(parseFormula(text))
}

type Call = Node & { kind: 'call' }

class Compiler {
  /** Aggregations by what they ask, so that one that is named twice is asked once. */
  private readonly names = new Map<string, string>()

  constructor(
    private readonly prefix: string,
    private readonly timeField: string | null,
  ) {}

  expr(node: Node): Expr {
    switch (node.kind) {
      case 'number':
        return { kind: 'number', value: node.value }
      case 'operator':
        return {
          kind: 'operator',
          operator: node.operator,
          left: this.expr(node.left),
          right: this.expr(node.right),
        }
      case 'field':
        throw new FormulaError(
          'a field needs a function around it',
          node.start,
          node.end,
          `for example average(${node.name})`,
        )
      case 'call':
        return this.call(node)
    }
  }

  private call(node: Call): Expr {
    const found = entryOf(FUNCTIONS, node.name)
    if (found) return this.aggregation(node, found)
    const math = entryOf(MATH, node.name)
    if (math) {
      const [least, most] = math.arguments
      if (node.args.length < least || node.args.length > most)
        throw new FormulaError(
          `${node.name} takes ${least === most ? least : `${least} to ${most}`} values`,
          node.start,
          node.end,
        )
      const settings = settingsOf(node, math.settings ?? [])
      return { kind: 'call', call: math.make(settings), args: node.args.map(a => this.expr(a)) }
    }
    const names = [...Object.keys(FUNCTIONS), ...Object.keys(MATH)]
    const near = names.find(name => name.startsWith(node.name.slice(0, 3)))
    throw new FormulaError(
      `there is no function ${node.name}`,
      node.start,
      node.nameEnd,
      near && `did you mean ${near}?`,
    )
  }

  private aggregation(node: Call, found: FormulaFunction): Expr {
    const field = fieldOf(node, found)
    const settings = settingsOf(node, found.settings)
    if (found.needsTime && this.timeField === null)
      throw new FormulaError(`${node.name} needs a time field`, node.start, node.end)
    const made = found.make(field, settings, this.timeField ?? '')
    const filter = filterOf(node)
    if (filter === null) {
      if (made.aggregation === null) return leaf('_count', null, made.read)
      return leaf(
        this.name(made.aggregation),
        made.aggregation,
        readNamed(made.read, this.name(made.aggregation)),
      )
    }
    const inner = made.aggregation === null ? {} : { aggs: { v: made.aggregation } }
    const around = { filter, ...inner }
    const name = this.name(around)
    const read = made.aggregation === null ? made.read : readNamed(made.read, 'v')
    return leaf(name, around, bucket => read(asJson(bucket[name])))
  }

  private name(aggregation: Json): string {
    const key = JSON.stringify(aggregation)
    const name = this.names.get(key) ?? `${this.prefix}-${this.names.size}`
    this.names.set(key, name)
    return name
  }
}

const readNamed = (read: (answer: Json) => Value, name: string) => (bucket: Json) =>
  read(asJson(bucket[name]))

function fieldOf(node: Call, found: FormulaFunction): string | null {
  const [first, second] = node.args
  if (second) throw new FormulaError(`${node.name} takes one field`, second.start, second.end)
  if (first === undefined) {
    if (found.field === 'optional') return null
    throw new FormulaError(
      `${node.name} needs a field`,
      node.start,
      node.end,
      `for example ${node.name}(latency)`,
    )
  }
  if (first.kind !== 'field')
    throw new FormulaError(`${node.name} takes a field`, first.start, first.end, 'write its name')
  return first.name
}

/** The named arguments other than filters. */
function settingsOf(node: Call, allowed: readonly string[]): Record<string, number> {
  const out: Record<string, number> = {}
  for (const { name, value, start, end } of node.named) {
    if (name === 'kql' || name === 'lucene') {
      if (entryOf(MATH, node.name))
        throw new FormulaError(`${node.name} takes no filter`, start, end, 'filter what is inside it')
      continue
    }
    if (!allowed.includes(name))
      throw new FormulaError(
        `${node.name} has no option ${name}`,
        start,
        end,
        [...allowed, ...(entryOf(MATH, node.name) ? [] : ['kql', 'lucene'])].join(', '),
      )
    if (typeof value !== 'number') throw new FormulaError(`${name} is a number`, start, end)
    out[name] = value
  }
  return out
}

function filterOf(node: Call): Json | null {
  const filters = node.named.filter(n => n.name === 'kql' || n.name === 'lucene')
  const clauses = filters.flatMap(clausesOf)
  if (clauses.length === 0) return filters.length === 0 ? null : { match_all: {} }
  return clauses.length === 1 ? (clauses[0] as Json) : { bool: { filter: clauses } }
}

/** The places of its errors are those in the formula, unless quotation marks with a backslash move them. */
function clausesOf({ name, value, start }: NamedArgument): Json[] {
  try {
    return queryClauses({ query: String(value), language: name === 'kql' ? 'kuery' : 'lucene' })
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new FormulaError(error.message, start + 1 + error.start, start + 1 + error.end, error.hint)
  }
}
