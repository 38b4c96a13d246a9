import { describe, expect, it } from 'vitest'
import { type EditorState, formatEditorUrl, parseEditorUrl } from './editor_url'
import { negated, rangeFilter } from './filter'
import { suggest } from './suggest'

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
    ['an empty search', { query: { query: '', language: 'kuery' } }],
    ['no filters', { filters: [] }],
    ['no title', { title: '' }],
    ['a new panel', { board: { id: 'team/a', panel: null, search: '' } }],
    [
      'a panel, and the way back to its dashboard',
      { board: { id: 'new', panel: '3 b', search: 'q=a%26b:%22c%25%22&f=%7B%7D' }, title: 'Errors & more' },
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
    expect(parseEditorUrl('vis={&f=x&f={}&panel=3&back=q')).toEqual({ ...DEFAULT, filters: [] })
    expect(parseEditorUrl('vis={"type":"nonsense"}')).toEqual(DEFAULT)
  })
})
