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

  it('asks for both queries where a chart and its saved search have one', () => {
    const chart = (query: string) => ({
      type: 'visualization',
      attributes: {
        savedSearchRefName: 's',
        visState: '{"type":"pie","aggs":[]}',
        ...source({ query: { query, language: 'kuery' } }),
      },
      references: [{ name: 's', type: 'search', id: 's' }],
    })
    const { search, notes } = chartOf(chart('c: d'), saved)
    expect(search.query.query).toBe('c: d')
    expect(search.filter).toMatchObject([
      { meta: { alias: 'a: b', negate: false }, query: { match: { a: 'b' } } },
    ])
    expect(notes).toEqual([])

    const broken = { ...saved, attributes: source({ query: { query: 'a: (', language: 'kuery' } }) }
    expect(chartOf(chart('c: d'), broken)).toMatchObject({
      search: { filter: [] },
      notes: ['The query of the saved search that it is made of is left out.'],
    })
  })

  it('reads the first tab of a saved search of Kibana 9', () => {
    const attributes = { columns: ['host'], ...source({ query: { query: 'x: y', language: 'kuery' } }) }
    const object = {
      type: 'search',
      attributes: { title: 'T', tabs: [{ id: '1', attributes }] },
      references: [],
    }
    expect(chartOf(object, null)).toMatchObject({
      title: 'T',
      params: { columns: ['host'] },
      search: { query: { query: 'x: y' } },
    })
  })

  it('shows links as a text, each to where it leads', () => {
    const links = [
      { type: 'externalLink', label: 'Run [book]', destination: 'https://example.org/a', order: 1 },
      { type: 'dashboardLink', label: 'Errors', destinationRefName: 'link_a', order: 0 },
      { type: 'externalLink', label: 'Bad', destination: 'javascript:alert(1)', order: 2 },
      { type: 'dashboardLink', label: 'Gone', destinationRefName: 'link_b', order: 3 },
    ]
    const object = (layout: string) => ({
      type: 'links',
      attributes: { title: 'L', layout, links },
      references: [{ name: 'link_a', type: 'dashboard', id: 'errors/1' }],
    })
    const [errors, book] = ['[Errors](/dashboards/errors%2F1)', '[Run book](https://example.org/a)']
    expect(chartOf(object('vertical'), null)).toMatchObject({
      type: 'markdown',
      title: 'L',
      params: { markdown: `- ${errors}\n- ${book}` },
      notes: ['2 of its links cannot be followed.'],
    })
    expect(chartOf(object('horizontal'), null).params.markdown).toBe(`${errors} · ${book}`)
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
      'None of its layers',
    )
    expect(chartOf({ type: 'sausage', attributes: {}, references: [] }, null).notes[0]).toContain('“sausage”')
  })
})
