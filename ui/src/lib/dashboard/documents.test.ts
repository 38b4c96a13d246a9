import { describe, expect, it } from 'vitest'
import { parseFilter } from '../filters'
import {
  customFilter,
  existsFilter,
  negated,
  othersFilter,
  phraseFilter,
  rangeFilter,
  type VisFilter,
} from '../vis/filter'
import { newVis, type Vis } from '../vis/model'
import { documentsUrl, impliedFilters } from './documents'

const PLACE = {
  index: 'logs-*',
  timeField: '@timestamp',
  range: { from: 'now-1h', to: 'now' },
  queries: [] as { query: string; language: 'kuery' | 'lucene' }[],
  filters: [] as VisFilter[],
}

function linked(part: Partial<typeof PLACE>) {
  const url = documentsUrl({ ...PLACE, ...part })
  const params = new URLSearchParams(url.slice(url.indexOf('?')))
  const f = params.getAll('f').map(parseFilter)
  return { q: params.get('q'), lang: params.get('lang'), f, from: params.get('from'), to: params.get('to') }
}

describe('impliedFilters', () => {
  const terms = (field: string, more = {}) => ({
    id: field,
    enabled: true,
    type: 'terms',
    schema: 'segment' as const,
    params: { field, ...more },
  })
  const implied = (aggs: Vis['aggs'], others: VisFilter[] = []) =>
    impliedFilters(newVis('area', aggs), [], others)

  it('wants the fields that values are taken of, each once', () => {
    const time = { ...terms('@timestamp'), type: 'date_histogram' }
    expect(implied([terms('error_type'), terms('error_type'), time])).toEqual([existsFilter('error_type')])
    expect(implied([{ ...terms('error_type'), enabled: false }, terms('')])).toEqual([])
  })

  it('wants nothing of a field whose missing values have a bucket', () => {
    expect(implied([terms('error_type', { missingBucket: true })])).toEqual([])
  })

  it('wants nothing of a field whose value is wanted already; all others are values too', () => {
    const by = [terms('error_type')]
    const one = phraseFilter('error_type', 'Timeout')
    expect(implied(by, [one])).toEqual([])
    expect(implied(by, [{ ...one, meta: { ...one.meta, disabled: true } }])).toEqual([
      existsFilter('error_type'),
    ])
    expect(implied(by, [othersFilter('error_type', ['Timeout'])])).toEqual([existsFilter('error_type')])
  })
})

describe('documentsUrl', () => {
  it('makes pills of plain filters, and the time of a bar', () => {
    const bar = rangeFilter('@timestamp', { gte: '2026-03-02T14:00:00.000Z', lt: '2026-03-02T14:01:00.000Z' })
    const { f, from, to, q } = linked({ filters: [phraseFilter('tool', 'a:b'), bar] })
    expect(f).toMatchObject([{ field: 'tool', kind: 'is', value: 'a:b', negated: false }])
    expect([from, to, q]).toEqual(['2026-03-02T14:00:00.000Z', '2026-03-02T14:00:59.999Z', null])
  })

  it('makes pills of other filters too, turned round where they are', () => {
    const span = rangeFilter('ms', { gte: 50, lt: 100 })
    const { f } = linked({
      filters: [negated(span), customFilter({ geo_distance: { distance: '1km' } }, 'near')],
    })
    expect(f).toMatchObject([
      { kind: 'dsl', negated: true, value: JSON.stringify(span.query) },
      { kind: 'dsl', field: 'near' },
    ])
  })

  it('keeps what is typed, in one language', () => {
    const [kql, lucene] = [
      { query: 'x: 1', language: 'kuery' as const },
      { query: 'a:b OR c', language: 'lucene' as const },
    ]
    expect(linked({ queries: [kql, kql] })).toMatchObject({ q: '(x: 1) and (x: 1)', lang: null, f: [] })
    expect(linked({ queries: [lucene] })).toMatchObject({ q: 'a:b OR c', lang: 'lucene', f: [] })
    expect(linked({ queries: [lucene, kql] })).toMatchObject({
      q: 'x: 1',
      lang: null,
      f: [{ kind: 'dsl', field: 'a:b OR c' }],
    })
  })

  it('leaves out what is switched off', () => {
    const off = phraseFilter('a', 1)
    expect(linked({ filters: [{ ...off, meta: { ...off.meta, disabled: true } }] }).f).toEqual([])
  })
})
