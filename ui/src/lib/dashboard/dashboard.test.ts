import { describe, expect, it } from 'vitest'
import { phraseFilter } from '../vis/filter'
import { freePlace, movePanel, readingOrder, settle } from './grid'
import { type Control, newDashboard, type Panel } from './model'
import { addFilters, controlFilter } from './narrow'
import { readDashboard } from './read'
import { writeDashboard } from './write'

const panel = (id: string, x: number, y: number, w = 24, h = 10): Panel => ({
  id,
  place: { x, y, w, h },
  source: { kind: 'library', key: { type: 'visualization', id: `v${id}` } },
  title: null,
  hideTitle: false,
  range: null,
  config: {},
})

describe('readDashboard', () => {
  it('reads what Kibana 8 saves, and writes it back', () => {
    const saved = {
      attributes: {
        title: 'Web',
        description: 'of all hosts',
        timeRestore: true,
        timeFrom: 'now-1h',
        timeTo: 'now',
        refreshInterval: { pause: false, value: 30000 },
        optionsJSON: '{"hidePanelTitles":true,"syncTooltips":false}',
        panelsJSON: JSON.stringify([
          {
            panelIndex: 'a',
            type: 'visualization',
            panelRefName: 'panel_a',
            gridData: { x: 0, y: 0, w: 24, h: 12, i: 'a' },
            embeddableConfig: { title: 'Mine', vis: { legendOpen: false } },
          },
          {
            panelIndex: 'b',
            type: 'lens',
            gridData: { x: 24, y: 0, w: 24, h: 12, i: 'b' },
            embeddableConfig: {
              attributes: { title: 'L', state: {} },
              timeRange: { from: 'now-7d', to: 'now' },
            },
          },
        ]),
        controlGroupInput: {
          controlStyle: 'twoLine',
          panelsJSON: JSON.stringify({
            c2: {
              type: 'rangeSliderControl',
              order: 1,
              explicitInput: { fieldName: 'ms', title: 'Latency', value: ['10', ''] },
            },
            c1: {
              type: 'optionsListControl',
              order: 0,
              explicitInput: { fieldName: 'host', selectedOptions: ['a'], exclude: true },
            },
            c3: { type: 'timeSlider', order: 2, explicitInput: {} },
          }),
        },
        kibanaSavedObjectMeta: {
          searchSourceJSON: JSON.stringify({
            query: { query: 'level: ERROR', language: 'kuery' },
            filter: [{ meta: { key: 'x' }, query: { match_phrase: { x: 1 } } }],
          }),
        },
      },
      references: [
        { name: 'a:panel_a', type: 'visualization', id: 'v1' },
        { name: 'b:indexpattern-datasource-layer-l', type: 'index-pattern', id: 'view' },
        { name: 'controlGroup_c1:optionsListDataView', type: 'index-pattern', id: 'view' },
        { name: 'tag-ops', type: 'tag', id: 'ops' },
      ],
    }
    const read = readDashboard(saved)
    expect(read).toMatchObject({
      title: 'Web',
      range: { from: 'now-1h', to: 'now' },
      refresh: 30000,
      hideTitles: true,
      query: { query: 'level: ERROR', language: 'kuery' },
      notes: ['A control of the type timeSlider is not shown here.'],
    })
    expect(read.panels[0]).toMatchObject({
      title: 'Mine',
      source: { kind: 'library', key: { id: 'v1' } },
      config: { vis: { legendOpen: false } },
    })
    expect(read.panels[1]).toMatchObject({
      range: { from: 'now-7d', to: 'now' },
      source: {
        kind: 'own',
        type: 'lens',
        references: [{ name: 'indexpattern-datasource-layer-l', type: 'index-pattern', id: 'view' }],
      },
    })
    expect(read.controls).toMatchObject([
      { id: 'c1', field: 'host', view: 'view', chosen: { kind: 'options', values: ['a'], exclude: true } },
      { id: 'c2', title: 'Latency', chosen: { kind: 'range', from: 10, to: null } },
    ])
    const written = writeDashboard(read)
    expect(readDashboard(written)).toMatchObject({ ...read, notes: [] })
    expect(written.references).toContainEqual({ name: 'a:panel_a', type: 'visualization', id: 'v1' })
    expect(written.references).toContainEqual({ name: 'tag-ops', type: 'tag', id: 'ops' })
    expect(JSON.parse(String(written.attributes.optionsJSON))).toMatchObject({ syncTooltips: false })
  })

  it('reads charts that Kibana 7 saved inside a panel, and references without the panel before them', () => {
    const { panels } = readDashboard({
      attributes: {
        title: 'x',
        panelsJSON: JSON.stringify([
          { panelIndex: '1', panelRefName: 'panel_0', gridData: { x: 40, y: 0, w: 24, h: 12 } },
          {
            embeddableConfig: {
              savedVis: {
                title: 'S',
                type: 'pie',
                params: { isDonut: true },
                data: {
                  aggs: [{ id: '1', type: 'count' }],
                  searchSource: { query: { query: 'a:b', language: 'kuery' } },
                },
              },
            },
          },
          { panelIndex: '1' },
          7,
        ]),
      },
      references: [{ name: 'panel_0', type: 'search', id: 's' }],
    })
    expect(panels.map(p => p.id)).toEqual(['1', '2', '1_3'])
    expect(panels[0]).toMatchObject({
      place: { x: 24, w: 24 },
      source: { kind: 'library', key: { type: 'search', id: 's' } },
    })
    expect(panels[1]?.source).toMatchObject({
      kind: 'own',
      attributes: {
        title: 'S',
        visState: '{"type":"pie","params":{"isDonut":true},"aggs":[{"id":"1","type":"count"}]}',
      },
    })
    expect(panels[2]?.source).toEqual({ kind: 'lost', type: 'visualization' })
  })

  it('reads the names that Kibana 9 has for kinds of panels, and references that no panel names', () => {
    const { panels } = readDashboard({
      attributes: {
        panelsJSON: JSON.stringify([
          { type: 'vis', panelIndex: 'a', embeddableConfig: {} },
          { type: 'legacy_vis', panelIndex: 'b', embeddableConfig: { title: 'B' } },
          { type: 'discover_session', panelIndex: 'c', embeddableConfig: {} },
          { type: 'vis', panelIndex: 'd', embeddableConfig: { attributes: { title: 'D' } } },
          { type: 'vis', panelIndex: 'e', embeddableConfig: {} },
        ]),
      },
      references: [
        { name: 'a:savedObjectRef', type: 'lens', id: '1' },
        { name: 'b:savedObjectRef', type: 'visualization', id: '2' },
        { name: 'c:savedObjectRef', type: 'search', id: '3' },
        { name: 'd:layer', type: 'index-pattern', id: 'view' },
      ],
    })
    expect(panels.map(p => p.source)).toEqual([
      { kind: 'library', key: { type: 'lens', id: '1' } },
      { kind: 'library', key: { type: 'visualization', id: '2' } },
      { kind: 'library', key: { type: 'search', id: '3' } },
      {
        kind: 'own',
        type: 'lens',
        attributes: { title: 'D' },
        references: [{ name: 'layer', type: 'index-pattern', id: 'view' }],
      },
      { kind: 'lost', type: 'lens' },
    ])
    expect(panels[1]?.title).toBe('B')
  })

  it('writes a chart inside a panel as Kibana 8 has it, and reads the same back', () => {
    const attributes = {
      title: 'By host',
      description: '',
      visState: JSON.stringify({
        type: 'pie',
        params: { isDonut: true },
        aggs: [{ id: '1', type: 'count' }],
      }),
      uiStateJSON: '{"vis":{"colors":{"a":"#fff"}}}',
      savedSearchRefName: 'search_0',
      kibanaSavedObjectMeta: {
        searchSourceJSON: '{"indexRefName":"kibanaSavedObjectMeta.searchSourceJSON.index"}',
      },
    }
    const references = [
      { name: 'kibanaSavedObjectMeta.searchSourceJSON.index', type: 'index-pattern', id: 'logs' },
    ]
    const own = { kind: 'own' as const, type: 'visualization', attributes, references }
    const written = writeDashboard({ ...newDashboard('Own'), panels: [{ ...panel('p', 0, 0), source: own }] })
    expect(JSON.parse(String(written.attributes.panelsJSON))[0].embeddableConfig).toEqual({
      savedVis: {
        title: 'By host',
        description: '',
        type: 'pie',
        params: { isDonut: true },
        uiState: { vis: { colors: { a: '#fff' } } },
        data: {
          aggs: [{ id: '1', type: 'count' }],
          searchSource: { indexRefName: 'kibanaSavedObjectMeta.searchSourceJSON.index' },
        },
        savedSearchRefName: 'search_0',
      },
    })
    expect(written.references[0]?.name).toBe('p:kibanaSavedObjectMeta.searchSourceJSON.index')
    expect(readDashboard(written).panels[0]?.source).toEqual(own)
    const damaged = { ...own, attributes: { visState: '{' } }
    const kept = writeDashboard({
      ...newDashboard('Own'),
      panels: [{ ...panel('p', 0, 0), source: damaged }],
    })
    expect(readDashboard(kept).panels[0]?.source).toEqual(damaged)
  })

  it.each(['', '{', '[[1]]', '{"a":1}'])('takes %j for no panels', panelsJSON => {
    expect(readDashboard({ attributes: { panelsJSON }, references: [] }).panels).toEqual([])
  })

  it('begins with nothing', () => {
    expect(readDashboard(writeDashboard(newDashboard('New')))).toMatchObject({
      ...newDashboard('New'),
      kept: expect.anything(),
    })
  })
})

describe('the grid', () => {
  const places = (panels: readonly Panel[]) =>
    Object.fromEntries(panels.map(p => [p.id, [p.place.x, p.place.y]]))

  it('pushes down what is in the way, and draws up what has room', () => {
    const panels = [panel('a', 0, 0), panel('b', 24, 0), panel('c', 0, 10)]
    expect(places(movePanel(panels, 'a', { x: 24, y: 0, w: 24, h: 10 }))).toEqual({
      a: [24, 0],
      b: [24, 10],
      c: [0, 0],
    })
    expect(places(movePanel(panels, 'a', { x: 0, y: 0, w: 48, h: 10 }))).toEqual({
      a: [0, 0],
      b: [24, 10],
      c: [0, 10],
    })
    expect(places(movePanel(panels, 'c', { x: 0, y: 0, w: 24, h: 10 }))).toEqual({
      a: [0, 10],
      b: [24, 0],
      c: [0, 0],
    })
  })

  it('keeps panels on it', () => {
    expect(movePanel([panel('a', 0, 0)], 'a', { x: 47, y: -5, w: 2, h: 1 })[0]?.place).toEqual({
      x: 42,
      y: 0,
      w: 6,
      h: 4,
    })
  })

  it('leaves no two panels over each other, whatever they are given', () => {
    let seed = 7
    const next = (n: number) => {
      seed = (seed * 48271) % 2147483647
      return seed % n
    }
    for (let round = 0; round < 200; round++) {
      const panels = Array.from({ length: 12 }, (_, i) =>
        panel(String(i), next(40), next(30), 6 + next(3), 4 + next(8)),
      )
      const settled = settle(panels, String(next(12)))
      for (const a of settled)
        for (const b of settled) {
          const apart =
            a.place.x >= b.place.x + b.place.w ||
            b.place.x >= a.place.x + a.place.w ||
            a.place.y >= b.place.y + b.place.h ||
            b.place.y >= a.place.y + a.place.h
          expect(a === b || apart, `round ${round}`).toBe(true)
        }
    }
  })

  it('finds room', () => {
    expect(freePlace([panel('a', 0, 0)], 24, 10)).toEqual({ x: 24, y: 0, w: 24, h: 10 })
    expect(freePlace([panel('a', 0, 0), panel('b', 24, 0)], 24, 8)).toEqual({ x: 0, y: 10, w: 24, h: 8 })
    expect(readingOrder([panel('b', 24, 0), panel('c', 0, 10), panel('a', 0, 0)]).map(p => p.id)).toEqual([
      'a',
      'b',
      'c',
    ])
  })
})

describe('narrowing down', () => {
  const control = (chosen: Control['chosen']): Control => ({
    id: 'c',
    kind: chosen.kind,
    title: 'Tool',
    field: 'tool',
    view: null,
    chosen,
  })

  it('makes filters of controls', () => {
    expect(controlFilter(control({ kind: 'options', values: [], exclude: false }))).toBeNull()
    expect(controlFilter(control({ kind: 'options', values: ['a', 'b'], exclude: true }))).toMatchObject({
      meta: { negate: true, alias: 'Tool: a, b' },
      query: { bool: { should: [{ match_phrase: { tool: 'a' } }, { match_phrase: { tool: 'b' } }] } },
    })
    expect(controlFilter(control({ kind: 'range', from: null, to: 9 }))?.query).toEqual({
      range: { tool: { lte: 9 } },
    })
  })

  it('replaces a filter of the same query', () => {
    const not = { ...phraseFilter('a', 1), meta: { ...phraseFilter('a', 1).meta, negate: true } }
    expect(addFilters([phraseFilter('a', 1)], [not, phraseFilter('b', 2)])).toEqual([
      not,
      phraseFilter('b', 2),
    ])
  })
})
