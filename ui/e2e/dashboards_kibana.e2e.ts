// Panels of Kibana that are no charts of one search: controls among the charts, maps of several layers, links to other dashboards.

import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DashboardPage } from './pages/dashboard'
import { picture } from './picture'

const INDEX = 'shop-2026'
const END = Date.UTC(2026, 2, 2, 15)
const RANGE = `?from=${new Date(END - 3_600_000).toISOString()}&to=${new Date(END).toISOString()}&refresh=0s`

/** Every third line is of a second host; a fifth is refused. */
const LINES = Array.from({ length: 60 }, (_, i) => ({
  '@timestamp': new Date(END - 1 - i * 60_000).toISOString(),
  host: i % 3 === 0 ? 'host-b' : 'host-a',
  outcome: i % 5 === 0 ? 'refused' : 'accepted',
  client: { lat: (i % 4) * 12 + 10, lon: (i % 6) * 20 - 50 },
}))

type Json = Record<string, unknown>
const view = (name: string) => ({ name, type: 'index-pattern', id: 'shop' })
const kuery = (query: string) => ({ query, language: 'kuery' })

const place = (i: string, x: number, y: number, w: number, h: number) => ({
  panelIndex: i,
  gridData: { i, x, y, w, h },
})

const layer = (label: string, query: string, color: string) => ({
  type: 'GEOJSON_VECTOR',
  label,
  query: kuery(query),
  style: { properties: { fillColor: { type: 'STATIC', options: { color } } } },
  sourceDescriptor: {
    type: 'ES_GEO_GRID',
    geoField: 'client',
    indexPatternRefName: 'layer_1_source_index_pattern',
  },
})

const controls = [
  { id: 'h', type: 'list', fieldName: 'host', label: 'Host', indexPatternRefName: 'control_0_index_pattern' },
]
const visState = (type: string, params: Json, aggs: Json[] = []) => JSON.stringify({ type, params, aggs })

const OBJECTS = [
  {
    type: 'index-pattern',
    id: 'shop',
    attributes: { title: 'shop-*', timeFieldName: '@timestamp' },
    references: [],
  },
  {
    type: 'visualization',
    id: 'pick',
    attributes: { title: 'Pick', visState: visState('input_control_vis', { controls }) },
    references: [view('control_0_index_pattern')],
  },
  {
    type: 'visualization',
    id: 'lines',
    attributes: {
      title: 'Lines',
      visState: visState('metric', {}, [
        { id: '1', enabled: true, type: 'count', schema: 'metric', params: {} },
      ]),
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ query: kuery(''), indexRefName: 'i' }) },
    },
    references: [view('i')],
  },
  {
    type: 'map',
    id: 'where',
    attributes: {
      title: 'Where',
      layerListJSON: JSON.stringify([
        { type: 'EMS_VECTOR_TILE', sourceDescriptor: { type: 'EMS_TMS' } },
        layer('Accepted', 'outcome: accepted', '#54b399'),
        layer('Refused', 'outcome: refused', '#e7664c'),
      ]),
      mapStateJSON: JSON.stringify({ zoom: 1, center: { lat: 20, lon: 0 } }),
    },
    references: [view('layer_1_source_index_pattern')],
  },
  {
    type: 'dashboard',
    id: 'shop',
    attributes: {
      title: 'Shop',
      panelsJSON: JSON.stringify([
        { ...place('c', 0, 0, 16, 6), type: 'legacy_vis', embeddableConfig: {} },
        { ...place('n', 16, 0, 16, 6), type: 'legacy_vis', embeddableConfig: {} },
        {
          ...place('l', 32, 0, 16, 6),
          type: 'links',
          embeddableConfig: {
            attributes: {
              title: 'More',
              layout: 'vertical',
              links: [{ type: 'dashboardLink', label: 'The other', destinationRefName: 'link_1', order: 0 }],
            },
          },
        },
        { ...place('m', 0, 6, 48, 22), type: 'map', embeddableConfig: {} },
      ]),
    },
    references: [
      { name: 'c:savedObjectRef', type: 'visualization', id: 'pick' },
      { name: 'n:savedObjectRef', type: 'visualization', id: 'lines' },
      { name: 'm:savedObjectRef', type: 'map', id: 'where' },
      { name: 'l:link_1', type: 'dashboard', id: 'other' },
    ],
  },
  { type: 'dashboard', id: 'other', attributes: { title: 'The other', panelsJSON: '[]' }, references: [] },
]

journeys(async () => {
  const keyword = { type: 'keyword' }
  const properties = {
    '@timestamp': { type: 'date' },
    host: keyword,
    outcome: keyword,
    client: { type: 'geo_point' },
  }
  await elkhorn.put(`/${INDEX}`, { mappings: { properties } })
  await elkhorn.bulk(INDEX, LINES)
  const form = new FormData()
  form.set('file', new Blob([OBJECTS.map(o => JSON.stringify(o)).join('\n')]), 'shop.ndjson')
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/_import`, {
    method: 'POST',
    headers: { 'kbn-xsrf': 'true' },
    body: form,
  })
  expect(await answer.json()).toMatchObject({ success: true })
})

freshPage({ colorScheme: 'dark', timezoneId: 'UTC' })

describe('a dashboard of Kibana 9', () => {
  it('is narrowed down by the controls in its panels, also by a link', async () => {
    const board = await DashboardPage.open(page, elkhorn.ui, 'shop', RANGE)
    await board.panel('Lines').getByRole('cell', { name: '60' }).waitFor()
    await board.panel('Pick').getByRole('button', { name: 'Host any' }).click()
    await page.getByRole('checkbox', { name: 'host-b 20' }).check()
    await board.panel('Lines').getByRole('cell', { name: '20' }).waitFor()
    await page.keyboard.press('Escape')
    await board.panel('Pick').getByRole('button', { name: 'Host host-b' }).waitFor()
    await page.reload()
    await board.panel('Lines').getByRole('cell', { name: '20' }).waitFor()
    await expectAccessible(page)
  })

  it('has the circles of every layer of a map, and links that lead on', async () => {
    const board = await DashboardPage.open(page, elkhorn.ui, 'shop', RANGE)
    const legend = board.panel('Where').getByRole('list', { name: 'Legend' })
    await legend.getByText('Refused').waitFor()
    expect(await legend.getByRole('listitem').allTextContents()).toEqual(['Accepted', 'Refused'])
    const circles = board.panel('Where').locator('circle title')
    const counts = await circles.allTextContents()
    expect(counts.reduce((sum, text) => sum + Number(text.split(': ').at(-1)), 0)).toBe(LINES.length)
    await picture(page, 'dashboard-kibana9')
    await board.panel('More').getByRole('link', { name: 'The other' }).click()
    await page.waitForURL('**/dashboards/other')
    await page.getByRole('heading', { name: 'The other' }).waitFor()
  })
})
