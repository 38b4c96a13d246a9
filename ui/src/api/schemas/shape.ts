// Checks at the border: each throws, naming the place, when an answer does not have the expected shape.

import { texts } from '../../texts/api'

export type Json = Record<string, unknown>

export class ShapeError extends Error {
  constructor(place: string, expected: string) {
    super(texts.theServersAnswer(place, expected))
    this.name = 'ShapeError'
  }
}

export function object(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ShapeError(place, texts.anObject)
  return value as Json
}

export function array(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw new ShapeError(place, texts.aList)
  return value
}

/** Accepts digits too, which stand for integers beyond 2^53. */
export function number(value: unknown, place: string): number {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof n !== 'number' || Number.isNaN(n)) throw new ShapeError(place, texts.aNumber)
  return n
}

export function string(value: unknown, place: string): string {
  if (typeof value !== 'string') throw new ShapeError(place, texts.aText)
  return value
}
