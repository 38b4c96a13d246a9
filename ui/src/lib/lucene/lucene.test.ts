import { describe, expect, it } from 'vitest'
import { completeLucene } from './complete'
import { LuceneError } from './error'
import { parseLucene } from './parse'
import { nameLucene, quoteLucene } from './quote'
import golden from './testdata/lucene.json'
import { printLucene } from './tree'

/** Line and column of a place, from 1, counted in characters as the server counts them. */
function placeOf(text: string, at: number) {
  const lines = text.slice(0, at).split('\n')
  return { line: lines.length, column: [...(lines.at(-1) as string)].length + 1 }
}

// The golden file is the server's too: internal/es/lucene/shared_test.go.
describe('Lucene', () => {
  it.each(golden)('$lucene', ({ lucene, tree, line, column, start, end, message }) => {
    if (tree !== undefined) {
      expect(printLucene(parseLucene(lucene))).toBe(tree)
      expect(printLucene(parseLucene(tree))).toBe(tree)
      return
    }
    let caught: unknown
    try {
      parseLucene(lucene)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(LuceneError)
    expect(caught).toMatchObject({ start, end, message })
    expect(placeOf(lucene, (caught as LuceneError).at)).toEqual({ line, column })
  })

  it('refuses hostile nesting instead of exhausting the stack', () => {
    expect(() => parseLucene(`${'('.repeat(5000)}a`)).toThrow('nested too deeply')
  })
})

describe('values and names written as Lucene', () => {
  const texts = [
    'plain',
    'two words',
    'a "quote"',
    'back\\slash',
    'line\nbreak',
    'AND',
    'a:b',
    '-5',
    'star*',
    '/x/',
    '',
  ]
  it.each(texts)('%j', text => {
    const node = parseLucene(`f:${quoteLucene(text)}`)
    expect(node).toMatchObject({ clauses: [{ node: { field: 'f', text } }] })
  })
  it.each(['log_level', 'a b', 'a:b', 'http.status', '@timestamp', 'AND'])('%j', name => {
    expect(parseLucene(`${nameLucene(name)}:x`)).toMatchObject({
      clauses: [{ node: { field: name, text: 'x' } }],
    })
  })
})

describe('Lucene completion', () => {
  // The cursor stands at the bar.
  it.each([
    ['|', { kind: 'field', prefix: '', start: 0, end: 0 }],
    ['log|', { kind: 'field', prefix: 'log', start: 0, end: 3 }],
    ['log|_level:x', { kind: 'field', prefix: 'log', start: 0, end: 9 }],
    ['+log|', { kind: 'field', prefix: 'log', start: 1, end: 4 }],
    ['log_level |', { kind: 'operator', field: 'log_level', start: 9, end: 10 }],
    ['log_level:|', { kind: 'value', prefix: '', field: 'log_level', start: 10 }],
    ['log_level:ER|', { kind: 'value', prefix: 'ER', field: 'log_level', start: 10, end: 12 }],
    ['log_level:ERROR |', { kind: 'conjunction' }],
    ['log_level:ERROR log|', { kind: 'field', prefix: 'log' }],
    ['log_level:ERROR AND |', { kind: 'field', prefix: '' }],
    ['log_level:(ERROR OR |', { kind: 'value', prefix: '', field: 'log_level' }],
    ['log_level:(ERROR WA|', { kind: 'value', prefix: 'WA', field: 'log_level' }],
    ['log_level:(ERROR) |', { kind: 'conjunction' }],
    ['(a:1 OR |', { kind: 'field', prefix: '' }],
    ['latency_ms:>|', { kind: 'value', prefix: '', field: 'latency_ms' }],
    ['latency_ms:>=1|', { kind: 'value', prefix: '1', field: 'latency_ms', start: 13 }],
    ['status:[1 TO 2] |', { kind: 'conjunction' }],
    ['message:"a b"~2^3 |', { kind: 'conjunction' }],
    ['word~1 |', { kind: 'conjunction' }],
  ])('%s', (marked, want) => {
    const cursor = marked.indexOf('|')
    expect(completeLucene(marked.replace('|', ''), cursor)).toMatchObject(want)
  })

  it.each(['message:"conn', 'status:[400 TO ', 'a\\', 'a^'])('stays quiet inside %s', text => {
    expect(completeLucene(text, text.length)).toBeNull()
  })
})
