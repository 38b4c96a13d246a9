import { describe, expect, it } from 'vitest'
import { completeKql } from './complete'
import { kqlToQuery } from './dsl'
import { KqlError } from './error'
import { quoteKql } from './quote'
import golden from './testdata/kql.json'
import errors from './testdata/kql_errors.json'

// The golden files are the server's too: internal/es/kql/shared_test.go.
describe('KQL to query DSL', () => {
  it.each(golden)('$kql', ({ kql, query }) => {
    expect(kqlToQuery(kql)).toEqual(query)
  })
})

describe('KQL errors', () => {
  it.each(errors)('$kql', ({ kql, start, end, message }) => {
    let caught: unknown
    try {
      kqlToQuery(kql)
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(KqlError)
    expect(caught).toMatchObject({ start, end, message })
  })

  it('refuses an "and" at the very end, which the server takes for a word', () => {
    expect(() => kqlToQuery('a:1 and')).toThrow('the search ends too early')
  })

  it('refuses hostile nesting instead of exhausting the stack', () => {
    expect(() => kqlToQuery(`${'('.repeat(5000)}a:1`)).toThrow('nested too deeply')
    expect(() => kqlToQuery(`${'not '.repeat(5000)}a:1`)).toThrow('nested too deeply')
  })
})

describe('values written as KQL', () => {
  it.each([
    'plain',
    'two words',
    'a "quote"',
    'back\\slash',
    'line\nbreak',
    'and',
    'a:b',
    '2026-01-01',
    'star*',
    '',
  ])('%j', value => {
    const query = kqlToQuery(`f:${quoteKql(value)}`)
    expect(Object.values(query)[0]).toEqual({ f: value })
  })
})

describe('KQL completion', () => {
  // The cursor stands at the bar.
  it.each([
    ['|', { kind: 'field', prefix: '', start: 0, end: 0 }],
    ['log|', { kind: 'field', prefix: 'log', start: 0, end: 3 }],
    ['log|_level:x', { kind: 'field', prefix: 'log', start: 0, end: 9 }],
    ['log_level |', { kind: 'operator', field: 'log_level' }],
    ['log_level:|', { kind: 'value', prefix: '', field: 'log_level', start: 10 }],
    ['log_level:ER|', { kind: 'value', prefix: 'ER', field: 'log_level', start: 10, end: 12 }],
    ['log_level:(ERROR or |', { kind: 'value', prefix: '', field: 'log_level' }],
    ['log_level:ERROR |', { kind: 'conjunction' }],
    ['log_level:ERROR and |', { kind: 'field', prefix: '' }],
    ['(a:1 or |', { kind: 'field', prefix: '' }],
    ['latency_ms > |', { kind: 'value', field: 'latency_ms' }],
  ])('%s', (marked, want) => {
    const cursor = marked.indexOf('|')
    expect(completeKql(marked.replace('|', ''), cursor)).toMatchObject(want)
  })

  it('stays quiet inside a phrase', () => {
    expect(completeKql('message:"conn', 13)).toBeNull()
  })
})
