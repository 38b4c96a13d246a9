import { describe, expect, it } from 'vitest'
import { negated, rangeFilter } from '../../lib/vis/filter'
import { suggest } from '../../lib/vis/suggest'
import { type EditorState, formatEditorUrl, parseEditorUrl } from './url'

const DEFAULT: EditorState = parseEditorUrl('')

describe('links to the editor', () => {
  it.each<[string, Partial<EditorState>]>([
    ['nothing', {}],
    ['a saved one', { id: 'a/b c' }],
    [
      'a search',
      {
        index: 'chat-*',
        query: { query: 'a:"b&c"', language: 'lucene' },
        range: { from: 'now-7d', to: 'now' },
      },
    ],
    ['filters', { filters: [negated(rangeFilter('took', { gte: 1, lt: 2 }))] }],
    [
      'a chart',
      {
        draft: (({ type, params, aggs }) => ({ type, params, aggs }))(
          suggest(
            [
              {
                name: 'latency ms',
                type: 'long',
                kind: 'number',
                searchable: true,
                aggregateOn: 'latency ms',
                split: [],
              },
            ],
            '@timestamp',
          ),
        ),
      },
    ],
  ])('bring back %s', (_, part) => {
    const state = { ...DEFAULT, ...part }
    expect(parseEditorUrl(formatEditorUrl(state).split('?')[1] ?? '')).toEqual(state)
  })
  it('may be damaged', () => {
    expect(parseEditorUrl('vis={&f=x&f={}')).toEqual(DEFAULT)
    expect(parseEditorUrl('vis={"type":"nonsense"}')).toEqual(DEFAULT)
  })
})
