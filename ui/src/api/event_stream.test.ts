import { describe, expect, it } from 'vitest'
import { eventReader, type StreamEvent } from './event_stream'

describe('eventReader', () => {
  const text =
    ':\nid: a\n\nevent: hit\nid: b\ndata: {"n": 1}\n\n:\n\nevent: hit\ndata: x\ndata: y\n\nevent: cut'
  const want: StreamEvent[] = [
    { name: '', data: '', id: 'a' },
    { name: 'hit', data: '{"n": 1}', id: 'b' },
    { name: 'hit', data: 'x\ny', id: '' },
  ]
  it.each([1, 2, 7, text.length])('reads pieces of %d characters', size => {
    const got: StreamEvent[] = []
    const read = eventReader(event => got.push(event))
    for (let i = 0; i < text.length; i += size) read(text.slice(i, i + size))
    expect(got).toEqual(want)
  })
})
