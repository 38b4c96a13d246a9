import { describe, expect, it } from 'vitest'
import { reasonOf } from './errors'
import { parseJson } from './json'
import { decodeIndices } from './schemas/indices'
import { decodeMappings } from './schemas/mapping'
import { decodeBuckets, decodeMetric, decodeSearch } from './schemas/search'

describe('JSON with large integers', () => {
  it('keeps what a double would round', () => {
    const text =
      '{"a":9223372036854775807,"b":-9007199254740993,"c":1700000000000,"d":0.1234567890123456,"e":"9223372036854775807","f":9007199254740991,"g":[12345678901234567890],"h":"say \\"12345678901234567\\""}'
    expect(parseJson(text)).toEqual({
      a: '9223372036854775807',
      b: '-9007199254740993',
      c: 1700000000000,
      d: 0.1234567890123456,
      e: '9223372036854775807',
      f: 9007199254740991,
      g: ['12345678901234567890'],
      h: 'say "12345678901234567"',
    })
  })
})

describe('search answers', () => {
  const answer = {
    took: 3,
    timed_out: false,
    _shards: {
      total: 2,
      successful: 1,
      failed: 1,
      failures: [{ reason: { type: 'x', reason: 'segment is corrupt' } }],
    },
    hits: {
      total: { value: 10000, relation: 'gte' },
      hits: [{ _index: 'a', _id: '1', _source: { m: 1 }, sort: [5] }],
    },
    aggregations: {
      levels: {
        sum_other_doc_count: 3,
        buckets: [
          { key: 'ERROR', doc_count: 2 },
          { key: 1, key_as_string: 'true', doc_count: 1 },
        ],
      },
      parts: { buckets: { matching: { doc_count: 4, newest: { value: 7 } } } },
      newest: { value: null },
    },
  }
  it('are decoded', () => {
    const response = decodeSearch(answer)
    expect(response).toMatchObject({
      tookMillis: 3,
      total: { value: 10000, exact: false },
      hits: [{ index: 'a', id: '1', sort: [5] }],
    })
    expect(response.missing).toEqual(['1 of 2 shards failed: segment is corrupt'])
    expect(decodeBuckets(response.aggregations, 'levels')).toMatchObject({
      others: 3,
      buckets: [{ key: 'ERROR', count: 2 }, { keyText: 'true' }],
    })
    const [matching] = decodeBuckets(response.aggregations, 'parts').buckets
    expect(matching && decodeMetric(matching.raw, 'newest')).toBe(7)
    expect(decodeMetric(response.aggregations, 'newest')).toBeNull()
  })
  it.each([
    [null, '_search should be an object'],
    [{ took: 1 }, 'hits should be an object'],
    [{ took: 'x', hits: { hits: [] } }, 'took should be a number'],
    [{ took: 1, hits: { hits: [{ _index: 'a' }] } }, 'hits.hits[0]._id should be a text'],
  ])('of the wrong shape are refused: %j', (wrong, reason) => {
    expect(() => decodeSearch(wrong)).toThrow(reason)
  })
})

describe('other answers', () => {
  it('indices', () => {
    expect(
      decodeIndices([
        { index: 'a', 'docs.count': '12' },
        { index: 'closed', 'docs.count': null },
      ]),
    ).toEqual([
      { name: 'a', docs: 12 },
      { name: 'closed', docs: 0 },
    ])
  })
  it('mappings', () => {
    expect(
      decodeMappings({
        a: { mappings: {} },
        b: {
          mappings: {
            properties: { m: { type: 'text', analyzer: 'x', fields: { keyword: { type: 'keyword' } } } },
          },
        },
      }),
    ).toEqual([
      { index: 'a', properties: {} },
      { index: 'b', properties: { m: { type: 'text', fields: { keyword: { type: 'keyword' } } } } },
    ])
  })
  it('errors tell the deepest reason', () => {
    const error = {
      type: 'search_phase_execution_exception',
      reason: 'all shards failed',
      root_cause: [{ type: 'query_shard_exception', reason: 'Failed to parse query [a:]' }],
    }
    expect(reasonOf({ error, status: 400 })).toEqual({
      type: 'query_shard_exception',
      reason: 'Failed to parse query [a:]',
    })
    expect(reasonOf({ error: 'no handler found', status: 400 })).toEqual({
      type: 'error',
      reason: 'no handler found',
    })
    expect(reasonOf('text')).toBeNull()
  })
})
