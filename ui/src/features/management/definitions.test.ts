import { expect, it } from 'vitest'
import { differences, faultOf, parseDocuments } from './definitions'

it('reads documents as people write them', () => {
  expect(parseDocuments('{"a":1}')).toEqual([{ a: 1 }])
  expect(parseDocuments('[{"a":1},{"b":2}]')).toEqual([{ a: 1 }, { b: 2 }])
  expect(parseDocuments('{"a":1}\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }])
  expect(parseDocuments('')).toBeNull()
  expect(parseDocuments('{"a"')).toBeNull()
})

it('says what differs between two documents', () => {
  expect(differences({ a: 1, b: { c: 1 }, d: 0 }, { a: 1, b: { c: 2 }, e: 'x' })).toEqual([
    { field: 'b', before: '{"c":1}', after: '{"c":2}' },
    { field: 'd', before: '0', after: '' },
    { field: 'e', before: '', after: '"x"' },
  ])
})

it('says what is wrong with a definition', () => {
  expect(faultOf('{"a":1}')).toBeNull()
  expect(faultOf('[1]')?.message).toContain('no JSON object')
  expect(faultOf('{')).not.toBeNull()
})
