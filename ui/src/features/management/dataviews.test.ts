import { describe, expect, it } from 'vitest'
import { fieldsOfMappings } from '../../lib/fields'
import { describeFound, timeFieldsOf } from './dataviews'

const fieldsOf = (types: Record<string, string>) =>
  fieldsOfMappings([
    {
      index: 'a',
      properties: Object.fromEntries(Object.entries(types).map(([name, type]) => [name, { type }])),
    },
  ])

describe('the time of a data view', () => {
  it('is a date, the usual names first', () => {
    expect(
      timeFieldsOf(fieldsOf({ created: 'date', timestamp: 'date', '@timestamp': 'date_nanos', a: 'long' })),
    ).toEqual(['@timestamp', 'timestamp', 'created'])
    expect(timeFieldsOf(fieldsOf({ timestamp: 'keyword', at: 'date' }))).toEqual(['at'])
    expect(timeFieldsOf(fieldsOf({ a: 'long' }))).toEqual([])
  })
  it('has its usual names before there is data', () => {
    expect(timeFieldsOf([])).toEqual(['@timestamp', 'timestamp'])
  })
})

describe('what a pattern finds', () => {
  it.each([
    [{ indices: ['a'], streams: ['s', 't'], aliases: [] }, '1 index, 2 data streams'],
    [{ indices: ['a', 'b'], streams: [], aliases: ['c'] }, '2 indices, 1 alias'],
    [{ indices: [], streams: [], aliases: [] }, 'nothing'],
  ])('%j is %s', (found, text) => expect(describeFound(found)).toBe(text))
})
