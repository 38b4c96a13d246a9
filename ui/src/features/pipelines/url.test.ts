import { describe, expect, it } from 'vitest'
import { formatDebuggerUrl, formatPipelinesUrl, parseDebuggerUrl, parsePipelinesUrl } from './url'

describe('links to pipelines', () => {
  it.each([
    { open: null, tab: 'graph' as const },
    { open: 'a/b&c', tab: 'edit' as const },
  ])('go round: %j', state => {
    expect(parsePipelinesUrl(formatPipelinesUrl(state))).toEqual(state)
  })
  it.each([
    { pipeline: '', text: null, event: '' },
    { pipeline: 'main', text: null, event: '{"a":"b&c"}' },
    { pipeline: '', text: 'filter {\n}', event: 'a line' },
    { pipeline: 'main', text: '', event: '' },
  ])('to the debugger go round: %j', state => {
    expect(parseDebuggerUrl(formatDebuggerUrl(state))).toEqual(state)
  })
})
