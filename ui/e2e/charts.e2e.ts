// What charts compute and draw beside plain series: earlier times, layers, lines to watch, annotations, Kibana's scales and stacks.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DashboardPage } from './pages/dashboard'
import { picture } from './picture'

const INDEX = 'shop-2026'
const END = Date.UTC(2026, 2, 2, 15)
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const FROM = new Date(END - 60 * MINUTE).toISOString()
const TO = new Date(END - 1).toISOString()
const RANGE = `?from=${FROM}&to=${TO}&refresh=0s`

type Json = Record<string, unknown>

let elkhorn: Elkhorn
let browser: Browser
let page: Page
let faults: string[]

const TOOLS = [
  'search_reservations',
  'book_table',
  'cancel_reservation',
  'pay_invoice',
  'list_restaurants',
  'send_confirmation',
  'translate_text',
  'find_directions',
  'summarise_reviews',
  'update_profile',
]

/** Three a minute now, two a day before; every tenth is an error, in one minute all are. */
const lines = (end: number, perMinute: number) =>
  Array.from({ length: 60 * perMinute }, (_, i) => {
    const minute = Math.floor(i / perMinute)
    return {
      '@timestamp': new Date(end - 60 * MINUTE + minute * MINUTE + (i % perMinute) * 15_000).toISOString(),
      level: i % 10 === 0 || minute === 40 ? 'ERROR' : 'INFO',
      tool: TOOLS[(i * (minute < 30 ? 7 : 3) + Math.floor(minute / 4)) % TOOLS.length],
      host: `host-${i % 3}`,
      ms: minute % 9 === 4 ? null : 40 + ((i * 37) % 400) + (minute > 30 && minute < 40 ? 500 : 0),
      bytes: i * 1000,
      event: minute === 25 && i % perMinute === 0 ? 'deploy' : 'call',
      version: '4.2.0',
    }
  })

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  const keyword = { type: 'keyword' }
  await elkhorn.put(`/${INDEX}`, {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        ...Object.fromEntries(['level', 'tool', 'host', 'event', 'version'].map(name => [name, keyword])),
        ms: { type: 'long' },
        bytes: { type: 'long' },
      },
    },
  })
  await elkhorn.bulk(INDEX, [...lines(END, 3), ...lines(END - DAY, 2)])
  await save('index-pattern', 'shop', { title: 'shop-*', timeFieldName: '@timestamp' })
  await save('dashboard', 'charts', {
    title: 'Charts that compare',
    panelsJSON: JSON.stringify(PANELS),
    optionsJSON: '{}',
  })
  await save('dashboard', 'marks', { title: 'Marks', panelsJSON: JSON.stringify(MARKS), optionsJSON: '{}' })
})

afterAll(async () => {
  await browser?.close()
  await elkhorn?.stop()
})

beforeEach(async () => {
  faults = []
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    timezoneId: 'UTC',
  })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
})

afterEach(async () => {
  await page.close()
  expect(faults).toEqual([])
})

async function save(type: string, id: string, attributes: Json) {
  const references = [{ name: 'view', type: 'index-pattern', id: 'shop' }]
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/${type}/${id}?overwrite=true`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' },
    body: JSON.stringify({ attributes, references: type === 'dashboard' ? references : [] }),
  })
  expect(answer.status).toBe(200)
}

const agg = (id: string, type: string, schema: string, params: Json = {}) => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})
const count = agg('n', 'count', 'metric')
const minutes = (interval = '1m') => agg('t', 'date_histogram', 'segment', { field: '@timestamp', interval })
const by = (field: string, schema = 'group', size = 3) => agg('by', 'terms', schema, { field, size })

function panel(at: number, title: string, type: string, aggs: unknown[], params: Json = {}, h = 11) {
  const savedVis = { title, type, params, data: { aggs, searchSource: { index: 'shop' } } }
  return {
    type: 'visualization',
    panelIndex: `p${at}`,
    gridData: { x: (at % 2) * 24, y: Math.floor(at / 2) * h, w: 24, h, i: `p${at}` },
    embeddableConfig: { savedVis },
  }
}

const rate = agg('rate', 'formula', 'metric', {
  formula: "count(kql='level: ERROR') / count()",
  customLabel: 'Error rate',
  format: 'percent',
})

const PANELS = [
  panel(0, 'Error rate', 'line', [rate, minutes()], {
    thresholds: [{ value: 0.5, label: '50 %', fill: 'above', colour: 'level-error' }],
    annotations: [{ label: 'deployed {{version}}', query: { query: 'event: deploy', language: 'kuery' } }],
  }),
  panel(1, 'A day before', 'line', [
    agg('n', 'count', 'metric', { customLabel: 'now' }),
    agg('b', 'formula', 'metric', { formula: "count(shift='1d')", customLabel: 'a day before' }),
    minutes('5m'),
  ]),
  panel(2, 'Layers', 'histogram', [count, minutes('10m')], {
    seriesParams: [{ data: { id: 'm' }, type: 'line', valueAxis: 'right' }],
    valueAxes: [{ id: 'left' }, { id: 'right', position: 'right' }],
    layers: [
      {
        aggs: [
          agg('m', 'avg', 'metric', { field: 'ms' }),
          agg('h', 'terms', 'group', { field: 'host', size: 2 }),
          agg('u', 'date_histogram', 'segment', { field: '@timestamp', interval: '5m' }),
        ],
      },
    ],
  }),
  panel(3, 'Gaps', 'line', [agg('m', 'avg', 'metric', { field: 'ms' }), minutes()], {
    fittingFunction: 'linear',
  }),
  panel(4, 'Ten tools', 'histogram', [count, by('tool', 'segment', 10)]),
  panel(5, 'Stream', 'area', [count, by('tool', 'group', 6), minutes('5m')], {
    mode: 'stacked',
    valueAxes: [{ id: 'v', scale: { mode: 'wiggle' } }],
  }),
  panel(
    6,
    'Roots',
    'histogram',
    [agg('b', 'sum', 'metric', { field: 'bytes' }), by('level'), minutes('5m')],
    {
      valueAxes: [{ id: 'v', scale: { type: 'square root' } }],
    },
  ),
  panel(
    7,
    'Bubbles',
    'line',
    [agg('m', 'avg', 'metric', { field: 'ms' }), agg('r', 'count', 'radius'), minutes('5m')],
    {
      radiusRatio: 12,
      seriesParams: [{ data: { id: 'm' }, drawLinesBetweenPoints: false }],
    },
  ),
]

const filters = agg('f', 'filters', 'segment', {
  filters: [
    { input: { query: 'level: ERROR and ms > 200', language: 'kuery' }, label: 'slow errors' },
    { input: { query: 'level:INFO', language: 'lucene' }, label: 'fine' },
  ],
})

const MARKS = [
  panel(0, 'By filter', 'table', [count, { ...filters, schema: 'bucket' }], { showTotal: true }),
  panel(1, 'By range', 'table', [
    count,
    agg('r', 'range', 'bucket', {
      field: 'ms',
      ranges: [{ from: 0, to: 100 }, { from: 100, to: 300 }, { from: 300 }],
    }),
  ]),
  panel(2, 'By date', 'table', [
    count,
    agg('d', 'date_range', 'bucket', {
      field: '@timestamp',
      ranges: [{ from: '2026-03-02T14:10:00Z', to: '2026-03-02T14:30:00Z' }],
    }),
  ]),
  panel(3, 'By step', 'table', [count, agg('h', 'histogram', 'bucket', { field: 'ms', interval: 250 })]),
  panel(4, 'By both', 'table', [
    count,
    agg('m', 'multi_terms', 'bucket', { fields: ['host', 'level'], size: 10 }),
  ]),
  panel(5, 'Bars', 'histogram', [count, filters]),
]

const number = (text = '') => Number(text.replaceAll(',', ''))

/** How many documents a query finds in the hour. */
async function counted(query: Json): Promise<number> {
  const range = { range: { '@timestamp': { gte: FROM, lte: TO } } }
  const body = { size: 0, track_total_hits: true, query: { bool: { filter: [range, query] } } }
  const answer = await elkhorn.post(`/${INDEX}/_search`, body)
  return (answer.hits as { total: { value: number } }).total.value
}

describe('charts that compare', () => {
  it('show the numbers of both times, of their layers, and what is watched', async () => {
    const board = await DashboardPage.open(page, elkhorn.ui, 'charts', RANGE)
    const compared = await board.numbers('A day before')
    expect(compared.map(row => row.slice(1).map(number))).toEqual(Array.from({ length: 12 }, () => [15, 10]))
    const errors = await board.numbers('Error rate')
    expect(errors.map(row => row[1]).filter(share => share === '100 %')).toHaveLength(1)
    expect(await board.numbers('Layers')).toHaveLength(6)
    const layer = page.getByRole('table', { name: 'Layer 2 of Layers' }).locator('tbody tr')
    expect(await layer.count()).toBe(24)
    const tools = await board.numbers('Ten tools')
    expect(tools).toHaveLength(new Set(lines(END, 3).map(l => l.tool)).size)
    await picture(page, 'charts')
    await page.emulateMedia({ colorScheme: 'dark' })
    await expectAccessible(page)
  })

  it('point at one moment in all of them', async () => {
    const board = await DashboardPage.open(page, elkhorn.ui, 'charts', RANGE)
    for (const title of ['Error rate', 'A day before', 'Layers', 'Gaps']) await board.numbers(title)
    await board
      .panel('A day before')
      .locator('canvas')
      .hover({ position: { x: 300, y: 80 } })
    const tip = (title: string) => board.panel(title).locator('[data-tip]')
    await tip('A day before').getByText('a day before').waitFor()

    for (const title of ['Error rate', 'Layers', 'Gaps']) await tip(title).waitFor()
    await page.mouse.move(5, 5)
    await tip('Gaps').waitFor({ state: 'detached' })
  })
})

describe('marks lead to exactly their documents', () => {
  it.each<[string, string, Json]>([
    [
      'By filter',
      'slow errors',
      { bool: { filter: [{ term: { level: 'ERROR' } }, { range: { ms: { gt: 200 } } }] } },
    ],
    ['By filter', 'fine', { term: { level: 'INFO' } }],
    ['By range', '100 to 300', { range: { ms: { gte: 100, lt: 300 } } }],
    ['By range', '300 and above', { range: { ms: { gte: 300 } } }],
    [
      'By date',
      '2026-03-02T14:10:00.000Z to 2026-03-02T14:30:00.000Z',
      { range: { '@timestamp': { gte: '2026-03-02T14:10:00Z', lt: '2026-03-02T14:30:00Z' } } },
    ],
    ['By step', '250', { range: { ms: { gte: 250, lt: 500 } } }],
    [
      'By both',
      'host-0 › INFO',
      { bool: { filter: [{ term: { host: 'host-0' } }, { term: { level: 'INFO' } }] } },
    ],
  ])('%s: %s', async (title, name, query) => {
    const wanted = await counted(query)
    expect(wanted).toBeGreaterThan(0)
    const board = await DashboardPage.open(page, elkhorn.ui, 'marks', RANGE)
    const rows = await board.rows(title)
    expect(number(rows.find(row => row[0] === name)?.[1])).toBe(wanted)
    await board.panel(title).getByRole('button', { name, exact: true }).click()
    await page.getByRole('button', { name: 'See the documents' }).click()
    await page.waitForURL('**/discover?**')
    await page.getByText(new RegExp(`^${wanted} events`)).waitFor()
  })

  it('and a press filters the page by it', async () => {
    const wanted = await counted({
      bool: { filter: [{ term: { level: 'ERROR' } }, { range: { ms: { gt: 200 } } }] },
    })
    const board = await DashboardPage.open(page, elkhorn.ui, 'marks', RANGE)
    await board.panel('By filter').getByRole('button', { name: 'slow errors', exact: true }).click()
    await page.getByRole('button', { name: 'Filter for this' }).click()
    await page.getByRole('list', { name: 'Filters' }).getByText('slow errors').waitFor()
    await board.panel('By filter').locator('tfoot').getByText(String(wanted), { exact: true }).waitFor()
  })
})
