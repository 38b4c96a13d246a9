import { expect, it } from 'vitest'
import { fieldsOfMappings } from '../../lib/fields'
import { kqlToQuery } from '../../lib/kql/dsl'
import { parseLucene } from '../../lib/lucene/parse'
import { queryHints } from '../../lib/query/hints'
import { exampleOf, examplesOf } from './examples'

const fieldsOf = (properties: Record<string, { type: string }>) =>
  fieldsOfMappings([{ index: 'i', properties }])

it('makes the example of an empty search from the fields there are', () => {
  const fields = fieldsOf({
    level: { type: 'keyword' },
    latency_ms: { type: 'double' },
    port: { type: 'long' },
  })
  expect(exampleOf(fields, 'kql')).toBe('level:ERROR and latency_ms > 500')
  expect(exampleOf(fields, 'lucene')).toBe('level:ERROR AND latency_ms:>500')
  expect(exampleOf(fieldsOf({ service_name: { type: 'keyword' } }), 'kql')).toBe('service_name:*')
  expect(exampleOf(fieldsOf({ body: { type: 'text' } }), 'kql')).toBeNull()
})

it('shows on the help sheet what can be searched for here', () => {
  const views = [
    fieldsOf({
      level: { type: 'keyword' },
      host: { type: 'keyword' },
      body: { type: 'text' },
      took: { type: 'long' },
    }),
    fieldsOf({ '@timestamp': { type: 'date' }, value: { type: 'double' } }),
    fieldsOf({ message: { type: 'text' } }),
  ]
  for (const fields of views) {
    const kql = examplesOf(fields, 'kql').rows.map(([text]) => text)
    const lucene = examplesOf(fields, 'lucene').rows.map(([text]) => text)
    for (const text of kql) {
      kqlToQuery(text)
      expect(queryHints(text, 'kql', fields), text).toEqual([])
    }
    for (const text of lucene) {
      parseLucene(text)
      expect(queryHints(text, 'lucene', fields), text).toEqual([])
    }
    expect(kql.length).toBeGreaterThan(1)
  }
  expect(examplesOf([], 'kql').rows).toEqual([['timeout', 'the word in any field']])
})
