import { expect, it } from 'vitest'
import { fieldsOfMappings } from '../../lib/fields'
import { exampleOf } from './examples'

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
