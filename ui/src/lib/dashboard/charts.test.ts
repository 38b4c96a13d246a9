import { describe, expect, it } from 'vitest'
import type { SavedObject } from '../savedobjects'
import { chartOf, searchOf } from './charts'

const source = (value: object) => ({ kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(value) } })
const VIEW = { name: 'i', type: 'index-pattern', id: 'view' }

const saved: SavedObject = {
  type: 'search',
  id: 's',
  attributes: {
    title: 'Errors',
    columns: ['url', '_source'],
    ...source({ query: { query: 'a: b', language: 'kuery' }, indexRefName: 'i' }),
  },
  references: [VIEW],
  version: '',
  updatedAt: '',
}

describe('chartOf', () => {
  it('shows a saved search as a table of its documents', () => {
    expect(chartOf(saved, null)).toMatchObject({
      type: 'top_hits_table',
      title: 'Errors',
      params: { columns: ['url'] },
      search: { query: { query: 'a: b' }, index: 'view' },
    })
  })

  it('holds a chart to the saved search that it is made of', () => {
    const chart = {
      type: 'visualization',
      attributes: {
        title: 'C',
        savedSearchRefName: 'search_0',
        visState: '{"type":"pie","aggs":[]}',
        ...source({ query: { query: '', language: 'kuery' } }),
      },
      references: [{ name: 'search_0', type: 'search', id: 's' }],
    }
    expect(searchOf(chart)).toBe('s')
    expect(chartOf(chart, saved)).toMatchObject({
      type: 'pie',
      search: { query: { query: 'a: b' }, index: 'view' },
    })
  })

  it('reads TSVB inside a visualization, and says of other types why not', () => {
    const tsvb = { type: 'metrics', params: { type: 'markdown', markdown: 'x' } }
    expect(
      chartOf(
        { type: 'visualization', attributes: { title: 'T', visState: JSON.stringify(tsvb) }, references: [] },
        null,
      ),
    ).toMatchObject({
      type: 'markdown',
      title: 'T',
    })
    expect(chartOf({ type: 'map', attributes: {}, references: [] }, null).notes[0]).toContain(
      'Maps of several layers',
    )
    expect(chartOf({ type: 'sausage', attributes: {}, references: [] }, null).notes[0]).toContain('“sausage”')
  })
})
