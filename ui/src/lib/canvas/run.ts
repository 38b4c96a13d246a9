// Runs the expression of an element: each function gets what the one before it has made.

import { texts } from '../../texts/canvas'
import type { Env } from './env'
import { CanvasError } from './error'
import { type Argument, type Call, type Expression, isExpression } from './expression'
import { renderOf } from './functions/drawings'
import { type ArgSpec, Args, type Func, type Lazy } from './functions/func'
import { FUNCTIONS, REFUSED } from './functions/table'
import type { Render, Value } from './values'

/** Enough for an expression over each of ten thousand rows; a file from elsewhere must not hang the page. */
const MAX_CALLS = 200_000

/** Throws CanvasError, errors of queries, and what the searches throw. */
export async function runExpression(expression: Expression, env: Env): Promise<Render> {
  return renderOf(await new Runner(env).chain(expression, null))
}

class Runner {
  private calls = 0

  constructor(private readonly env: Env) {}

  async chain({ calls }: Expression, input: Value): Promise<Value> {
    let value = input
    for (const call of calls) value = await this.call(call, value)
    return value
  }

  private async call(call: Call, input: Value): Promise<Value> {
    if (++this.calls > MAX_CALLS) throw new CanvasError(texts.theExpressionTakesMoreThanSteps(MAX_CALLS))
    const func = FUNCTIONS.get(call.name)
    if (!func) throw unknown(call)
    const given = new Map<string, (Value | Lazy)[]>()
    for (const argument of call.args) {
      const [name, spec] = specOf(call, func, argument)
      if (spec.ignored !== undefined) this.env.note(spec.ignored)
      const value = spec.lazy ? this.later(argument.value) : await this.now(argument.value, input)
      const values = given.get(name)
      if (values) values.push(value)
      else given.set(name, [value])
    }
    return func.run(input, new Args(call.name, given), this.env)
  }

  private now(value: Argument['value'], input: Value): Value | Promise<Value> {
    return isExpression(value) ? this.chain(value, input) : value
  }

  private later(value: Argument['value']): Lazy {
    return async input => (isExpression(value) ? this.chain(value, input) : value)
  }
}

function specOf(call: Call, func: Func, { name }: Argument): [string, ArgSpec] {
  const wanted = name ?? func.unnamed
  if (wanted === undefined) throw new CanvasError(texts.takesNoArgumentWithout(call.name), call.at)
  const found = Object.entries(func.args).find(
    ([n, { aliases }]) => n === wanted || aliases?.includes(wanted),
  )
  if (found) return found
  const names = Object.keys(func.args).filter(n => n !== '_')
  throw new CanvasError(
    texts.hasNoArgumentHere(call.name, wanted, names.length > 0 ? texts.thereAre(names.join(', ')) : ''),
    call.at,
  )
}

function unknown({ name, at }: Call): CanvasError {
  const refused = REFUSED.get(name)
  if (refused !== undefined) return new CanvasError(`“${name}”: ${refused}`, at)
  const near = [...FUNCTIONS.keys()].find(
    known => known.toLowerCase() === name.toLowerCase() || distance(known, name) === 1,
  )
  return new CanvasError(texts.thereIsNoFunction(name, near ? texts.didYouMean(near) : '.'), at)
}

/** 1 where one letter is wrong, missing or too many; 2 for anything farther. */
function distance(a: string, b: string): number {
  if (a === b) return 0
  let from = 0
  while (from < a.length && a[from] === b[from]) from++
  const [restA, restB] = [a.slice(from), b.slice(from)]
  const near = restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1)
  return near ? 1 : 2
}
