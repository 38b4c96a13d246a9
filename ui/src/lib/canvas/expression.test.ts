import { describe, expect, it } from 'vitest'
import { CanvasError } from './error'
import { type Expression, parseExpression, printExpression } from './expression'

const names = (e: Expression) => e.calls.map(c => c.name)
const args = (text: string) => parseExpression(text).calls[0]?.args.map(a => [a.name, a.value])

describe('expressions', () => {
  it('are functions that follow each other', () => {
    expect(
      names(parseExpression('filters\n| esdocs index="logs-*"\n| math "mean(ms)" | metric | render')),
    ).toEqual(['filters', 'esdocs', 'math', 'metric', 'render'])
    expect(parseExpression('  ').calls).toEqual([])
  })
  it('have arguments of every kind, with names and without', () => {
    expect(args(`f "a \\"b\\" \\\\ \\n" 'c' word -1.5 1e3 true null x=7 y = "z" index=logs-*`)).toEqual([
      [null, 'a "b" \\ \\n'],
      [null, 'c'],
      [null, 'word'],
      [null, -1.5],
      [null, 1000],
      [null, true],
      [null, null],
      ['x', 7],
      ['y', 'z'],
      ['index', 'logs-*'],
    ])
  })
  it('take expressions as values, also with the old dollar sign and comments between', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the old way to write an expression
    const [inner, old] = parseExpression('f a={font size=12 | g} /* why */ b=${h "}"}').calls[0]?.args ?? []
    expect(names(inner?.value as Expression)).toEqual(['font', 'g'])
    const after = old?.value as Expression | undefined
    expect(after?.calls[0]?.args[0]?.value).toBe('}')
  })
  it.each([
    'filters | essql query="SELECT a FROM \\"x\\"" | table | render',
    'progress shape="wheel" label={formatnumber "0%"} font={font size=24 color={if {gte 0.9} then="red"}}',
    'markdown "a\nb \\\\ c" x=null y=true z=-1',
  ])('read back as they were written: %s', text => {
    const parsed = parseExpression(text)
    const again = parseExpression(printExpression(parsed))
    expect(printExpression(again)).toBe(printExpression(parsed))
    expect(names(again)).toEqual(names(parsed))
  })
  it.each([
    ['f "abc', 'a quote is not closed (line 1, column 3)'],
    ['f {g', 'a brace is not closed'],
    ['f | | g', 'a function is expected (line 1, column 5)'],
    ['f a=', 'a value is missing'],
    ['f\n | 1x', '“1x” is no name of a function (line 2, column 4)'],
    ['f }', '“}” is not expected'],
    ['f /* x', 'a comment is not closed'],
    ['f "a""b"', 'a blank is expected before “"b"”'],
    [`${'f {'.repeat(40)}${'}'.repeat(40)}`, 'more than 24 expressions inside each other'],
    [Array.from({ length: 600 }, () => 'f').join('|'), 'more than 500 functions'],
  ])('that cannot be read say where: %s', (text, reason) => {
    expect(() => parseExpression(text)).toThrow(CanvasError)
    expect(() => parseExpression(text)).toThrow(reason)
  })
  it('fail with a reason of their own on any bytes', () => {
    let seed = 7
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % n
    }
    const letters = `abf |{}"'=\\$/*\n\u0000\ud83d\ue000 0-.()[]<>\``
    for (let i = 0; i < 3000; i++) {
      const text = Array.from({ length: random(40) }, () => letters[random(letters.length)]).join('')
      try {
        const parsed = parseExpression(text)
        expect(names(parseExpression(printExpression(parsed)))).toEqual(names(parsed))
      } catch (error) {
        expect(error, JSON.stringify(text)).toBeInstanceOf(CanvasError)
      }
    }
  })
})
