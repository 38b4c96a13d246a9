import { describe, expect, it } from 'vitest'
import { between, exists, type Filter, formOf, is, oneOf, words } from './filters'

const dsl = (query: unknown): Filter => ({
  field: 'x',
  kind: 'dsl',
  value: JSON.stringify(query),
  negated: false,
  disabled: false,
})

describe('a filter read back into its form', () => {
  it.each<[string, Filter, string]>([
    ['a value', is('level', 'ERROR'), 'level is ERROR'],
    ['not a value', is('status', 500, true), 'status isNot 500'],
    ['existence', exists('user', true), 'user existsNot '],
    ['words', words('message', 'no space'), 'message words no space'],
    ['not words', words('message', 'no space', true), 'message notWords no space'],
    ['several values', oneOf('status', [200, 404], 'name'), 'status oneOf 200, 404'],
    ['none of several', oneOf('level', ['a', 'b'], 'name', true), 'level notOneOf a, b'],
    ['bounds', between('latency', [1, 2.5], 'name'), 'latency between 1 to 2.5'],
    ['one bound', between('at', [null, '2026-01-01'], 'name', true), 'at notBetween  to 2026-01-01'],
  ])('%s', (_, filter, want) => {
    const form = formOf(filter)
    expect(form && `${form.field} ${form.kind} ${form.value}${form.end && ` to ${form.end}`}`).toBe(want)
  })
  it.each<[string, unknown]>([
    ['values with commas', { bool: { should: [{ match_phrase: { a: 'b, c' } }], minimum_should_match: 1 } }],
    [
      'two fields',
      { bool: { should: [{ match_phrase: { a: 1 } }, { match_phrase: { b: 1 } }], minimum_should_match: 1 } },
    ],
    [
      'more than values',
      { bool: { should: [{ match_phrase: { a: 1 } }], minimum_should_match: 1, filter: [] } },
    ],
    ['other bounds', { range: { a: { gte: 1, lte: 2 } } }],
    ['bounds of two fields', { range: { a: { gte: 1 }, b: { gte: 1 } } }],
    ['another query', { terms: { a: [1] } }],
    ['nothing', {}],
  ])('is none for %s', (_, query) => {
    expect(formOf(dsl(query))).toBeNull()
  })
})
