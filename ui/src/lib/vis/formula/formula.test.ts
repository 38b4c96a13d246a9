import { describe, expect, it } from 'vitest'
import { queryErrorOf } from '../../queryerror'
import { evaluate, leavesOf } from '../expr'
import type { Json } from '../json'
import { compileFormula } from './compile'

const compile = (text: string) => compileFormula(text, 'f', '@timestamp')
const asked = (text: string) => Object.fromEntries(leavesOf(compile(text)).map(l => [l.name, l.aggregation]))
const series = (rows: number) => () => [Array.from({ length: rows }, (_, i) => i)]
const computed = (text: string, buckets: Json[]) => evaluate(compile(text), buckets, series(buckets.length))

describe('what a formula asks for', () => {
  it.each<[string, Json]>([
    ['count()', { _count: null }],
    ['average(latency_ms)', { 'f-0': { avg: { field: 'latency_ms' } } }],
    ["sum('bytes-sent')", { 'f-0': { sum: { field: 'bytes-sent' } } }],
    ['percentile(took, percentile=99)', { 'f-0': { percentiles: { field: 'took', percents: [99] } } }],
    ['unique_count(user.id)', { 'f-0': { cardinality: { field: 'user.id' } } }],
    [
      "count(kql='log_level:ERROR')/count()",
      { 'f-0': { filter: { match: { log_level: 'ERROR' } } }, _count: null },
    ],
    [
      "average(took, lucene='status:[500 TO 599]')",
      {
        'f-0': {
          filter: { query_string: { query: 'status:[500 TO 599]' } },
          aggs: { v: { avg: { field: 'took' } } },
        },
      },
    ],
    ['max(a) - max(a)', { 'f-0': { max: { field: 'a' } } }],
    [
      'last_value(state.keyword)',
      { 'f-0': { top_hits: { size: 1, sort: [{ '@timestamp': { order: 'desc' } }], _source: 'state' } } },
    ],
  ])('%s', (text, want) => {
    expect(asked(text)).toEqual(want)
  })
})

describe('what a formula computes', () => {
  const avg = (...values: (number | null)[]) => values.map(value => ({ doc_count: 10, 'f-0': { value } }))
  it.each<[string, Json[], unknown[]]>([
    ['1 + 2 * 3', [{}], [7]],
    ['(1 + 2) * 3 - 10 / 4', [{}], [6.5]],
    ['2 - 3 - 4', [{}], [-5]],
    ['-2 * -3', [{}], [6]],
    ['count() / 0', [{ doc_count: 3 }], [null]],
    ['100 * average(a) / count()', avg(5, null), [50, null]],
    ['round(average(a), 1)', avg(1.26), [1.3]],
    ['defaults(average(a), 0)', avg(null, 2), [0, 2]],
    ['clamp(average(a), 0, 10)', avg(-3, 4, 40), [0, 4, 10]],
    ['cumulative_sum(average(a))', avg(1, null, 3), [1, 1, 4]],
    ['differences(average(a))', avg(1, 4, 9), [null, 3, 5]],
    ['moving_average(average(a), window=2)', avg(2, 4, 6, 8), [null, 2, 3, 5]],
    ['average(a) / overall_max(average(a))', avg(2, 4), [0.5, 1]],
    ['counter_rate(average(a))', avg(5, 8, 2), [null, 3, 2]],
  ])('%s', (text, buckets, want) => {
    expect(computed(text, buckets)).toEqual(want)
  })
  it('counts what its filter matches', () => {
    const bucket = { doc_count: 8, 'f-0': { doc_count: 2 } }
    expect(computed("count(kql='level:error') / count()", [bucket])).toEqual([0.25])
  })
})

describe('errors and where they are', () => {
  it.each<[string, number, number, string]>([
    ['', 0, 0, 'a formula is missing'],
    ['count(', 5, 6, 'this ( is never closed'],
    ['count() +', 9, 9, 'the formula ends too early'],
    ['count()) ', 7, 8, 'this ) closes nothing'],
    ['average()', 0, 9, 'average needs a field'],
    ['average(a, b)', 11, 12, 'average takes one field'],
    ['latency', 0, 7, 'a field needs a function around it'],
    ['avrage(a)', 0, 6, 'there is no function avrage'],
    ['constructor(a)', 0, 11, 'there is no function constructor'],
    ['count() > 5', 8, 9, '“>” has no meaning here'],
    ["count(kql='a:')", 13, 13, 'a value is missing'],
    ['sum(a, depth=1)', 13, 14, 'sum has no option depth'],
    ["sum(a, shift='soon')", 0, 20, '“soon” is no time shift'],
    ["max(a, reducedTimeRange='x')", 0, 28, '“x” is no length of time'],
    ['normalize_by_unit(count())', 0, 26, 'normalize_by_unit needs a unit'],
    ['round(1, 2, 3)', 0, 14, 'round takes 1 to 2 values'],
    ["count(kql='never", 10, 16, 'this text is never closed'],
    [`${'('.repeat(200)}1`, 61, 62, 'too deeply nested'],
  ])('%s', (text, start, end, message) => {
    const error = queryErrorOf(() => compile(text))
    expect(error?.message).toContain(message)
    expect([error?.start, error?.end]).toEqual([start, end])
  })
})
