import { describe, expect, it } from 'vitest'
import { toEvent } from './events'
import { csvField, csvHead, csvLine, ndjsonLine } from './export'

describe('CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['-5.2', '-5.2'],
    ['-5+cmd', "'-5+cmd"],
    ['@SUM(1)', "'@SUM(1)"],
    ['@timestamp', '@timestamp'],
    ['', ''],
  ])('%j', (text, want) => {
    expect(csvField(text)).toBe(want)
  })
  it('has the columns of the table, with the time in UTC', () => {
    const source = { service: 'a', message: 'm, n', tags: ['x', 'y'], n: 5 }
    const event = toEvent({ index: 'i', id: '1', source, sort: [Date.UTC(2026, 0, 15, 9)] })
    const columns = ['_service', 'tags', 'n', 'missing', '_summary']
    expect(csvHead(columns)).toBe('@timestamp,Service,tags,n,missing,Summary\r\n')
    expect(csvLine(event, columns)).toBe('2026-01-15T09:00:00.000Z,a,"x, y",5,,"m, n"\r\n')
    expect(JSON.parse(ndjsonLine(event))).toEqual({ _index: 'i', _id: '1', _source: source })
  })
})
