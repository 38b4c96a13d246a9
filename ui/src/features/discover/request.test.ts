import { describe, expect, it } from 'vitest'
import { is } from '../../lib/filters'
import { MINUTE } from '../../lib/time/units'
import { boolQuery, conditions, eventsRequest, newestRequest, overviewRequest, timeClause } from './request'
import { colourOf, decodeTimeline } from './timeline'
import { DEFAULT_STATE } from './url'

const range = { from: Date.UTC(2026, 0, 15, 9), to: Date.UTC(2026, 0, 15, 9, 15) }

describe('requests', () => {
  it('join text, filters and time', () => {
    const parts = conditions({ ...DEFAULT_STATE, query: 'a:1', filters: [is('b', 'x'), is('c', 2, true)] })
    expect(boolQuery(parts, timeClause('@timestamp', { gte: range.from, lte: range.to }))).toEqual({
      bool: {
        filter: [
          {
            range: {
              '@timestamp': {
                gte: '2026-01-15T09:00:00.000Z',
                lte: '2026-01-15T09:15:00.000Z',
                format: 'strict_date_optional_time',
              },
            },
          },
          { match: { a: '1' } },
          { match_phrase: { b: 'x' } },
        ],
        must_not: [{ match_phrase: { c: 2 } }],
      },
    })
  })
  it('pass Lucene on as it is', () => {
    expect(conditions({ ...DEFAULT_STATE, language: 'lucene', query: ' tokens_used:>500 ' }).filter).toEqual([
      { query_string: { query: 'tokens_used:>500' } },
    ])
  })
  it('continue a page without losing or repeating events of one millisecond', () => {
    const request = eventsRequest({ match_all: {} }, '@timestamp', { at: 1000, shown: ['x', 'y'] })
    expect(request).toMatchObject({
      search_after: [1001, 0],
      query: { bool: { must_not: [{ ids: { values: ['x', 'y'] } }] } },
    })
  })
  it('ask for a histogram of the whole range', () => {
    const { request, interval } = overviewRequest({ match_all: {} }, 't', range, 'log_level', 60, null)
    expect(interval).toBe(MINUTE / 4)
    expect(request).toEqual({
      query: { match_all: {} },
      size: 0,
      track_total_hits: true,
      aggs: {
        timeline: {
          date_histogram: {
            field: 't',
            fixed_interval: '15s',
            min_doc_count: 0,
            extended_bounds: { min: range.from, max: range.to },
          },
          aggs: { by: { terms: { field: 'log_level', size: 9 } } },
        },
      },
    })
  })
  it('ask for the newest event without a time', () => {
    expect(newestRequest({ filter: [], must_not: [] }, 't').aggs).toMatchObject({
      newest: { max: { field: 't' } },
    })
  })
})

describe('the timeline', () => {
  it('stacks the worst level lowest and keeps what has none', () => {
    const by = (...counts: [string, number][]) => ({
      buckets: counts.map(([key, doc_count]) => ({ key, doc_count })),
    })
    const bars = {
      timeline: {
        buckets: [
          { key: 0, doc_count: 5, by: by(['INFO', 4], ['ERROR', 1]) },
          { key: 10, doc_count: 3, by: by(['WARN', 1]) },
        ],
      },
    }
    const timeline = decodeTimeline(bars, 10, [bars])
    expect(timeline.series.map(s => [s.label, s.counts])).toEqual([
      ['ERROR', [1, 0]],
      ['WARN', [0, 1]],
      ['INFO', [4, 0]],
      ['other', [0, 2]],
    ])
    expect(timeline).toMatchObject({ starts: [0, 10], totals: [5, 3] })
  })
  it('joins the stacks of indices that must be asked apart', () => {
    const bar = (key: number, count: number, value: string) => ({
      key,
      doc_count: count,
      by: { buckets: [{ key: value, doc_count: count }] },
    })
    const base = {
      timeline: {
        buckets: [
          { key: 0, doc_count: 5 },
          { key: 10, doc_count: 2 },
        ],
      },
    }
    const stacks = [
      { timeline: { buckets: [bar(0, 2, 'ERROR')] } },
      { timeline: { buckets: [bar(0, 1, 'ERROR'), bar(10, 2, 'INFO')] } },
    ]
    expect(decodeTimeline(base, 10, stacks).series.map(s => [s.label, s.counts])).toEqual([
      ['ERROR', [3, 0]],
      ['INFO', [0, 2]],
      ['other', [2, 0]],
    ])
  })
  it('draws plain bars when nothing is stacked', () => {
    const timeline = decodeTimeline({ timeline: { buckets: [{ key: 0, doc_count: 5 }] } }, 10, null)
    expect(timeline.series).toMatchObject([{ key: null, label: 'events', counts: [5] }])
  })
  it('tells spellings of a level apart, and names the empty one', () => {
    const bars = {
      timeline: {
        buckets: [
          {
            key: 0,
            doc_count: 6,
            by: {
              buckets: [
                { key: 'ERROR', doc_count: 3 },
                { key: 'error', doc_count: 2 },
                { key: '', doc_count: 1 },
              ],
            },
          },
        ],
      },
    }
    const { series } = decodeTimeline(bars, 10, [bars])
    expect(series.map(s => [s.label, s.key])).toEqual([
      ['ERROR', 'ERROR'],
      ['error', 'error'],
      ['(empty)', ''],
    ])
    const [first, second] = series.map(colourOf)
    expect(first).toBe('var(--level-error)')
    expect(second).toContain('color-mix')
  })
})
