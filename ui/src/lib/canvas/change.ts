// Single arguments of an expression read and changed, so that a form can stand for the text.

import { type Argument, type Call, call, type Expression, isExpression, type Literal } from './expression'

/** An argument of a function, or of the function inside of it: `metric`'s `metricFont` has a `font` with a `size`. */
export interface ArgPath {
  call: string
  /** As it is written with a name; `unnamed` says that it may stand without. */
  arg: string
  unnamed?: boolean
  inner?: { call: string; arg: string }
}

const callOf = ({ calls }: Expression, name: string): Call | undefined => calls.findLast(c => c.name === name)

const argOf = (of: Call, name: string, unnamed: boolean | undefined): Argument | undefined =>
  of.args.find(a => a.name === name) ?? (unnamed ? of.args.find(a => a.name === null) : undefined)

/** Undefined where it is not given, or is an expression of its own. */
export function readArg(expression: Expression, path: ArgPath): Literal | undefined {
  const found = callOf(expression, path.call)
  const value = found && argOf(found, path.arg, path.unnamed)?.value
  if (value === undefined) return undefined
  if (!path.inner) return isExpression(value) ? undefined : value
  return isExpression(value) ? readArg(value, path.inner) : undefined
}

/** Whether the argument is computed, so that a form must leave it alone. */
export function isComputed(expression: Expression, path: ArgPath): boolean {
  const found = callOf(expression, path.call)
  const value = found && argOf(found, path.arg, path.unnamed)?.value
  if (value === undefined || !isExpression(value)) return false
  return path.inner ? isComputed(value, path.inner) : true
}

/** The expression with another value; one without the function stays as it is. */
export function withArg(expression: Expression, path: ArgPath, value: Literal): Expression {
  const at = expression.calls.findLastIndex(c => c.name === path.call)
  const found = expression.calls[at]
  if (!found) return expression
  const before = argOf(found, path.arg, path.unnamed)
  let next: Argument['value'] = value
  if (path.inner) {
    const own = before && isExpression(before.value) ? before.value : { calls: [] }
    const inside = callOf(own, path.inner.call) ? own : { calls: [...own.calls, call(path.inner.call)] }
    next = withArg(inside, path.inner, value)
  }
  const args = before
    ? found.args.map(a => (a === before ? { ...a, value: next } : a))
    : [...found.args, { name: path.arg, value: next }]
  return { calls: expression.calls.with(at, { ...found, args }) }
}
