import { describe, expect, it } from 'vitest'
import { formatTraceUrl, parseTraceUrl, type TraceState } from './url'

describe('the URL of a story', () => {
  const states: TraceState[] = [
    { field: 'trace_id', value: '5917f8', index: '*', view: 'time' },
    { field: 'a&b', value: 'x=y #z', index: 'logs-*,ml-*', view: 'talk' },
  ]
  it.each(states.map(s => [formatTraceUrl(s), s] as const))('%s', (text, state) => {
    expect(parseTraceUrl(new URL(`http://x${text}`).search)).toEqual(state)
  })
  it('survives damage', () => {
    expect(parseTraceUrl('?view=3d&index=')).toEqual({ field: '', value: '', index: '*', view: 'time' })
  })
})
