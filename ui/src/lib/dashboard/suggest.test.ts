import { describe, expect, it } from 'vitest'
import type { Field, FieldKind } from '../fields'
import { chartOf } from './charts'
import { newDashboard } from './model'
import { candidates, type Filling, suggestDashboard } from './suggest'

const field = (name: string, kind: FieldKind): Field => ({
  name,
  type: kind,
  kind,
  searchable: true,
  aggregateOn: kind === 'geo' ? null : name,
  split: [],
})
const VIEW = { id: 'v', name: 'Logs', title: 'logs-*', timeField: '@timestamp' }
const FIELDS = [
  field('@timestamp', 'date'),
  field('trace_id', 'keyword'),
  field('service', 'keyword'),
  field('level', 'keyword'),
  field('latency_ms', 'number'),
  field('status_code', 'number'),
  field('where', 'geo'),
  field('unused', 'keyword'),
]
const FILLED: Record<string, Filling> = {
  trace_id: { share: 1, values: 90_000 },
  service: { share: 1, values: 5 },
  level: { share: 0.9, values: 4 },
  latency_ms: { share: 0.5, values: 800 },
  where: { share: 0.3, values: 0 },
}
const fillingOf = ({ name }: Field): Filling => FILLED[name] ?? { share: 0, values: 0 }

describe('a suggested dashboard', () => {
  it('shows what the data has, and no field of single things, none that is empty', () => {
    const made = suggestDashboard(newDashboard(), VIEW, FIELDS, fillingOf)
    const charts = made.panels.map(p => (p.source.kind === 'own' ? chartOf(p.source, null) : null))
    expect(charts.map(c => c?.title)).toEqual([
      'level over time',
      'Shares of level',
      'latency_ms over time',
      'Top values of service',
      'Where: where',
      'Newest documents',
    ])
    expect(charts.every(c => c?.search.index === 'v')).toBe(true)
    expect(made.controls.map(c => c.field)).toEqual(['level', 'service'])
    expect(made.title).toBe('Overview of Logs')
  })
  it('of data without time, or without any field, is what there is', () => {
    const plain = { ...VIEW, timeField: null }
    const titles = (fields: Field[]) =>
      suggestDashboard(newDashboard('Mine'), plain, fields, fillingOf).panels.map(p =>
        p.source.kind === 'own' ? p.source.attributes.title : null,
      )
    expect(titles([field('service', 'keyword')])).toEqual(['Shares of service', 'Newest documents'])
    expect(titles([])).toEqual(['Newest documents'])
  })
  it('asks for a bounded number of fields, the telling ones among them', () => {
    const many = Array.from({ length: 500 }, (_, i) => field(`f${i}`, 'keyword'))
    const asked = candidates([...many, ...FIELDS]).map(f => f.name)
    expect(asked.length).toBeLessThanOrEqual(32)
    expect(asked).toEqual(expect.arrayContaining(['level', 'service', 'latency_ms', 'where']))
  })
})
