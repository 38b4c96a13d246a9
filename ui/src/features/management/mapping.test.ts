import { expect, it } from 'vitest'
import { rowsOfMapping } from './MappingTree'

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
