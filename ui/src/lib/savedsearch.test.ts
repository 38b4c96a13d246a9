import { describe, expect, it } from 'vitest'
import { exists, is, words } from './filters'
import {
  printSearch,
  readPrinted,
  readSaved,
  type SearchContent,
  writeSavedQuery,
  writeSearch,
} from './savedsearch'

const content: SearchContent = {
  index: 'logs-*',
  query: 'level:ERROR',
  language: 'kql',
  filters: [
    is('service', 'a', true),
    { ...exists('trace_id'), pinned: true },
    { ...is('status', 500), disabled: true },
    { field: 'slow', kind: 'dsl', value: '{"range":{"took":{"gt":5}}}', negated: false, disabled: false },
    words('message', 'pool exhausted'),
  ],
  columns: ['service', 'message'],
  breakdown: 'service',
  range: { from: 'now-1h', to: 'now' },
}
const patterns = new Map([['view-1', 'logs-*']])

describe('saved searches', () => {
  it('come back as they were saved', () => {
    const saved = writeSearch('Errors', content, 'view-1')
    expect(saved.attributes.title).toBe('Errors')
    const read = readSaved({ type: 'search', ...saved }, patterns)
    expect({ ...read, filters: read.filters.slice(0, 4) }).toEqual({
      ...content,
      filters: content.filters.slice(0, 4),
    })
    // Kibana knows no kind for words, so they come back as the query they are.
    expect(read.filters[4]).toMatchObject({ kind: 'dsl', field: 'message has pool exhausted' })
  })
  it('take what the page chooses as its choice', () => {
    const plain = { ...content, columns: null, breakdown: 'auto', range: null }
    expect(readSaved({ type: 'search', ...writeSearch('x', plain, null) }, patterns)).toMatchObject({
      index: null,
      columns: null,
      breakdown: 'auto',
      range: null,
    })
  })
  it('are read from older Kibana, and from anybody', () => {
    const searchSourceJSON = JSON.stringify({
      index: 'view-1',
      query: { query_string: { query: 'a:b' } },
      filter: [],
    })
    const old = { columns: ['_source'], kibanaSavedObjectMeta: { searchSourceJSON } }
    expect(readSaved({ type: 'search', attributes: old, references: [] }, patterns)).toMatchObject({
      index: 'logs-*',
      query: 'a:b',
      language: 'lucene',
      columns: null,
    })
    expect(
      readSaved(
        { type: 'search', attributes: { columns: 7, kibanaSavedObjectMeta: 'x' }, references: [] },
        patterns,
      ),
    ).toMatchObject({
      query: '',
      filters: [],
    })
  })
})

describe('saved queries', () => {
  it('hold the text, the filters and the time', () => {
    const read = readSaved({ type: 'query', ...writeSavedQuery('q', content) }, patterns)
    expect(read).toMatchObject({
      index: null,
      query: 'level:ERROR',
      language: 'kql',
      range: { from: 'now-1h', to: 'now' },
    })
    expect(read.filters).toHaveLength(5)
  })
})

describe('printed searches', () => {
  const printed = `{
    "query": {"bool": {
      "must": [{"term": {"level": "ERROR"}}, {"exists": {"field": "error_type"}}],
      "must_not": [{"term": {"error_type": "NotFound"}}]
    }},
    "sort": [{"@timestamp": "desc"}]
  }`
  it('become filters', () => {
    expect(readPrinted(printed)).toEqual([
      is('level', 'ERROR'),
      exists('error_type'),
      is('error_type', 'NotFound', true),
    ])
  })
  it('keep what filters cannot say as a query', () => {
    expect(readPrinted('{"query":{"bool":{"must":{"range":{"a":{"gt":1}}}}}}')).toMatchObject([
      { kind: 'dsl', value: '{"range":{"a":{"gt":1}}}' },
    ])
    expect(readPrinted('{"query":{"bool":{"should":[{"term":{"a":1}}]}}}')).toMatchObject([{ kind: 'dsl' }])
    expect(readPrinted('{"query":{"match_all":{}}}')).toMatchObject([{ kind: 'dsl' }])
  })
  it.each(['', '[]', '{"size":1}', 'level:ERROR'])('refuse %j', text => {
    expect(readPrinted(text)).toBeNull()
  })
  it('are printed with must, must_not and sort', () => {
    const clauses = {
      filter: [{ term: { level: 'ERROR' } }, { exists: { field: 'e' } }],
      must_not: [{ term: { e: 'x' } }],
    }
    const text = printSearch(clauses, '@timestamp')
    expect(JSON.parse(text)).toEqual({
      query: { bool: { must: clauses.filter, must_not: clauses.must_not } },
      sort: [{ '@timestamp': 'desc' }],
    })
    expect(readPrinted(text)).toEqual([is('level', 'ERROR'), exists('e'), is('e', 'x', true)])
  })
})
