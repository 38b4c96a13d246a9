import { describe, expect, it } from 'vitest'
import type { Field, FieldKind } from '../fields'
import { newVis, type Vis } from './model'
import { addBucket, addMetric, dropField, freeSchemas, putField, replaceField } from './place'

const field = (name: string, kind: FieldKind, aggregateOn: string | null = name): Field => ({
  name,
  type: kind,
  kind,
  searchable: true,
  aggregateOn,
  split: [],
})
const TOOL = field('tool', 'text', 'tool.keyword')
const TOOK = field('took', 'number')
const TIME = field('@timestamp', 'date')
const WHERE = field('where', 'geo', null)

/** Counts over time. */
const bars = (): Vis => addBucket(addMetric(newVis('histogram'), TOOK), null, '@timestamp', 'segment')
const placed = (vis: Vis) => vis.aggs.map(a => `${a.schema} ${a.type} ${a.params.field}`)

describe('a field that is put on a chart', () => {
  it('lies around the axis as a breakdown', () => {
    expect(placed(putField(bars(), TOOL, '@timestamp', 'group'))).toEqual([
      'metric avg took',
      'group terms tool.keyword',
      'segment date_histogram @timestamp',
    ])
  })
  it('takes the place of the one that is there, where there is one place only', () => {
    expect(placed(putField(bars(), TOOK, '@timestamp', 'segment'))).toEqual([
      'metric avg took',
      'segment histogram took',
    ])
  })
  it.each<[string, Field, string[]]>([
    [
      'a number is measured',
      TOOK,
      ['metric avg took', 'segment date_histogram @timestamp', 'metric avg took'],
    ],
    ['a date is the axis', field('at', 'date'), ['metric avg took', 'segment date_histogram at']],
    [
      'a text breaks down',
      TOOL,
      ['metric avg took', 'group terms tool.keyword', 'segment date_histogram @timestamp'],
    ],
  ])('goes where it tells most: %s', (_, dropped, want) => {
    expect(placed(dropField(bars(), dropped, '@timestamp'))).toEqual(want)
  })
  it('changes nothing where there is no place', () => {
    const text = newVis('markdown')
    expect(dropField(text, TOOL, null)).toBe(text)
  })
})

describe('another field in the same place', () => {
  it.each<[string, Field, string]>([
    ['keeps a kind that suits it', field('bytes', 'number'), 'metric max bytes'],
    ['counts its values where it is no number', TOOL, 'metric cardinality tool.keyword'],
  ])('of a value %s', (_, other, want) => {
    const vis = {
      ...newVis('metric'),
      aggs: [{ id: '1', enabled: true, type: 'max', schema: 'metric' as const, params: { field: 'took' } }],
    }
    expect(placed(replaceField(vis, '1', other, null))).toEqual([want])
  })
  it.each<[string, Field, string]>([
    ['keeps its size', field('host', 'keyword'), 'segment terms host'],
    ['is cut along the time', TIME, 'segment date_histogram @timestamp'],
    ['is a grid', WHERE, 'segment geohash_grid where'],
  ])('of a bucket %s', (_, other, want) => {
    const vis = addBucket(newVis('pie'), TOOL, null, 'segment')
    expect(placed(replaceField(vis, '1', other, null))).toEqual([want])
  })
})

describe('free places', () => {
  it.each<[Vis['type'], Vis, string[]]>([
    ['histogram', newVis('histogram'), ['segment', 'group', 'split']],
    ['histogram', bars(), ['group', 'split']],
    ['pie', addBucket(newVis('pie'), TOOL, null, 'segment'), ['segment']],
    ['heatmap', addBucket(newVis('heatmap'), TOOL, null, 'group'), ['segment']],
    ['markdown', newVis('markdown'), []],
  ])('of a %s', (_, vis, want) => {
    expect(freeSchemas(vis)).toEqual(want)
  })
})
