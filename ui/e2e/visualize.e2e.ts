// Charts are made from a field, changed, saved and opened again, and their numbers are those of the server.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { makeEvents } from './mock/events.mjs'
import { DiscoverPage } from './pages/discover'
import { VisualizePage } from './pages/visualize'
import { picture } from './picture'

const INDEX = 'chat-2026'
// A whole minute, so that buckets begin where the events do.
const END = Math.floor(Date.now() / 60_000) * 60_000
const START = END - 60 * 60_000
const PLACES = [
  { lat: 59.9, lon: 10.7 },
  { lat: 40.7, lon: -74 },
  { lat: -33.9, lon: 151.2 },
]
const events = makeEvents({ end: END, minutes: 60, perMinute: 20 })
  .filter(e => Date.parse(e['@timestamp']) < END)
  .map((e, i) => ({ ...e, place: PLACES[i % 3] }))
const RANGE = `index=${INDEX}&from=${new Date(START).toISOString()}&to=${new Date(END - 1).toISOString()}`

type Json = Record<string, unknown>
interface Bucket {
  key: number | string
  doc_count: number
  [name: string]: unknown
}

journeys(async () => {
  await elkhorn.put(`/${INDEX}`, { mappings: { properties: { place: { type: 'geo_point' } } } })
  await elkhorn.bulk(INDEX, events)
})

/** What the server aggregates, asked directly. */
async function buckets(aggregation: Json): Promise<Bucket[]> {
  const answer = await elkhorn.post(`/${INDEX}/_search`, { size: 0, aggs: { found: aggregation } })
  return ((answer.aggregations as Json).found as { buckets: Bucket[] }).buckets
}

const agg = (id: string, type: string, schema: string, params: Json = {}) => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})
const COUNT = agg('1', 'count', 'metric')
const TIME = agg('2', 'date_histogram', 'segment', { field: '@timestamp', interval: '5m' })
const link = (type: string, aggs: unknown[], params: Json = {}) =>
  `?${RANGE}&vis=${encodeURIComponent(JSON.stringify({ type, params, aggs }))}`

describe('a person with a question', () => {
  freshPage({ colorScheme: 'dark', timezoneId: 'UTC' })

  it('presses a field and sees a chart, changes its form with a key, saves it and finds it again', async () => {
    await page.goto(`${elkhorn.ui}/visualize`)
    await page.getByText('No visualization is saved yet').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'New visualization' }).click()
    await page.getByRole('button', { name: 'Documents over time' }).waitFor()
    const editor = await VisualizePage.open(page, elkhorn.ui, `?${RANGE}`)
    await editor.pick('tool_name')
    await editor.shows(events.length)
    const want = await buckets({ terms: { field: 'tool_name.keyword', size: 10 } })
    const counts = want.map(b => [String(b.key), b.doc_count.toLocaleString('en')])
    expect(await editor.numbers()).toEqual(counts)
    await page.keyboard.press('8')
    await editor.type('Table').and(page.locator('[aria-pressed="true"]')).waitFor()
    await editor.chart.getByRole('columnheader', { name: 'Count' }).waitFor()
    expect(await editor.numbers()).toEqual(counts)
    await page.keyboard.press('5')
    await page.getByRole('list', { name: 'Slices' }).getByText(String(want[0]?.key)).waitFor()
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog', { name: 'Save the visualization' })
    await dialog.getByLabel('Title').fill('Tools by use')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.goto(`${elkhorn.ui}/visualize`)
    await page.getByRole('link', { name: 'Tools by use' }).click()
    await page.getByRole('list', { name: 'Fields to draw' }).waitFor()
    const id = new URL(page.url()).searchParams.get('id')
    await page.goto(`${elkhorn.ui}/visualize/editor?id=${id}&${RANGE}`)
    await editor.shows(events.length)
    expect(await editor.numbers()).toEqual(counts)
    await page.goto(`${elkhorn.ui}/visualize`)
    await page.getByRole('button', { name: 'Delete Tools by use' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByText('No visualization is saved yet').waitFor()
  })

  it('writes a formula with the help of its completion', async () => {
    const editor = await VisualizePage.open(
      page,
      elkhorn.ui,
      link('line', [agg('1', 'formula', 'metric', { formula: 'count()' }), TIME]),
    )
    await editor.shows(events.length)
    const formula = page.getByLabel('Formula')
    await formula.fill('')
    await formula.pressSequentially('cou')
    await page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option').first().waitFor()
    await page.keyboard.press('Tab')
    await formula.pressSequentially("kql='log_level:ERROR')/count(")
    await page.getByText('this ( is never closed').waitFor()
    await formula.pressSequentially(')')
    const want = await buckets({
      date_histogram: { field: '@timestamp', fixed_interval: '5m' },
      aggs: { errors: { filter: { term: { 'log_level.keyword': 'ERROR' } } } },
    })
    const shares = want.map(b => String((b.errors as Bucket).doc_count / b.doc_count))
    await editor.chart
      .getByRole('columnheader', { name: "count(kql='log_level:ERROR')/count()" })
      .waitFor({ state: 'attached' })
    const numbers = await editor.numbers()
    expect(numbers.map(([, share]) => Number(share))).toEqual(
      shares.map(s => Number(Number(s).toPrecision(4))),
    )
  })

  it('takes back what is typed in one step', async () => {
    const editor = await VisualizePage.open(
      page,
      elkhorn.ui,
      link('line', [agg('1', 'formula', 'metric', { formula: 'count()' }), TIME]),
    )
    await editor.shows(events.length)
    const formula = page.getByLabel('Formula')
    await formula.press('End')
    await formula.pressSequentially('*2+10')
    await page.waitForURL(url => url.searchParams.get('vis')?.includes('count()*2+10') === true)
    await page.goBack()
    await page.waitForURL(url => url.searchParams.get('vis')?.includes('"count()"') === true)
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'count()')
    await page.goForward()
    await page.waitForURL(url => url.searchParams.get('vis')?.includes('count()*2+10') === true)
  })

  it('presses a slice to narrow down, and sees the documents behind it', async () => {
    const editor = await VisualizePage.open(
      page,
      elkhorn.ui,
      link('pie', [COUNT, agg('2', 'terms', 'segment', { field: 'log_level.keyword', size: 6 })]),
    )
    await editor.shows(events.length)
    const warnings = events.filter(e => e.log_level === 'WARN').length
    await page.getByRole('list', { name: 'Slices' }).getByRole('button', { name: 'WARN' }).click()
    await page.getByRole('button', { name: 'Filter for this' }).click()
    await editor.shows(warnings)
    expect(await editor.numbers()).toEqual([['WARN', warnings.toLocaleString('en')]])
    await page.getByRole('list', { name: 'Slices' }).getByRole('button', { name: 'WARN' }).click()
    await page.getByRole('button', { name: 'See the documents' }).click()
    await new DiscoverPage(page).shows(warnings)
    await page.goBack()
    await editor.shows(warnings)
    await page.getByRole('button', { name: /^Remove the filter/ }).click()
    await editor.shows(events.length)
  })

  it('draws over a span of time to look closer', async () => {
    const editor = await VisualizePage.open(page, elkhorn.ui, link('histogram', [COUNT, TIME]))
    await editor.shows(events.length)
    const box = await editor.chart.locator('canvas').boundingBox()
    if (!box) throw new Error('nothing is drawn')
    await page.mouse.move(box.x + box.width * 0.4, box.y + 60)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 })
    await page.mouse.up()
    await page.waitForURL(url => url.searchParams.get('from') !== new Date(START).toISOString())
    const asked = new URL(page.url()).searchParams
    const [from, to] = [Date.parse(asked.get('from') ?? ''), Date.parse(asked.get('to') ?? '')]
    const inside = events.filter(
      e => Date.parse(e['@timestamp']) >= from && Date.parse(e['@timestamp']) <= to,
    )
    expect(inside.length).toBeGreaterThan(0)
    await editor.shows(inside.length)
  })

  it('takes the numbers along as a file', async () => {
    const editor = await VisualizePage.open(
      page,
      elkhorn.ui,
      link('table', [COUNT, agg('2', 'terms', 'bucket', { field: 'log_level.keyword', size: 2 })]),
    )
    await editor.shows(events.length)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click(),
    ])
    const want = await buckets({ terms: { field: 'log_level.keyword', size: 2 } })
    const lines = ['log_level,Count', ...want.map(b => `${b.key},${b.doc_count}`)]
    expect(await readFile(await file.path(), 'utf8')).toBe(`${lines.join('\r\n')}\r\n`)
  })

  it('drags fields to the places of the chart, or puts them there by keyboard', async () => {
    const editor = await VisualizePage.open(page, elkhorn.ui, link('histogram', [COUNT, TIME]))
    await editor.shows(events.length)
    const [tool] = await buckets({ terms: { field: 'tool_name.keyword', size: 1 } })
    const values = editor.settings.getByRole('region', { name: 'Values' })
    const places = editor.settings.getByRole('region', { name: 'Buckets' })
    await editor.field('log_level').dragTo(places.getByRole('button', { name: 'Break down by' }))
    await editor.chart.getByText('ERROR').first().waitFor()
    expect(await places.getByRole('group').count()).toBe(2)
    // One that is dropped on what is there takes its place.
    await editor.field('tool_name').dragTo(places.getByRole('group', { name: 'Break down by' }))
    await editor.chart.getByText(String(tool?.key)).first().waitFor()
    expect(await places.getByRole('group').count()).toBe(2)
    await editor.field('response_time').dragTo(editor.chart)
    await values.getByRole('group').nth(1).waitFor()
    await picture(page, 'visualize-places')
    await expectAccessible(page)
    await values.getByRole('group').nth(1).getByRole('button', { name: 'Remove Value' }).click()

    await page.getByRole('button', { name: 'Put response_time to a place' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Axis', exact: true }).focus()
    await page.keyboard.press('Enter')
    await places
      .getByLabel('Kind of buckets')
      .nth(1)
      .locator('option:checked', { hasText: /^Histogram$/ })
      .waitFor({ state: 'attached' })
    await editor.shows(events.length)
    await expect.poll(async () => (await editor.numbers()).length).toBeGreaterThan(5)
    await page.goBack()
    await editor.chart.getByText(String(tool?.key)).first().waitFor()
  })

  it('sets what a goal is measured by', async () => {
    const editor = await VisualizePage.open(page, elkhorn.ui, link('goal', [COUNT]))
    await editor.shows(events.length)
    const target = editor.settings.getByLabel('Target')
    await target.fill('5000')
    await target.press('Enter')
    await editor.chart.getByText('of 5,000').waitFor()
    await page.reload()
    await editor.chart.getByText('of 5,000').waitFor()
    await picture(page, 'visualize-goal')
  })

  it('is told what is wrong with a chart that cannot be drawn', async () => {
    await VisualizePage.open(page, elkhorn.ui, link('line', [agg('1', 'avg', 'metric', {}), TIME]))
    await page.getByRole('alert').getByText('The metric “Average” has no field.').waitFor()
  })
})

describe.each(['light', 'dark'] as const)('every form in the %s theme', colorScheme => {
  freshPage({ colorScheme, timezoneId: 'UTC' })

  const levels = agg('3', 'terms', 'group', { field: 'log_level.keyword', size: 6 })
  const tools = (schema: string, size: number) =>
    agg('2', 'terms', schema, { field: 'tool_name.keyword', size })
  const errors = { filters: [{ input: { query: 'log_level:ERROR OR log_level:CRITICAL' }, label: 'Errors' }] }
  const percentiles = agg('1', 'percentiles', 'metric', { field: 'response_time', percents: [50, 95, 99] })

  it.each<[string, unknown[], Json]>([
    ['histogram', [COUNT, levels, TIME], {}],
    ['area', [percentiles, TIME], {}],
    [
      'line',
      [agg('1', 'avg', 'metric', { field: 'response_time' }), TIME],
      { thresholds: [{ value: 1000 }] },
    ],
    ['horizontal_bar', [COUNT, tools('segment', 8)], {}],
    ['pie', [COUNT, tools('segment', 5)], { isDonut: true }],
    ['metric', [COUNT, agg('4', 'avg', 'metric', { field: 'response_time' })], {}],
    ['gauge', [COUNT, agg('2', 'filters', 'group', errors)], { gauge: { percentageMode: true } }],
    ['table', [COUNT, tools('bucket', 30)], { perPage: 10, showTotal: true }],
    ['heatmap', [COUNT, tools('group', 6), { ...TIME, id: '3' }], {}],
    ['tagcloud', [COUNT, tools('segment', 12)], {}],
    [
      'tile_map',
      [COUNT, agg('2', 'geohash_grid', 'segment', { field: 'place', precision: 3 })],
      { mapZoom: 2 },
    ],
    [
      'top_hits_table',
      [agg('1', 'top_hits', 'metric', { field: '_source', size: 20, sortField: '@timestamp' })],
      {},
    ],
    ['markdown', [], { markdown: '# Runbook\n\nCall **somebody**.' }],
  ])('%s is drawn, accessible, and taken along as a picture', async (type, aggs, params) => {
    const editor = await VisualizePage.open(page, elkhorn.ui, link(type, aggs, params))
    if (type === 'markdown') await page.getByRole('heading', { name: 'Runbook' }).waitFor()
    else {
      await editor.shows(events.length)
      expect((await editor.numbers()).length).toBeGreaterThan(0)
    }
    await expectAccessible(page)
    if (type === 'histogram') await picture(page, 'visualize')
    const saved = await editor.picture()
    expect(saved.width).toBeGreaterThan(800)
    // A ground alone would have one colour; letters have many shades.
    expect(saved.colours).toBeGreaterThan(20)
  })

  it('shows the share of errors as _search counts it', async () => {
    const gauge = { percentageMode: true, colorSchema: 'Green to Red', gaugeType: 'Arc' }
    const editor = await VisualizePage.open(
      page,
      elkhorn.ui,
      link('gauge', [COUNT, agg('2', 'filters', 'group', errors)], { gauge }),
    )
    await editor.shows(events.length)
    const matching = events.filter(e => ['ERROR', 'CRITICAL'].includes(e.log_level)).length
    const percent = Number(((100 * matching) / events.length).toPrecision(3))
    await page.getByRole('button', { name: new RegExp(`${String(percent).replace('.', '\\.')} %`) }).waitFor()
  })

  it('has the percentiles that _search has', async () => {
    const editor = await VisualizePage.open(page, elkhorn.ui, link('area', [percentiles, TIME]))
    await editor.shows(events.length)
    const want = await buckets({
      date_histogram: { field: '@timestamp', fixed_interval: '5m' },
      aggs: { p: { percentiles: { field: 'response_time', percents: [50, 95, 99] } } },
    })
    const measured = (n: number) => (Math.abs(n) >= 1000 ? Math.round(n) : Number(n.toPrecision(4)))
    const numbers = (await editor.numbers()).map(row =>
      row.slice(1).map(text => Number(text.replaceAll(',', ''))),
    )
    expect(numbers).toEqual(
      want.map(b => {
        const { values } = b.p as { values: Record<string, number> }
        return [50, 95, 99].map(p => measured(values[`${p}.0`] ?? Number.NaN))
      }),
    )
  })
})
