import { describe, expect, it } from 'vitest'
import { needsSearch } from '../vis/request'
import { chartOf } from './charts'
import { panelControls } from './controls'

const panel = (controls: unknown) =>
  chartOf(
    {
      type: 'visualization',
      attributes: {
        title: 'Pick',
        visState: JSON.stringify({ type: 'input_control_vis', params: { controls } }),
      },
      references: [{ name: 'control_0_index_pattern', type: 'index-pattern', id: 'web' }],
    },
    null,
  )

describe('controls in a panel', () => {
  it('are those of a dashboard, named by their panel', () => {
    const vis = panel([
      {
        id: 'a',
        type: 'list',
        fieldName: 'host',
        label: 'Host',
        indexPatternRefName: 'control_0_index_pattern',
      },
      { id: 'b', type: 'range', fieldName: 'bytes', label: '', indexPattern: 'old-*' },
      { id: 'c', type: 'list', fieldName: 'site', indexPatternRefName: 'gone' },
      { id: 'd', type: 'list' },
      7,
    ])
    expect(vis).toMatchObject({ type: 'controls', title: 'Pick', notes: [] })
    expect(needsSearch(vis)).toBe(false)
    expect(panelControls('p', vis)).toEqual([
      {
        id: 'p.a',
        kind: 'options',
        field: 'host',
        title: 'Host',
        view: 'web',
        chosen: { kind: 'options', values: [], exclude: false },
      },
      {
        id: 'p.b',
        kind: 'range',
        field: 'bytes',
        title: 'bytes',
        view: 'old-*',
        chosen: { kind: 'range', from: null, to: null },
      },
      {
        id: 'p.c',
        kind: 'options',
        field: 'site',
        title: 'site',
        view: null,
        chosen: { kind: 'options', values: [], exclude: false },
      },
    ])
  })

  it('are none in other panels, and in what is none', () => {
    expect(panelControls('p', panel('x'))).toEqual([])
    const pie = { type: 'visualization', attributes: { visState: '{"type":"pie"}' }, references: [] }
    expect(panelControls('p', chartOf(pie, null))).toEqual([])
  })
})
