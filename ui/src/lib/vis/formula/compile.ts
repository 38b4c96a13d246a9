// Formulas to expressions: each function over a field is an aggregation, with its own filter around it if it has one.

import { texts } from '../../../texts/formula'
import { QueryError } from '../../queryerror'
import { resolveBound } from '../../time/datemath'
import type { ResolvedRange } from '../../time/range'
import type { Millis } from '../../time/units'
import { type Expr, leaf, type Value } from '../expr'
import { asJson, entryOf, type Json } from '../json'
import type { VisQuery } from '../model'
import { queryClauses, timeClause } from '../query'
import { readShift, shiftKey } from '../shift'
import { FormulaError } from './error'
import { type FormulaFunction, FUNCTIONS, MATH } from './functions'
import { type NamedArgument, type Node, parseFormula } from './parse'

/** What a formula is computed for. */
export interface FormulaContext {
  timeField: string | null
  /** Null where the data has no time, or while a formula is only checked. */
  range: ResolvedRange | null
  /** The width of the buckets of time, of the whole range where there are none; null as for the range. */
  bucketMillis: Millis | null
}

/** What holds for every function of a formula that says nothing else, as Lens keeps it beside the formula. */
export interface Narrowed {
  shift?: string
  reducedTimeRange?: string
  filter?: VisQuery
}

/**
 * What a formula becomes. `prefix` begins the names of its aggregations. A time field alone is enough to check one. Throws
 * FormulaError.
 */
export function compileFormula(
  text: string,
  prefix: string,
  context: FormulaContext | string | null,
  narrowed: Narrowed = {},
): Expr {
  const known =
    typeof context === 'string' || context === null
      ? { timeField: context, range: null, bucketMillis: null }
      : context
  return new Compiler(prefix, known, narrowed).expr(parseFormula(text))
}

type Call = Node & { kind: 'call' }

class Compiler {
  /** Aggregations by what they ask, so that one that is named twice is asked once. */
  private readonly names = new Map<string, string>()

  constructor(
    private readonly prefix: string,
    private readonly context: FormulaContext,
    /** Of the functions around the one that is read. */
    private around: Narrowed,
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
          texts.aFieldNeedsAFunction,
          node.start,
          node.end,
          texts.forExampleAverage(node.name),
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
      checkArguments(node, ...math.arguments)
      const settings = settingsOf(node, math.settings ?? [])
      const args = this.within(node, () => node.args.map(a => this.expr(a)))
      return { kind: 'call', call: math.make(settings), args }
    }
    if (node.name === 'normalize_by_unit') return this.perUnit(node)
    if (Object.hasOwn(TIMES, node.name)) {
      checkArguments(node, 0, 0)
      return { kind: 'number', value: TIMES[node.name as keyof typeof TIMES](this.context) }
    }
    const names = [
      ...Object.keys(FUNCTIONS),
      ...Object.keys(MATH),
      'normalize_by_unit',
      ...Object.keys(TIMES),
    ]
    const near = names.find(name => name.startsWith(node.name.slice(0, 3)))
    throw new FormulaError(
      texts.thereIsNoFunction(node.name),
      node.start,
      node.nameEnd,
      near && texts.didYouMean(near),
    )
  }

  private aggregation(node: Call, found: FormulaFunction): Expr {
    const field = fieldOf(node, found)
    const settings = settingsOf(node, found.settings)
    const { timeField } = this.context
    if (found.needsTime && timeField === null)
      throw new FormulaError(texts.needsATimeField(node.name), node.start, node.end)
    const made = found.make(field, settings, timeField ?? '')
    return this.within(node, () => {
      const shift = this.shift(node)
      const filter = this.filter(node)
      if (filter === null) {
        if (made.aggregation === null) return shifted(leaf('_count', null, made.read), shift)
        const name = this.name(made.aggregation, shift)
        return shifted(leaf(name, made.aggregation, readNamed(made.read, name)), shift)
      }
      const inner = made.aggregation === null ? {} : { aggs: { v: made.aggregation } }
      const around = { filter, ...inner }
      const name = this.name(around, shift)
      const read = made.aggregation === null ? made.read : readNamed(made.read, 'v')
      return shifted(
        leaf(name, around, bucket => read(asJson(bucket[name]))),
        shift,
      )
    })
  }

  /** What a function says of the time holds for those inside it too. */
  private within<T>(node: Call, read: () => T): T {
    const outer = this.around
    const text = (name: string) => textOf(node, name)
    const shift = text('shift')
    const reducedTimeRange = text('reducedTimeRange')
    this.around = { ...outer, ...(shift && { shift }), ...(reducedTimeRange && { reducedTimeRange }) }
    const result = read()
    this.around = outer
    return result
  }

  private shift(node: Call): string | undefined {
    const { shift } = this.around
    if (shift === undefined) return undefined
    const { range, timeField } = this.context
    if (timeField === null) throw new FormulaError(texts.aShiftNeedsATime, node.start, node.end)
    if (readShift(shift, range ?? { from: 0, to: 1 }) === null)
      throw new FormulaError(texts.isNoTimeShift(shift), node.start, node.end, texts.forExampleShift1d)
    return shift
  }

  private filter(node: Call): Json | null {
    const { reducedTimeRange, filter } = this.around
    const clauses = [
      ...(filter === undefined ? [] : clausesIn(filter, node.start)),
      ...(reducedTimeRange === undefined ? [] : [this.lastPart(reducedTimeRange, node)]),
    ]
    return filterOf(node, clauses)
  }

  /** The last part of the range, such as its last minute. */
  private lastPart(length: string, node: Call): Json {
    const { range, timeField } = this.context
    if (timeField === null) throw new FormulaError(texts.aReducedTimeRangeNeeds, node.start, node.end)
    const { from, to } = range ?? { from: 0, to: 1 }
    const start = resolveBound(`now-${length.replace(/\s/g, '')}`, to, 'down')
    if (start === null || !/^\d{1,5}\s?[smhdwMy]$/.test(length))
      throw new FormulaError(texts.isNoLengthOfTime(length), node.start, node.end, texts.suchAsOneMinute)
    return timeClause(timeField, { from: Math.max(from, start), to })
  }

  /** A value per second, minute, hour or day instead of per bucket. */
  private perUnit(node: Call): Expr {
    checkArguments(node, 1, 1)
    const unit = node.named.find(n => n.name === 'unit')
    const millis = resolveBound(`now+${perText(unit?.value)}`, 0, 'down')
    if (!unit || millis === null || millis <= 0)
      throw new FormulaError(texts.normalizeByUnitNeeds, node.start, node.end, texts.unitSMH)
    const rest = { ...node, named: node.named.filter(n => n !== unit) }
    settingsOf(rest, [])
    const per = this.context.bucketMillis === null ? 1 : millis / this.context.bucketMillis
    const left = this.within(rest, () => this.expr(node.args[0] as Node))
    return { kind: 'operator', operator: '*', left, right: { kind: 'number', value: per } }
  }

  private name(aggregation: Json, shift: string | undefined): string {
    const key = JSON.stringify([aggregation, shift])
    const name = this.names.get(key) ?? `${this.prefix}-${this.names.size}`
    this.names.set(key, name)
    return name
  }
}

/** Lens writes `s`; TSVB `10s` too. */
const perText = (unit: unknown): string => (/^\d/.test(String(unit)) ? String(unit) : `1${String(unit)}`)

/** What a formula can know of its time, in milliseconds. */
const TIMES = {
  interval: ({ bucketMillis }: FormulaContext) => bucketMillis ?? 1,
  now: ({ range }: FormulaContext) => range?.to ?? 0,
  time_range: ({ range }: FormulaContext) => (range === null ? 1 : range.to - range.from),
}

function shifted(expr: Expr, shift: string | undefined): Expr {
  if (shift === undefined || expr.kind !== 'leaf') return expr
  const { name, aggregation, read } = expr.leaf
  const key = shiftKey(shift)
  const own = aggregation === null ? `${name} ${key}` : name
  return { kind: 'leaf', leaf: { name: own, aggregation, shift, read: bucket => read(asJson(bucket[key])) } }
}

const textOf = (node: Call, name: string): string | undefined => {
  const value = node.named.find(n => n.name === name)?.value
  return value === undefined ? undefined : String(value)
}

function checkArguments(node: Call, least: number, most: number) {
  if (node.args.length >= least && node.args.length <= most) return
  throw new FormulaError(
    texts.takesSoManyValues(node.name, most === 0 ? 'no' : least === most ? least : texts.span(least, most)),
    node.start,
    node.end,
  )
}

const readNamed = (read: (answer: Json) => Value, name: string) => (bucket: Json) =>
  read(asJson(bucket[name]))

function fieldOf(node: Call, found: FormulaFunction): string | null {
  const [first, second] = node.args
  if (second) throw new FormulaError(texts.takesOneField(node.name), second.start, second.end)
  if (first === undefined) {
    if (found.field === 'optional') return null
    throw new FormulaError(
      texts.needsAField(node.name),
      node.start,
      node.end,
      texts.forExampleLatency(node.name),
    )
  }
  if (first.kind !== 'field')
    throw new FormulaError(texts.takesAField(node.name), first.start, first.end, texts.writeItsName)
  return first.name
}

/** Named arguments of every function. */
const TIMED = ['shift', 'reducedTimeRange']

/** The named arguments other than filters. */
function settingsOf(node: Call, allowed: readonly string[]): Record<string, number> {
  const out: Record<string, number> = {}
  for (const { name, value, start, end } of node.named) {
    if (name === 'kql' || name === 'lucene') {
      if (entryOf(MATH, node.name))
        throw new FormulaError(texts.takesNoFilter(node.name), start, end, texts.filterWhatIsInsideIt)
      continue
    }
    if (TIMED.includes(name)) continue
    if (!allowed.includes(name))
      throw new FormulaError(
        texts.hasNoOption(node.name, name),
        start,
        end,
        [...allowed, ...(entryOf(MATH, node.name) ? [] : ['kql', 'lucene']), ...TIMED].join(', '),
      )
    if (typeof value !== 'number') throw new FormulaError(texts.isANumber(name), start, end)
    out[name] = value
  }
  return out
}

function filterOf(node: Call, others: readonly Json[]): Json | null {
  const filters = node.named.filter(n => n.name === 'kql' || n.name === 'lucene')
  const clauses = [...filters.flatMap(clausesOf), ...others]
  if (clauses.length === 0) return filters.length === 0 ? null : { match_all: {} }
  return clauses.length === 1 ? (clauses[0] as Json) : { bool: { filter: clauses } }
}

function clausesIn(query: VisQuery, at: number): Json[] {
  try {
    return queryClauses(query)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new FormulaError(texts.itsFilter(error.message), at, at, error.hint)
  }
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
