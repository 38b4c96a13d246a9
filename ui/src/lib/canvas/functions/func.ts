// What a function of Canvas is, and how it reads its arguments.

import { texts } from '../../../texts/canvas'
import type { Env } from '../env'
import { CanvasError } from '../error'
import { type Cell, type Datatable, isTyped, type Typed, typeOf, type Value } from '../values'

/** An argument that is run when the function asks for it, with what the function hands in. */
export type Lazy = (input: Value) => Promise<Value>

export interface ArgSpec {
  aliases?: readonly string[]
  /** Run by the function itself, such as for each row. */
  lazy?: true
  /** Without effect here; the reason is told beside the element. */
  ignored?: string
}

export interface Func {
  /** Where arguments without a name go; undefined takes none. */
  unnamed?: string
  args: Readonly<Record<string, ArgSpec>>
  run: (input: Value, args: Args, env: Env) => Value | Promise<Value>
}

export class Args {
  constructor(
    private readonly of: string,
    private readonly given: ReadonlyMap<string, readonly (Value | Lazy)[]>,
  ) {}

  has(name: string): boolean {
    return this.given.has(name)
  }

  /** All values of an argument that may be given several times. */
  all(name: string): Value[] {
    return (this.given.get(name) ?? []).filter((v): v is Value => typeof v !== 'function')
  }

  value(name: string): Value | undefined {
    return this.all(name).at(-1)
  }

  lazies(name: string): Lazy[] {
    return (this.given.get(name) ?? []).filter(v => typeof v === 'function')
  }

  lazy(name: string): Lazy | undefined {
    return this.lazies(name).at(-1)
  }

  /** Numbers and truth values are written out. */
  text(name: string): string | null {
    const value = this.value(name)
    if (value === undefined || value === null) return null
    if (isTyped(value)) return this.fail(name, texts.aText, value)
    return String(value)
  }

  needText(name: string): string {
    const text = this.text(name)
    if (text === null) throw new CanvasError(texts.needs(this.of, name))
    return text
  }

  number(name: string, otherwise: number): number
  number(name: string, otherwise: null): number | null
  number(name: string, otherwise: number | null): number | null {
    const value = this.value(name)
    if (value === undefined || value === null || value === '') return otherwise
    const n = typeof value === 'string' ? Number(value) : value
    return typeof n === 'number' && Number.isFinite(n) ? n : this.fail(name, texts.aNumber, value)
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name)
    if (value === undefined || value === null) return otherwise
    if (typeof value === 'boolean') return value
    if (value === 'true' || value === 'false') return value === 'true'
    return this.fail(name, texts.trueOrFalse, value)
  }

  one<S extends string>(name: string, allowed: readonly S[], otherwise: S): S {
    const text = this.text(name)
    if (text === null || text === '') return otherwise
    const found = allowed.find(one => one === text)
    if (found === undefined)
      throw new CanvasError(texts.hasNoSuchValue(this.of, name, text, allowed.join(', ')))
    return found
  }

  typed<T extends Typed['type']>(name: string, type: T): (Typed & { type: T })[] {
    return this.all(name).flatMap(value => {
      if (value === null) return []
      if (!isTyped(value) || value.type !== type) return this.fail(name, type, value)
      return [value as Typed & { type: T }]
    })
  }

  private fail(name: string, wanted: string, value: Value): never {
    throw new CanvasError(texts.takesOtherTypes(this.of, wanted, name, typeOf(value)))
  }
}

export function tableOf(input: Value, of: string): Datatable {
  if (isTyped(input) && input.type === 'datatable') return input
  throw new CanvasError(texts.needsATableFromWhat(of, typeOf(input)))
}

export function cellOf(value: Value, of: string): Cell {
  if (!isTyped(value)) return value
  throw new CanvasError(texts.needsASingleValue(of, typeOf(value)))
}

/** A number, or a text of digits; null for nothing. */
export function numberOf(value: Value, of: string): number | null {
  const cell = cellOf(value, of)
  if (cell === null) return null
  const n = typeof cell === 'number' ? cell : Number(cell)
  if (Number.isFinite(n)) return n
  throw new CanvasError(texts.needsANumberAndGot(of, String(cell)))
}
