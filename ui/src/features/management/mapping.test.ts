import { expect, it } from 'vitest'
import { countFields, rowsOfMapping } from './MappingTree'

it('makes rows of a mapping, objects before their members', () => {
  const rows = rowsOfMapping({
    mappings: {
      dynamic: 'strict',
      properties: {
        message: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
        http: { properties: { status: { type: 'short', index: false } } },
      },
    },
  })
  expect(rows.map(r => `${'  '.repeat(r.depth)}${r.name} ${r.type} ${r.options}`.trimEnd())).toEqual([
    'http object',
    '  status short index: false',
    'message text',
    '  keyword keyword ignore_above: 256',
  ])
  expect(rows.map(r => r.path)).toEqual(['http', 'http.status', 'message', 'message.keyword'])
  expect(rowsOfMapping({ mappings: {} })).toEqual([])
  expect(rowsOfMapping(undefined)).toEqual([])
})

it('counts fields but not what only holds them', () => {
  const leaf = { type: 'keyword' }
  const fields = { message: { ...leaf, fields: { raw: leaf } }, http: { properties: { status: leaf } } }
  expect(countFields({ mappings: { properties: fields } })).toBe(3)
  expect(countFields({ mappings: { properties: { type: leaf, properties: leaf } } })).toBe(2)
  expect(countFields({ mappings: {} })).toBe(0)
})
