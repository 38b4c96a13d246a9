// Functions of single values: arithmetic, formats, conditions, texts, times.

import { texts } from '../../../texts/canvas'
import { formatPattern } from '../../time/pattern'
import { CanvasError } from '../error'
import { evaluateMath, parseMath } from '../math'
import { roundMoment } from '../moment'
import { formatNumeral } from '../numeral'
import { type Datatable, isTyped, type Value } from '../values'
import { type Args, cellOf, type Func, numberOf } from './func'

const math: Func = {
  unnamed: 'expression',
  args: { expression: {}, onError: {} },
  run: (input, args) => {
    const parsed = parseMath(args.needText('expression'))
    if (!isTyped(input) || input.type !== 'datatable') {
      const value = input === null ? null : numberOf(input, 'math')
      return evaluateMath(parsed, {
        type: 'datatable',
        columns: [{ name: 'value', type: 'number' }],
        rows: [[value]],
      })
    }
    const onError = args.one('onError', ['throw', 'zero', 'null', 'false'], 'throw')
    try {
      return evaluateMath(parsed, input)
    } catch (error) {
      if (onError === 'throw') throw error
      return onError === 'zero' ? 0 : onError === 'null' ? null : false
    }
  },
}

const formatnumber: Func = {
  unnamed: 'format',
  args: { format: {} },
  run: (input, args) => {
    const value = numberOf(input, 'formatnumber')
    return value === null ? '–' : formatNumeral(value, args.needText('format'))
  },
}

const momentIn = (input: Value, of: string): number => {
  const cell = cellOf(input, of)
  const at = typeof cell === 'number' ? cell : Date.parse(String(cell))
  if (Number.isFinite(at)) return at
  throw new CanvasError(texts.needsATimeAndGot(of, String(cell)))
}

const formatdate: Func = {
  unnamed: 'format',
  args: { format: {} },
  run: (input, args) => formatPattern(momentIn(input, 'formatdate'), args.needText('format')),
}

const rounddate: Func = {
  unnamed: 'format',
  args: { format: {} },
  run: (input, args) => {
    const at = momentIn(input, 'rounddate')
    const format = args.text('format')
    return format === null ? at : roundMoment(at, format)
  },
}

const date: Func = {
  unnamed: 'value',
  args: { value: {}, format: {} },
  run: (_, args, env) => {
    const value = args.value('value')
    if (value === undefined || value === null) return env.now
    if (args.has('format')) throw new CanvasError(texts.dateReadsTimesAsIso)
    return momentIn(value, 'date')
  },
}

const context: Func = { args: {}, run: input => input }
const clear: Func = { args: {}, run: () => null }

const string: Func = {
  unnamed: 'value',
  args: { value: {} },
  run: (_, args) => args.all('value').map(textOf).join(''),
}

const textOf = (value: Value) => {
  const cell = cellOf(value, 'string')
  return cell === null ? '' : String(cell)
}

const asset: Func = {
  unnamed: 'id',
  args: { id: {} },
  run: (_, args, env) => {
    const id = args.needText('id')
    const found = env.assets.get(id)
    if (found === undefined) throw new CanvasError(texts.theWorkpadHasNoImage(id))
    return found
  },
}

const variable: Func = {
  unnamed: 'name',
  args: { name: {} },
  run: (_, args, env) => {
    const name = args.needText('name')
    const found = env.variables.get(name)
    if (found === undefined) throw new CanvasError(texts.theWorkpadHasNoVariable(name))
    return found
  },
}

const comparing = (holds: (a: Value, b: Value) => boolean): Func => ({
  unnamed: 'value',
  args: { value: {} },
  run: (input, args) => holds(cellOf(input, texts.aComparison), args.value('value') ?? null),
})

/** Only values of one kind have an order. */
const ordered = (holds: (a: number | string, b: number | string) => boolean) => (a: Value, b: Value) =>
  (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? holds(a, b)
    : false

const COMPARISONS: Record<string, (a: Value, b: Value) => boolean> = {
  eq: (a, b) => a === b,
  neq: (a, b) => a !== b,
  gt: ordered((a, b) => a > b),
  gte: ordered((a, b) => a >= b),
  lt: ordered((a, b) => a < b),
  lte: ordered((a, b) => a <= b),
}

const compare: Func = {
  unnamed: 'op',
  args: { op: {}, to: { aliases: ['b', 'this'] } },
  run: (input, args) => {
    const op = args.text('op') ?? 'eq'
    const holds = COMPARISONS[op === 'ne' ? 'neq' : op]
    if (!holds || !Object.hasOwn(COMPARISONS, op === 'ne' ? 'neq' : op))
      throw new CanvasError(texts.compareHasNoOperatorThere(op))
    return holds(cellOf(input, 'compare'), args.value('to') ?? null)
  },
}

const all: Func = {
  unnamed: 'condition',
  args: { condition: {} },
  run: (_, args) => args.all('condition').every(isTrue),
}

const any: Func = {
  unnamed: 'condition',
  args: { condition: {} },
  run: (_, args) => args.all('condition').some(isTrue),
}

const isTrue = (value: Value) => value === true

const branch = (args: Args, name: string, input: Value) => args.lazy(name)?.(input) ?? input

const conditional: Func = {
  unnamed: 'condition',
  // biome-ignore lint/suspicious/noThenProperty: Canvas names its argument so, and nobody awaits the table
  args: { condition: {}, then: { lazy: true }, else: { lazy: true } },
  run: (input, args) => branch(args, args.value('condition') === true ? 'then' : 'else', input),
}

const oneCase: Func = {
  unnamed: 'when',
  // biome-ignore lint/suspicious/noThenProperty: Canvas names its argument so, and nobody awaits the table
  args: { when: { lazy: true }, if: { lazy: true }, then: { lazy: true } },
  run: async (input, args) => {
    const condition = args.lazy('if')
    const when = args.lazy('when')
    const matches = condition
      ? (await condition(input)) === true
      : when === undefined || (await when(input)) === input
    return { type: 'case', matches, result: matches ? await branch(args, 'then', input) : null }
  },
}

const choose: Func = {
  unnamed: 'case',
  args: { case: { lazy: true }, default: { aliases: ['finally'], lazy: true } },
  run: async (input, args) => {
    for (const one of args.lazies('case')) {
      const found = await one(input)
      if (!isTyped(found) || found.type !== 'case') throw new CanvasError(texts.switchTakesCases)
      if (found.matches) return found.result
    }
    return branch(args, 'default', input)
  },
}

const asTable: Func = {
  unnamed: 'name',
  args: { name: {} },
  run: (input, args): Datatable => {
    const cell = cellOf(input, 'as')
    const type = typeof cell === 'number' ? 'number' : typeof cell === 'boolean' ? 'boolean' : 'string'
    return { type: 'datatable', columns: [{ name: args.text('name') ?? 'value', type }], rows: [[cell]] }
  },
}

export const SINGLES = {
  all,
  any,
  as: asTable,
  asset,
  case: oneCase,
  clear,
  compare,
  context,
  date,
  eq: comparing(COMPARISONS.eq as (a: Value, b: Value) => boolean),
  formatdate,
  formatnumber,
  gt: comparing(COMPARISONS.gt as (a: Value, b: Value) => boolean),
  gte: comparing(COMPARISONS.gte as (a: Value, b: Value) => boolean),
  if: conditional,
  lt: comparing(COMPARISONS.lt as (a: Value, b: Value) => boolean),
  lte: comparing(COMPARISONS.lte as (a: Value, b: Value) => boolean),
  math,
  neq: comparing(COMPARISONS.neq as (a: Value, b: Value) => boolean),
  rounddate,
  string,
  switch: choose,
  var: variable,
}
