import { describe, expect, it } from 'vitest'
import type { VisContext } from './context'
import type { Json } from './json'
import { loadVis } from './load'
import { readMap } from './map'
import { EMPTY_QUERY } from './model'
import type { SearchBody } from './request'

const GROUND = { type: 'EMS_VECTOR_TILE', sourceDescriptor: { type: 'EMS_TMS', isAutoSelect: true } }
const grid = (label: string, more: Json = {}, source: Json = {}): Json => ({
  type: 'GEOJSON_VECTOR',
  label,
  sourceDescriptor: {
    type: 'ES_GEO_GRID',
    geoField: 'client.geo',
    indexPatternRefName: 'layer_1_source_index_pattern',
    ...source,
  },
  ...more,
})
const map = (layers: Json[], state: Json = {}) =>
  readMap({ title: 'Where', layerListJSON: JSON.stringify(layers), mapStateJSON: JSON.stringify(state) }, [
    { name: 'layer_1_source_index_pattern', type: 'index-pattern', id: 'web' },
    { name: 'layer_2_source_index_pattern', type: 'index-pattern', id: 'dns' },
  ])

const metric = (params: Json) => ({ id: 'shown', type: 'avg', schema: 'metric', params })

describe('maps of several layers', () => {
  it('become circles, at the place and over the data view of the map', () => {
    const vis = map([GROUND, grid('Latency', {}, { metrics: [{ type: 'avg', field: 'ms' }] })], {
      zoom: 3.4,
      center: { lat: 50, lon: 10 },
    })
    expect(vis).toMatchObject({
      type: 'tile_map',
      title: 'Where',
      params: { mapCenter: [50, 10], mapZoom: 3.4 },
      search: { index: 'web' },
      aggs: [
        metric({ field: 'ms', customLabel: 'Latency' }),
        { type: 'geotile_grid', schema: 'segment', params: { field: 'client.geo' } },
      ],
      notes: [],
    })
    expect(vis.params.layers).toBeUndefined()
  })

  it('ask for each layer by its own query, and for all of them by that of the map', async () => {
    const kuery = (query: string) => ({ query, language: 'kuery' })
    const vis = map(
      [
        grid('Accepted', { query: kuery('action: accept') }),
        grid(
          'Rejected',
          { query: kuery('action: reject') },
          { indexPatternRefName: 'layer_2_source_index_pattern' },
        ),
        grid('Hidden', { visible: false }),
      ],
      { query: kuery('env: live'), filters: [{ meta: {}, query: { term: { site: 1 } } }] },
    )
    const asked: { index: string; body: SearchBody }[] = []
    const context: VisContext = {
      range: null,
      timeField: null,
      timeZone: 'UTC',
      query: EMPTY_QUERY,
      filters: [],
      width: 480,
      fields: [],
      viewOf: id => ({ title: `${id}-*`, timeField: null }),
    }
    await loadVis(vis, 'web-*', context, async (index, body) => {
      asked.push({ index, body })
      return { total: { value: 0, exact: true }, hits: [], aggregations: {}, missing: [] }
    })
    expect(asked.map(a => a.index)).toEqual(['web-*', 'dns-*'])
    for (const [at, action] of ['accept', 'reject'].entries()) {
      const query = JSON.stringify(asked[at]?.body.query)
      for (const part of [`"action":"${action}"`, '"env":"live"', '{"term":{"site":1}}'])
        expect(query).toContain(part)
    }
  })

  it('say what is left out', () => {
    const regions = {
      type: 'GEOJSON_VECTOR',
      label: 'Countries',
      sourceDescriptor: { type: 'EMS_FILE', id: 'world' },
    }
    const path = grid('Flows', {}, { type: 'ES_PEW_PEW', destGeoField: 'server.geo' })
    const vis = map([GROUND, regions, path])
    expect(vis.notes).toEqual([
      'Paths are drawn as circles at their ends.',
      'Left out of this map: Countries.',
    ])
    expect(vis.aggs[1]?.params).toEqual({ field: 'server.geo' })
    expect(map([GROUND, regions])).toMatchObject({
      type: 'unsupported',
      notes: ['None of its layers shows documents by their place.', 'Left out of this map: Countries.'],
    })
    expect(map([grid('A')], { query: { query: 'a: (', language: 'kuery' } }).notes).toEqual([
      'What is typed over all of its layers cannot be read and is left out.',
    ])
    expect(readMap({ layerListJSON: '{' }, []).notes).toEqual(['Its layers cannot be read.'])
    expect(readMap(null, []).type).toBe('unsupported')
  })
})
