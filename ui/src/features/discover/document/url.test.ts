import { describe, expect, it } from 'vitest'
import { is } from '../../../lib/filters'
import { DEFAULT_STATE } from '../url'
import { type DocumentState, formatDocumentUrl, parseDocumentUrl } from './url'

describe('the URL of a document', () => {
  const states: DocumentState[] = [
    { index: 'logs-2026.11.26', id: '7f3', search: DEFAULT_STATE, kept: false },
    {
      index: '.ds-logs-a-b-2026.11.26-000001',
      id: 'x/y&z=1 #2',
      search: {
        ...DEFAULT_STATE,
        index: 'logs-*',
        query: 'a:1 and b:"c&d"',
        filters: [is('service', 'x', true)],
        columns: ['a', 'b'],
      },
      kept: true,
    },
  ]
  it.each(states.map(s => [formatDocumentUrl(s), s] as const))('%s', (text, state) => {
    expect(parseDocumentUrl(new URL(`http://x${text}`).search)).toEqual(state)
  })
})
