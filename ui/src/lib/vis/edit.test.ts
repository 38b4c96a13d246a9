import { describe, expect, it } from 'vitest'
import type { Field } from '../fields'
import { addAgg, canBe, moveAgg, nextId, removeAgg, setParam, withType } from './edit'
import { completeFormula } from './formula/complete'
import { parseMarkdown } from './markdown'
import { newVis, type Vis } from './model'

const bars = (): Vis => {
  let vis = addAgg(newVis('histogram'), 'count', 'metric')
  vis = addAgg(vis, 'terms', 'group', { field: 'tool' })
  return addAgg(vis, 'date_histogram', 'segment', { field: '@timestamp' })
}

const placed = (vis: Vis) => vis.aggs.map(a => `${a.id} ${a.type} ${a.schema}`)

describe('another form of the same numbers', () => {
  it.each([
    ['line', ['1 count metric', '2 terms group', '3 date_histogram segment']],
    ['table', ['1 count metric', '2 terms bucket', '3 date_histogram bucket']],
    ['pie', ['1 count metric', '2 terms segment', '3 date_histogram segment']],
    ['heatmap', ['1 count metric', '2 terms group', '3 date_histogram segment']],
    ['metric', ['1 count metric', '2 terms group', '3 date_histogram group']],
  ] as const)('%s', (type, want) => {
    expect(placed(withType(bars(), type))).toEqual(want)
    // And back, as if nothing had been.
    expect(placed(withType(withType(bars(), type), 'histogram'))).toEqual(placed(bars()))
  })
  it('is offered where it makes sense', () => {
    expect([canBe(newVis('metric'), 'line'), canBe(bars(), 'line'), canBe(bars(), 'tile_map')]).toEqual([
      false,
      true,
      false,
    ])
  })
})

describe('changes', () => {
  it('give new aggregations names of their own', () => {
    expect(nextId(removeAgg(bars(), '1'))).toBe('1')
    expect(nextId(bars())).toBe('4')
  })
  it('move buckets among buckets', () => {
    expect(placed(moveAgg(bars(), '3', -1))).toEqual([
      '1 count metric',
      '3 date_histogram segment',
      '2 terms group',
    ])
    expect(placed(moveAgg(bars(), '2', -1))).toEqual(placed(bars()))
  })
  it('set and take away options', () => {
    const set = setParam(bars(), '2', 'size', 7)
    expect(set.aggs[1]?.params).toEqual({ field: 'tool', size: 7 })
    expect(setParam(set, '2', 'size', undefined).aggs[1]?.params).toEqual({ field: 'tool' })
  })
})

describe('completion of formulas', () => {
  const field = (name: string, kind: Field['kind']): Field => ({
    name,
    type: kind,
    kind,
    searchable: true,
    aggregateOn: name,
    split: [],
  })
  const fields = [field('latency_ms', 'number'), field('tool-name', 'keyword'), field('bytes', 'number')]
  const labels = (text: string) => completeFormula(text, text.length, fields).map(c => c.label)
  it.each([
    ['av', ['average', 'avg']],
    ['count() / un', ['unique_count']],
    ['average(', ['latency_ms', 'bytes']],
    ['average(lat', ['latency_ms']],
    ['unique_count(too', ['tool-name']],
    ["count(kql='av", []],
    ['', []],
  ])('%j', (text, want) => {
    expect(labels(text)).toEqual(want)
  })
  it('puts odd names into quotation marks', () => {
    expect(completeFormula('unique_count(too', 16, fields)[0]).toMatchObject({
      insert: "'tool-name'",
      start: 13,
      end: 16,
    })
  })
})

describe('markdown', () => {
  it('reads what people write', () => {
    const kinds = parseMarkdown(
      '# Title\n\nSome **bold** and `code`.\n\n- one\n- two\n\n> said\n\n```\nx < y\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---',
    ).map(b => b.kind)
    expect(kinds).toEqual(['heading', 'paragraph', 'list', 'quote', 'code', 'table', 'rule'])
  })
  it('leaves HTML as the text it is', () => {
    expect(parseMarkdown('<img src=x onerror=alert(1)>')).toEqual([
      { kind: 'paragraph', children: [{ kind: 'text', text: '<img src=x onerror=alert(1)>' }] },
    ])
  })
  it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'JaVaScRiPt:x'])(
    'makes no link to %s',
    href => {
      expect(JSON.stringify(parseMarkdown(`[a](${href})`))).not.toContain('"link"')
    },
  )
  it('links to pages', () => {
    expect(parseMarkdown('[runbook](https://example.org/r) [here](/discover)')).toEqual([
      {
        kind: 'paragraph',
        children: [
          { kind: 'link', href: 'https://example.org/r', children: [{ kind: 'text', text: 'runbook' }] },
          { kind: 'text', text: ' ' },
          { kind: 'link', href: '/discover', children: [{ kind: 'text', text: 'here' }] },
        ],
      },
    ])
  })
  it('ends on hostile text', () => {
    for (const text of [
      '*'.repeat(20_000),
      '['.repeat(20_000),
      '`'.repeat(20_001),
      '> '.repeat(9000),
      '|-'.repeat(9000),
    ]) {
      expect(Array.isArray(parseMarkdown(text))).toBe(true)
    }
  })
})
