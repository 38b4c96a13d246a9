import { describe, expect, it } from 'vitest'
import type { Field } from '../../fields'
import { formatPattern } from '../../time/pattern'
import type { Json } from '../../vis/json'
import type { Env } from '../env'
import { formatNumeral } from '../numeral'
import { parseSql } from './parse'
import { runSql } from './run'

const field = (name: string, kind: Field['kind'], aggregateOn: string | null = name): Field => ({
  name,
  type: kind,
  kind,
  searchable: true,
  aggregateOn,
  split: [],
})
const FIELDS = [
  field('@timestamp', 'date'),
  field('level', 'text', 'level.keyword'),
  field('ms', 'number'),
  field('words', 'text', null),
]

async function ask(text: string, ...answers: { aggregations?: Json; total?: number; hits?: Json[] }[]) {
  const bodies: Json[] = []
  const env = {
    timeZone: 'Europe/Oslo',
    fields: async () => FIELDS,
    note: () => {},
    search: async (_: string, body: Json) => {
      const { aggregations = {}, total, hits = [] } = answers[bodies.length] ?? {}
      bodies.push(body)
      return {
        aggregations,
        total: total === undefined ? null : { value: total, exact: true },
        hits: hits.map(source => ({ index: 'x', id: '1', sort: [], source })),
        missing: [],
      }
    },
  } as unknown as Env
  const table = await runSql(parseSql(text), [], 1000, env)
  return { bodies, rows: table.rows, columns: table.columns }
}

describe('SQL', () => {
  it('of aggregates is one search', async () => {
    const { bodies, rows, columns } = await ask(
      `SELECT COUNT(*) AS n, SUM(CASE WHEN level = 'ERROR' THEN 1 ELSE 0 END) AS failed, ROUND(100 * SUM(CASE WHEN level IN ('ERROR') THEN 1 END) / COUNT(*), 1) share, AVG(ms), PERCENTILE(ms, 95) AS p95, COUNT(DISTINCT level) AS levels FROM "logs-*" WHERE ms BETWEEN 1 AND 9 AND NOT words = 'a b'`,
      {
        total: 8,
        aggregations: {
          a1: { doc_count: 1 },
          a2: { doc_count: 1 },
          a4: { value: 2.5 },
          a5: { values: { '95.0': 7 } },
          a6: { value: 3 },
        },
      },
    )
    expect(rows).toEqual([[8, 1, 12.5, 2.5, 7, 3]])
    expect(columns.map(c => c.name)).toEqual(['n', 'failed', 'share', 'AVG(ms)', 'p95', 'levels'])
    expect(bodies[0]).toMatchObject({
      size: 0,
      track_total_hits: true,
      query: {
        bool: {
          filter: [
            {
              bool: {
                filter: [
                  { bool: { filter: [{ range: { ms: { gte: 1 } } }, { range: { ms: { lte: 9 } } }] } },
                  { bool: { must_not: [{ match_phrase: { words: 'a b' } }] } },
                ],
              },
            },
          ],
        },
      },
      aggs: {
        a1: { filter: { term: { 'level.keyword': 'ERROR' } } },
        a5: { percentiles: { field: 'ms', percents: [95] } },
        a6: { cardinality: { field: 'level.keyword' } },
      },
    })
  })
  it('of groups reads all of them, then sorts and cuts', async () => {
    const bucket = (level: string, day: number, n: number) => ({ key: { k0: level, k1: day }, doc_count: n })
    const { bodies, rows, columns } = await ask(
      'SELECT level, HISTOGRAM("@timestamp", INTERVAL 1 DAY) AS day, COUNT(*) n FROM logs-* GROUP BY level, day ORDER BY n DESC, 1 LIMIT 2',
      { aggregations: { groups: { buckets: [bucket('a', 1, 5), bucket('b', 1, 9), bucket('c', 2, 9)] } } },
    )
    expect(rows).toEqual([
      ['b', 1, 9],
      ['c', 2, 9],
    ])
    expect(columns[1]?.type).toBe('date')
    expect(bodies[0]).toMatchObject({
      aggs: {
        groups: {
          composite: {
            sources: [
              { k0: { terms: { field: 'level.keyword' } } },
              {
                k1: {
                  date_histogram: { field: '@timestamp', calendar_interval: '1d', time_zone: 'Europe/Oslo' },
                },
              },
            ],
          },
        },
      },
    })
  })
  it('of columns alone is documents', async () => {
    const { bodies, rows } = await ask(
      `SELECT level AS l, ms FROM x WHERE level LIKE 'E%_*' OR ms IS NOT NULL ORDER BY ms DESC LIMIT 3`,
      {
        hits: [{ level: 'E', ms: 4 }],
      },
    )
    expect(rows).toEqual([['E', 4]])
    expect(bodies[0]).toMatchObject({
      size: 3,
      _source: ['level', 'ms'],
      sort: [{ ms: { order: 'desc' } }],
      query: {
        bool: {
          filter: [
            {
              bool: {
                should: [{ wildcard: { 'level.keyword': { value: 'E*?\\*' } } }, { exists: { field: 'ms' } }],
              },
            },
          ],
        },
      },
    })
  })
  it.each([
    ['SELECT a FROM x JOIN y', 'JOIN of SQL is not supported'],
    ['SELECT DISTINCT a FROM x', 'DISTINCT of SQL is not supported'],
    ['SELECT COUNT(*) FROM x HAVING 1', 'HAVING of SQL is not supported'],
    ['SELECT UPPER(a) FROM x', 'UPPER() of SQL is not computed here'],
    ['SELECT a FROM x WHERE b = ?', 'Parameters (?)'],
    ['SELECT a FROM', 'ends too early'],
    ["SELECT a FROM x WHERE b = 'c", 'cannot be read at'],
    ['SELECT a FROM x WHERE LENGTH(b) = 1', 'LENGTH() cannot be in a condition'],
    ['SELECT a; DROP TABLE x', 'FROM is expected'],
    [`SELECT a FROM x WHERE ${'('.repeat(99)}b = 1`, 'too many parentheses'],
    ['SELECT HISTOGRAM(a, INTERVAL 2 MONTHS) FROM x', 'go one by one'],
  ])('that cannot be a search is refused: %s', (text, reason) => {
    expect(() => parseSql(text)).toThrow(reason)
  })
  it('that neither groups nor aggregates a column says so', async () => {
    await expect(ask('SELECT level, COUNT(*) FROM x')).rejects.toThrow(
      '“level” of SQL is neither grouped by nor',
    )
  })
})

describe('formats', () => {
  it.each([
    [1234567.891, '0,0', '1,234,568'],
    [1234.5, '$0,0.00', '$1,234.50'],
    [0.4567, '0.0%', '45.7%'],
    [0.4567, '0 %', '46 %'],
    [12_400, '0.0a', '12.4k'],
    [2_000_000, '0a', '2m'],
    [1536, '0.0ib', '1.5KiB'],
    [1500, '0.0 b', '1.5 KB'],
    [3.1, '0.[00]', '3.1'],
    [-5, '0', '-5'],
    [5, '+0', '+5'],
    [-5.5, '(0.0)', '(5.5)'],
    [-0.001, '0.0', '0.0'],
    [7, '000', '007'],
    [22, '0o', '22nd'],
    [3725, '00:00:00', '1:02:05'],
    [Number.NaN, '0', '–'],
    [5, 'x', '5'],
  ])('%s as %s', (value, pattern, text) => {
    expect(formatNumeral(value, pattern)).toBe(text)
  })
  it('of moments', () => {
    const at = new Date(2026, 1, 3, 14, 5, 6).getTime()
    expect(formatPattern(at, 'dddd, MMMM Do YYYY, h:mm:ss a')).toBe('Tuesday, February 3rd 2026, 2:05:06 pm')
    expect(formatPattern(at, 'L [at] HH:mm')).toBe('02/03/2026 at 14:05')
  })
})
