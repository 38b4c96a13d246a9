import { describe, expect, it } from 'vitest'
import { columnsOf, lineStarts, placeOf } from './lines'

describe('columns', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['a\tb', 4],
    ['日本語', 6],
    ['a日b本\t', 8],
    ['é – “x”', 7],
    ['😀', 2],
    [`${'x'.repeat(3_000_000)}한`, 3_000_002],
  ])('of a line', (text, want) => {
    expect(columnsOf(text, lineStarts(text))).toBe(want)
  })
  it('are those of the widest line', () => {
    const text = 'abcde\n日本語\nab'
    expect(columnsOf(text, lineStarts(text))).toBe(6)
    expect(placeOf(text, lineStarts(text), 8)).toEqual({ line: 1, column: 4 })
  })
})
