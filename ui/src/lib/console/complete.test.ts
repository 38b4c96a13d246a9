import { describe, expect, it } from 'vitest'
import { type Catalogue, completeConsole } from './complete'

const catalogue: Catalogue = {
  endpoints: [
    { path: '/_search', methods: ['GET', 'POST'], params: ['size', 'sort'], help: 'find documents' },
    {
      path: '/{index}/_search',
      methods: ['GET', 'POST'],
      params: ['size', 'routing'],
      help: 'find documents',
    },
    { path: '/{index}/_doc/{id}', methods: ['GET', 'PUT'], params: ['routing'], help: 'a document' },
    { path: '/{index}', methods: ['PUT', 'DELETE', 'GET'], params: [], help: 'an index' },
    { path: '/_cat/indices', methods: ['GET'], params: ['v', 'h'], help: 'indices' },
    { path: '/_cat/indices/{index}', methods: ['GET'], params: ['v'], help: 'indices' },
    { path: '/_bulk', methods: ['POST'], params: [], help: 'many writes' },
  ],
  commonParams: ['pretty'],
  queries: ['bool', 'match', 'match_all', 'term'],
  aggregations: ['date_histogram', 'terms'],
  indices: ['logs-a', 'logs-b'],
  fields: [
    { name: 'log_level', type: 'keyword' },
    { name: 'message', type: 'text' },
  ],
}

/** The cursor stands at the bar; what is offered, as it would be inserted. */
function offered(marked: string): string[] {
  const cursor = marked.indexOf('|')
  const found = completeConsole(marked.replace('|', ''), cursor, catalogue)
  return found?.candidates.map(c => c.insert) ?? []
}

/** The text after the first candidate that begins so is chosen. */
function chosen(marked: string, begins: string): string {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  const found = completeConsole(text, cursor, catalogue)
  const one = found?.candidates.find(c => c.label.startsWith(begins))
  if (!found || !one) throw new Error(`${begins} is not offered`)
  const out = text.slice(0, found.start) + one.insert + text.slice(found.end)
  const at = found.start + one.insert.length - (one.back ?? 0)
  return `${out.slice(0, at)}|${out.slice(at)}`
}

describe('console completion', () => {
  it('offers methods where a request begins', () => {
    expect(offered('|')).toEqual(['GET ', 'POST ', 'PUT ', 'DELETE ', 'HEAD '])
    expect(offered('p|')).toEqual(['POST ', 'PUT '])
    expect(offered('GET a\n{}\n\nde|')).toEqual(['DELETE '])
    expect(offered('# p|')).toEqual([])
  })
  it('offers paths of the method, and indices where one stands', () => {
    expect(offered('GET |')).toEqual(['_search', 'logs-a/', 'logs-b/', '_cat/indices', '_cat/indices/'])
    expect(offered('GET /_s|')).toEqual(['_search'])
    expect(offered('GET logs-a/|')).toEqual(['_search', '_doc/'])
    expect(offered('PUT logs-a/_|')).toEqual(['_doc/'])
    expect(offered('DELETE l|')).toEqual(['logs-a', 'logs-b'])
    expect(offered('GET _cat/|')).toEqual(['indices', 'indices/'])
    expect(offered('GET _nope/|')).toEqual([])
    expect(chosen('GET logs-a/_se|ar', '_search')).toBe('GET logs-a/_search|')
  })
  it('offers the parameters of a path once', () => {
    expect(offered('GET logs-a/_search?|')).toEqual(['size=', 'routing=', 'pretty='])
    expect(offered('GET logs-a/_search?size=1&r|')).toEqual(['routing=', 'pretty='])
    expect(offered('GET logs-a/_search?size=|')).toEqual([])
  })
  it('offers members, clauses and fields in a body', () => {
    expect(chosen('GET _search\n{\n  "qu|"\n}', 'query')).toBe('GET _search\n{\n  "query": {|}\n}')
    expect(chosen('GET _search\n{ "query": { "ma|', 'match_all')).toBe(
      'GET _search\n{ "query": { "match_all": {|}',
    )
    expect(chosen('GET _search\n{ "query": { "ma|": {} } }', 'match')).toBe(
      'GET _search\n{ "query": { "match"|: {} } }',
    )
    expect(offered('GET _search\n{"query": {"bool": {"must": [{ |')).toEqual([
      '"bool": {}',
      '"match": {}',
      '"match_all": {}',
      '"term": {}',
    ])
    expect(chosen('GET _search\n{"query": {"term": {"lo|"}}}', 'log_level')).toBe(
      'GET _search\n{"query": {"term": {"log_level": |}}}',
    )
    expect(offered('GET _search\n{"aggs": {"by": {"ter|')).toEqual(['"terms": {}'])
    expect(offered('GET _search\n{"aggs": {"by": {"terms": {"fie|')).toEqual(['"field": '])
    expect(chosen('GET _search\n{"aggs": {"by": {"terms": {"field": "|"}}}}', 'message')).toBe(
      'GET _search\n{"aggs": {"by": {"terms": {"field": "message"|}}}}',
    )
    expect(offered('PUT logs-c\n{ |')).toEqual(['"mappings": {}', '"settings": {}', '"aliases": {}'])
    expect(offered('PUT logs-c\n{"mappings": {"properties": {"a": {"type": "ke|"}}}}')).toEqual(['"keyword"'])
  })
  it('stays quiet where nothing is known', () => {
    for (const text of ['GET _search # |', 'GET _search\n{} |', 'GET _search\n{"aggs": {"|', '{"|'])
      expect(offered(text), text).toEqual([])
  })
})
