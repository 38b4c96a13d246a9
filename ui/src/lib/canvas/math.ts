// The arithmetic of Canvas (TinyMath): numbers and whole columns, put together by operators and functions.

import { texts } from '../../texts/canvas'
import { CanvasError } from './error'
import { type Cell, columnAt, type Datatable } from './values'

export type MathNode =
  | { kind: 'number'; value: number }
  | { kind: 'column'; name: string }
  | { kind: 'call'; name: string; args: MathNode[] }

/** A number, or the numbers of a column; cells that are none are left out by the functions that make one of many. */
type Result = number | Cell[]

const MAX_CHARS = 2000
const MAX_DEPTH = 64

const OPERATORS: Record<string, { name: string; binds: number }> = {
  '+': { name: 'add', binds: 1 },
  '-': { name: 'subtract', binds: 1 },
  '*': { name: 'multiply', binds: 2 },
  '/': { name: 'divide', binds: 2 },
  '%': { name: 'mod', binds: 2 },
  '^': { name: 'pow', binds: 3 },
}

/** Throws CanvasError. */
export function parseMath(text: string): MathNode {
  if (text.trim() === '') throw new CanvasError(texts.aCalculationIsEmpty)
  if (text.length > MAX_CHARS) throw new CanvasError(texts.aCalculationIsLongerThanCharacters(MAX_CHARS))
  const tokens = tokensOf(text)
  let at = 0
  const fail = (): never => {
    throw new CanvasError(
      at < tokens.length
        ? texts.theCalculationCannot(text, String(tokens[at]?.text))
        : texts.theCalculationEndsTooEarly(text),
    )
  }
  const take = (sign: string) => tokens[at]?.kind === 'sign' && tokens[at]?.text === sign && ++at > 0
  const binary = (least: number, depth: number): MathNode => {
    if (depth > MAX_DEPTH) return fail()
    let left = unary(depth)
    for (;;) {
      const token = tokens[at]
      const operator = token?.kind === 'sign' ? OPERATORS[token.text] : undefined
      if (!operator || operator.binds < least) return left
      at++
      // Powers bind to the right, all others to the left.
      const right = binary(operator.binds + (operator.name === 'pow' ? 0 : 1), depth + 1)
      left = { kind: 'call', name: operator.name, args: [left, right] }
    }
  }
  const unary = (depth: number): MathNode => {
    if (take('-'))
      return {
        kind: 'call',
        name: 'subtract',
        args: [{ kind: 'number', value: 0 }, binary(2, depth + 1)],
      }
    if (take('+')) return binary(2, depth + 1)
    return primary(depth)
  }
  const primary = (depth: number): MathNode => {
    const token = tokens[at++]
    if (token?.kind === 'number') return { kind: 'number', value: Number(token.text) }
    if (token?.kind === 'quoted') return { kind: 'column', name: token.text }
    if (token?.kind === 'word') {
      if (!take('(')) return { kind: 'column', name: token.text }
      const args: MathNode[] = []
      if (!take(')')) {
        do args.push(binary(0, depth + 1))
        while (take(','))
        if (!take(')')) return fail()
      }
      return { kind: 'call', name: token.text, args }
    }
    if (token?.kind === 'sign' && token.text === '(') {
      const inner = binary(0, depth + 1)
      return take(')') ? inner : fail()
    }
    at--
    return fail()
  }
  const root = binary(0, 0)
  return at < tokens.length ? fail() : root
}

interface Token {
  kind: 'number' | 'word' | 'quoted' | 'sign'
  text: string
}

function tokensOf(text: string): Token[] {
  const pattern =
    /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)(?![\w@])|([A-Za-z_@][\w.@-]*(?<!-)|\d[\w.@]*)|'([^']*)'|"([^"]*)"|([-+*/%^(),]))/iy
  const out: Token[] = []
  const end = text.trimEnd().length
  for (let at = 0; at < end; ) {
    pattern.lastIndex = at
    const m = pattern.exec(text)
    if (!m) throw new CanvasError(texts.theCalculationCannot(text, text.slice(at, at + 12)))
    at = pattern.lastIndex
    if (m[1] !== undefined) out.push({ kind: 'number', text: m[1] })
    else if (m[2] !== undefined) out.push({ kind: 'word', text: m[2] })
    else if (m[5] !== undefined) out.push({ kind: 'sign', text: m[5] })
    else out.push({ kind: 'quoted', text: m[3] ?? m[4] ?? '' })
  }
  return out
}

/** Whether it makes one value of many rows, such as `sum(cost)`, and is no mere column. */
export const isMeasure = (math: MathNode): boolean => math.kind === 'call'

/** Throws CanvasError; null where there is nothing to compute of. */
export function evaluateMath(math: MathNode, table: Datatable): number | null {
  const result = compute(math, table)
  const one = Array.isArray(result) ? (result.length > 1 ? undefined : (result[0] ?? null)) : result
  if (one === undefined) throw new CanvasError(texts.aCalculationMustComeToANumber)
  if (typeof one === 'boolean') return Number(one)
  if (typeof one === 'string') throw new CanvasError(texts.aCalculationCameToAText)
  return one === null || !Number.isFinite(one) ? null : one
}

function compute(math: MathNode, table: Datatable): Result {
  switch (math.kind) {
    case 'number':
      return math.value
    case 'column': {
      const at = columnAt(table, math.name)
      if (at < 0) throw new CanvasError(texts.thereIsNoColumn(math.name, namesOf(table)))
      return table.rows.map(row => row[at] ?? null)
    }
    case 'call': {
      const fn = Object.hasOwn(FUNCTIONS, math.name) ? FUNCTIONS[math.name] : undefined
      if (!fn) throw new CanvasError(texts.calculationsHave(math.name, Object.keys(FUNCTIONS).join(', ')))
      // `size()` counts the rows.
      if (math.args.length === 0 && (math.name === 'size' || math.name === 'count')) return table.rows.length
      return fn(math.args.map(arg => compute(arg, table)))
    }
  }
}

const namesOf = ({ columns }: Datatable) =>
  columns.length === 0
    ? texts.isNone
    : `${columns.length === 1 ? 'is' : 'are'} ${columns
        .slice(0, 8)
        .map(c => c.name)
        .join(', ')}`

const numbersOf = (value: Result | undefined): number[] =>
  value === undefined ? [] : Array.isArray(value) ? value.filter(v => typeof v === 'number') : [value]

const numberOf = (cell: Cell | undefined): number => (typeof cell === 'number' ? cell : Number.NaN)

/** Row by row; a single number holds for every row. */
const each =
  (one: (...values: number[]) => number) =>
  (args: Result[]): Result => {
    const length = Math.max(-1, ...args.map(a => (Array.isArray(a) ? a.length : -1)))
    const at = (row: number) => args.map(a => (Array.isArray(a) ? numberOf(a[row]) : a))
    if (length < 0) return one(...at(0))
    return Array.from({ length }, (_, row) => {
      const value = one(...at(row))
      return Number.isFinite(value) ? value : null
    })
  }

/** One number of all numbers. */
const all =
  (one: (values: number[]) => number) =>
  (args: Result[]): Result => {
    const values = args.flatMap(numbersOf)
    return values.length === 0 ? Number.NaN : one(values)
  }

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
const sorted = (values: number[]) => values.toSorted((a, b) => a - b)

function median(values: number[]): number {
  const order = sorted(values)
  const half = order.length >> 1
  return order.length % 2 === 1
    ? (order[half] as number)
    : (numberOf(order[half - 1]) + numberOf(order[half])) / 2
}

function mode(values: number[]): number {
  const counts = new Map<number, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0]
}

const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b))
const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b))
const lengthOf = (args: Result[]) => (Array.isArray(args[0]) ? args[0].length : args.length)

const FUNCTIONS: Record<string, (args: Result[]) => Result> = {
  abs: each(Math.abs),
  add: args => (args.length === 1 ? all(sum)(args) : each((...v) => sum(v))(args)),
  cbrt: each(Math.cbrt),
  ceil: each(Math.ceil),
  clamp: each((v, low, high) => Math.min(Math.max(v as number, low as number), high as number)),
  count: lengthOf,
  cube: each(v => v ** 3),
  divide: each((a, b) => (b === 0 ? Number.NaN : (a as number) / (b as number))),
  exp: each(Math.exp),
  first: args => (Array.isArray(args[0]) ? [args[0][0] ?? null] : (args[0] ?? Number.NaN)),
  fix: each(Math.trunc),
  floor: each(Math.floor),
  last: args => (Array.isArray(args[0]) ? [args[0].at(-1) ?? null] : (args[0] ?? Number.NaN)),
  log: each((v, base) =>
    base === undefined ? Math.log(v as number) : Math.log(v as number) / Math.log(base),
  ),
  log10: each(Math.log10),
  max: all(most),
  mean: all(values => sum(values) / values.length),
  median: all(median),
  min: all(least),
  mod: each((a, b) => (a as number) % (b as number)),
  mode: all(mode),
  multiply: each((...v) => v.reduce((a, b) => a * b, 1)),
  pi: () => Math.PI,
  pow: each((a, b) => (a as number) ** (b as number)),
  range: all(values => most(values) - least(values)),
  round: each((v, digits = 0) => {
    const power = 10 ** Math.min(Math.max(Math.trunc(digits), 0), 12)
    return Math.round((v as number) * power) / power
  }),
  size: lengthOf,
  sqrt: each(Math.sqrt),
  square: each(v => v ** 2),
  subtract: each((a, b) => (a as number) - (b as number)),
  sum: all(sum),
  unique: args => (Array.isArray(args[0]) ? new Set(args[0]).size : 1),
}
