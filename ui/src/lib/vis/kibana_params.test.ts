import { describe, expect, it } from 'vitest'
import { nearestToken } from './colours'
import type { Json } from './json'
import { readVis, writeVis } from './read'
import type { Column, Row, Table } from './table'
import { withShares } from './totals'

const saved = (type: string, params: Json, aggs: unknown[] = [], uiState: unknown = {}) => ({
  title: 'A',
  visState: JSON.stringify({ type, params, aggs }),
  uiStateJSON: JSON.stringify(uiState),
})

describe('colours chosen in Kibana', () => {
  it.each([
    ['#7EB26D', 'series-7'],
    ['#E24D42', 'level-error'],
    ['#1F78C1', 'series-1'],
    ['#999', 'series-plain'],
    ['#888888', 'series-plain'],
    ['red', null],
    ['#12', null],
  ])('%s is the nearest of the palette: %s', (colour, token) => {
    expect(nearestToken(colour, new Set())).toBe(token)
  })
  it('stay with their series when saved, and two of one hue stay two', () => {
    const colors = { ERROR: '#E24D42', FATAL: '#EA6460', odd: 7 }
    const vis = readVis(saved('histogram', {}, [], { vis: { colors } }))
    expect(vis.params.colours).toEqual({ ERROR: 'level-error', FATAL: 'series-6' })
    const { attributes, references } = writeVis(vis)
    expect(readVis(attributes, references)).toEqual(vis)
  })
  it('are of no weight against those chosen here', () => {
    const params = { colours: { a: 'series-9' } }
    const vis = readVis(saved('pie', params, [], { vis: { colors: { a: '#E24D42' } } }))
    expect(vis.params.colours).toEqual({ a: 'series-9' })
  })
})

describe('what is not drawn is said', () => {
  const axis = (scale: Json) => ({ valueAxes: [{ scale }] })
  const dates = { id: '2', type: 'date_range', schema: 'segment', params: { format: 'HH:mm' } }
  it.each<[string, Json, unknown[], string[]]>([
    ['histogram', axis({ type: 'linear', mode: 'stacked' }), [], []],
    ['area', axis({ mode: 'wiggle' }), [], []],
    ['line', axis({ type: 'square root' }), [], []],
    ['tagcloud', { orientation: 'single' }, [], []],
    ['tagcloud', { orientation: 'multiple' }, [], ['All of its words lie level.']],
    ['line', {}, [dates], ['Its dates are written as everywhere here, not as “HH:mm”.']],
    ['line', {}, [{ ...dates, enabled: false }], []],
  ])('%s %j', (type, params, aggs, notes) => {
    expect(readVis(saved(type, params, aggs)).notes).toEqual(notes)
  })
})

describe('a column of shares', () => {
  const column = (name: string, kind: Column['kind']): Column => ({
    id: name,
    name,
    kind,
    agg: null,
    schema: kind === 'metric' ? 'metric' : 'bucket',
    format: { kind: 'number' },
    step: null,
    additive: kind === 'metric',
  })
  const row = (name: string, value: number | null): Row => ({
    cells: [
      { value: name, text: name, filter: null },
      { value, text: String(value), filter: null },
    ],
  })
  const table: Table = {
    columns: [column('tool', 'bucket'), column('Count', 'metric')],
    rows: [row('a', 3), row('b', 1), row('c', null)],
    total: 4,
    overall: null,
    notes: [],
  }
  it('stands behind what it is of', () => {
    const shared = withShares(table, 'Count')
    expect(shared.columns.map(c => c.name)).toEqual(['tool', 'Count', 'Count percentages'])
    expect(shared.rows.map(r => r.cells[2]?.text)).toEqual(['75 %', '25 %', '0 %'])
  })
  it('is there only for a number, and of nothing says nothing', () => {
    expect(withShares(table, '')).toBe(table)
    expect(withShares(table, 'tool')).toBe(table)
    expect(withShares({ ...table, rows: [row('a', 0)] }, 'Count').rows[0]?.cells[2]?.text).toBe('–')
  })
})
