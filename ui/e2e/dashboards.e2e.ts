import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DashboardPage } from './pages/dashboard'
import { picture } from './picture'

const INDEX = 'chatgpt-logs-2026.03.02'
const END = Date.UTC(2026, 2, 2, 15)
const MINUTE = 60_000
const FROM = new Date(END - 60 * MINUTE).toISOString()
const TO = new Date(END).toISOString()
const RANGE = `?from=${FROM}&to=${TO}&refresh=0s`

const fileOf = (name: string) => fileURLToPath(new URL(`testdata/${name}`, import.meta.url))

/** An hour: 200 lines, 25 of them errors; the minutes and the tools differ in how many they have. */
const LINES = Array.from({ length: 200 }, (_, i) => ({
  '@timestamp': new Date(END - 1 - ((i * i) % 3599) * 1000).toISOString(),
  log_level: i % 8 === 0 ? (i % 16 === 0 ? 'CRITICAL' : 'ERROR') : 'INFO',
  tool_name: ['search', 'book', 'pay', 'cancel'][((i * i) % 7) % 4],
  response_time: 20 + ((i * 37) % 500),
  geoip: { location: { lat: (i % 9) * 10 - 40, lon: (i % 17) * 15 - 120 } },
  message: `line ${i}`,
}))

journeys(async () => {
  const keyword = { type: 'keyword' }
  await elkhorn.put('/_index_template/logs-of-tests', {
    index_patterns: ['chatgpt-logs-*', 'web-*', 'sys-*'],
    template: {
      mappings: {
        properties: {
          '@timestamp': { type: 'date' },
          log_level: keyword,
          tool_name: keyword,
          geoip: { properties: { location: { type: 'geo_point' } } },
          geo: { type: 'geo_point' },
          ...Object.fromEntries(['url', 'browser', 'outcome', 'user', 'host'].map(name => [name, keyword])),
        },
      },
    },
  })
  await elkhorn.bulk(INDEX, LINES)
})

freshPage({ refusals: true })

const number = (text = '') => Number(text.replaceAll(',', ''))
const errors = { terms: { log_level: ['ERROR', 'CRITICAL'] } }

interface Aggregation {
  doc_count: number
  buckets: { key: number | string; doc_count: number; p?: { values: Record<string, number> } }[]
}

/** What `_search` answers to an aggregation over the hour, asked directly. */
async function asked(aggregation: Record<string, unknown>): Promise<Aggregation> {
  const range = { range: { '@timestamp': { gte: FROM, lte: TO } } }
  const answer = await elkhorn.post(`/${INDEX}/_search`, { size: 0, query: range, aggs: { a: aggregation } })
  return (answer.aggregations as { a: Aggregation }).a
}

async function importFile(name: string) {
  await page.goto(`${elkhorn.ui}/dashboards`)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Import' })
  await dialog.getByLabel('File').setInputFiles(fileOf(name))
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  return dialog
}

/** Takes the printed dashboard in, as its article says: by the API. */
async function importPrinted() {
  const body = await readFile(fileOf('printed-dashboard.json'), 'utf8')
  const headers = { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' }
  const path = '/api/kibana/dashboards/import?force=true'
  const answer = await fetch(elkhorn.ui + path, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
}

async function addSample(name: string) {
  const headers = { 'kbn-xsrf': 'true' }
  const answer = await fetch(`${elkhorn.ui}/api/console/samples/${name}`, { method: 'POST', headers })
  expect(answer.status).toBe(200)
}

describe('the printed dashboard', () => {
  it('is imported, and shows the numbers of the index', async () => {
    const dialog = await importFile('printed-dashboard.json')
    await dialog.getByText('8 objects imported.').waitFor()
    await dialog.getByText('has 4 of the 4 fields that the panels use').waitFor()
    await dialog.getByRole('link', { name: /ChatGPT Application/ }).click()
    await page.waitForURL('**/dashboards/chatgpt-application-monitoring-dashboard')
    const board = await DashboardPage.open(
      page,
      elkhorn.ui,
      'chatgpt-application-monitoring-dashboard',
      RANGE,
    )

    const volume = await board.numbers('Request Volume (Requests/min)')
    const minutes = await asked({ date_histogram: { field: '@timestamp', fixed_interval: '1m' } })
    expect(volume.map(row => number(row[1])).filter(n => n > 0)).toEqual(
      minutes.buckets.map(b => b.doc_count).filter(n => n > 0),
    )
    expect(volume.length).toBeGreaterThanOrEqual(60)

    await board.panel('Error Rate (%)').getByRole('button', { name: '12.5 %' }).waitFor()
    const wrong = await asked({ filter: errors })
    expect(wrong.doc_count / LINES.length).toBe(0.125)

    const times = await board.numbers('Response Time Percentiles (ms)')
    const spread = await asked({
      date_histogram: { field: '@timestamp', fixed_interval: '1m' },
      aggs: { p: { percentiles: { field: 'response_time', percents: [50, 95, 99] } } },
    })
    const shown = times.filter(row => row[1] !== '–')
    const wanted = spread.buckets.filter(b => b.doc_count > 0)
    expect(shown.length).toBe(wanted.length)
    for (const [i, row] of shown.entries()) {
      const { values = {} } = wanted[i]?.p ?? {}
      for (const [at, percent] of ['50.0', '95.0', '99.0'].entries())
        expect(Math.abs(number(row[at + 1]) - (values[percent] ?? 0))).toBeLessThan(1)
    }

    const tools = await asked({ terms: { field: 'tool_name', size: 10 } })
    expect((await board.rows('Top 10 Tools by Request Count')).slice(0, tools.buckets.length)).toEqual(
      tools.buckets.map(b => [String(b.key), String(b.doc_count)]),
    )
    await board
      .panel('Top 10 Tools by Request Count')
      .getByText('tool_name.keyword is read as tool_name')
      .waitFor()
    expect(await board.panel('Top 10 Tools by Request Count').locator('tfoot').textContent()).toContain('200')

    const places = await board.numbers('User Geographic Distribution')
    expect(places.reduce((sum, row) => sum + number(row.at(-1)), 0)).toBe(LINES.length)

    const documents = page.getByRole('table', { name: 'Documents of Recent Error Logs' })
    await documents.getByText(newestError()).first().waitFor()
    expect(await documents.locator('tbody tr').count()).toBe(20)
    await picture(page, 'dashboard-printed')
    await expectAccessible(page)
    // On paper it has its name and its time, and nothing to press.
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    await page.getByRole('navigation').first().waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Edit' }).waitFor({ state: 'hidden' })
    await page.getByRole('heading', { level: 1 }).waitFor()
    const ground = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
    expect(ground).toBe('light')
  })

  it('is narrowed down by a press, and leads to the documents', async () => {
    await importPrinted()
    const board = await DashboardPage.open(
      page,
      elkhorn.ui,
      'chatgpt-application-monitoring-dashboard',
      RANGE,
    )
    const table = 'Top 10 Tools by Request Count'
    await board.panel(table).getByRole('button', { name: 'pay', exact: true }).click()
    await page.getByRole('button', { name: 'Filter for this' }).click()
    const pay = LINES.filter(l => l.tool_name === 'pay').length
    await board.panel(table).locator('tfoot').getByText(String(pay)).waitFor()
    await page.getByRole('list', { name: 'Filters' }).getByText('tool_name: pay').waitFor()
    const volume = await board.numbers('Request Volume (Requests/min)')
    expect(volume.reduce((sum, row) => sum + number(row[1]), 0)).toBe(pay)
    // The address has it all.
    await page.reload()
    await board.panel(table).locator('tfoot').getByText(String(pay)).waitFor()
    await page.goBack()
    await board.panel(table).locator('tfoot').getByText('200').waitFor()
    await page.goForward()
    await board.panel(table).locator('tfoot').getByText(String(pay)).waitFor()
    await board.menu(table, 'Documents behind it')
    await page.waitForURL('**/discover?**')
    await page.getByText(new RegExp(`^${pay} events`)).waitFor()
  })

  it('is inspected, and saved as CSV and PNG', async () => {
    await importPrinted()
    const board = await DashboardPage.open(
      page,
      elkhorn.ui,
      'chatgpt-application-monitoring-dashboard',
      RANGE,
    )
    const table = 'Top 10 Tools by Request Count'
    await board.rows(table)
    await board.menu(table, 'Inspect the request')
    const dialog = page.getByRole('dialog', { name: `Requests of ${table}` })
    await dialog.getByText('"doc_count"').waitFor()
    await page.keyboard.press('Escape')
    const [csv] = await Promise.all([page.waitForEvent('download'), board.menu(table, 'Download as CSV')])
    const lines = (await readFile(await csv.path(), 'utf8')).trim().split('\r\n')
    expect(lines).toHaveLength(4)
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      board.menu('Error Rate (%)', 'Download as PNG'),
    ])
    expect((await readFile(await png.path())).subarray(1, 4).toString()).toBe('PNG')
  })
})

describe('a dashboard from nothing', () => {
  it('is built of fields, arranged by keyboard, saved, exported, removed and imported again', async () => {
    await page.goto(`${elkhorn.ui}/dashboards/new${RANGE}`)
    const board = new DashboardPage(page)
    await page.getByRole('button', { name: 'Add a panel' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a panel' })
    await dialog.getByLabel('Data view').selectOption({ label: 'chatgpt-logs-*' })
    await dialog.getByRole('searchbox', { name: 'Find a field' }).fill('tool')
    await dialog.getByRole('list', { name: 'Fields' }).getByRole('button', { name: 'tool_name' }).click()
    const suggested = dialog
      .getByRole('list', { name: 'Suggested charts' })
      .locator('li')
      .first()
      .getByRole('button')
      .first()
    const title = (await suggested.locator('span').first().textContent()) ?? ''
    await suggested.click()
    await board.panel(title).waitFor()

    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByRole('tab', { name: 'Text' }).click()
    await dialog.getByRole('textbox', { name: 'Markdown' }).fill('## On call: ring **7**')
    await dialog.getByRole('button', { name: 'Add the text' }).click()
    const text = board.panel('Untitled panel')
    await text.getByRole('heading', { name: 'On call: ring 7' }).waitFor()
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      board.menu('Untitled panel', 'Download as PNG'),
    ])
    expect((await readFile(await png.path())).subarray(1, 4).toString()).toBe('PNG')

    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByRole('tab', { name: 'Control' }).click()
    await dialog
      .getByRole('list', { name: 'Fields' })
      .getByRole('button', { name: /^log_level/ })
      .click()
    await page
      .getByRole('list', { name: 'Controls' })
      .getByRole('button', { name: /log_level/ })
      .click()
    await page
      .getByRole('dialog', { name: 'log_level' })
      .getByRole('checkbox', { name: /^ERROR/ })
      .click()
    await page.keyboard.press('Escape')
    await page.getByRole('list', { name: 'Controls' }).getByText('ERROR').waitFor()

    await page.getByRole('button', { name: 'Annotations' }).click()
    const annotations = page.getByRole('dialog', { name: 'Annotations' })
    await annotations.getByLabel('Label').fill('Outage')
    await annotations.getByLabel('Documents to mark').fill('log_level: CRITICAL and tool_name: pay')
    await annotations.getByRole('button', { name: 'Add', exact: true }).click()
    await annotations.getByRole('list', { name: 'Annotations' }).getByText('Outage').waitFor()
    await annotations.getByRole('button', { name: 'Close' }).click()

    const before = await text.boundingBox()
    await page.getByRole('button', { name: 'Resize Untitled panel' }).focus()
    await page.keyboard.press('Shift+ArrowDown')
    await page
      .getByText(/Untitled panel: column \d+, row \d+, \d+ wide, \d+ high/)
      .waitFor({ state: 'attached' })
    expect((await text.boundingBox())?.height).toBe((before?.height ?? 0) + 4 * 22)

    await board.menu('Untitled panel', 'Remove')
    await text.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await text.waitFor()
    await picture(page, 'dashboard-edit')

    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const save = page.getByRole('dialog', { name: 'Save the dashboard' })
    await save.getByLabel('Title').fill('Tools at a glance')
    await save.getByLabel(/Opens with this time/).check()
    await save.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Tools at a glance' }).waitFor()
    await page.waitForURL(url => !url.pathname.endsWith('/new'))
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''

    // As it was saved, without anything in the address.
    await DashboardPage.open(page, elkhorn.ui, id)
    await board.panel(title).waitFor()
    await page.getByRole('list', { name: 'Controls' }).getByText('ERROR').waitFor()
    await board.button('Edit').click()
    await board.button('Annotations').click()
    await annotations.getByRole('checkbox', { name: 'Outage' }).waitFor()
    await page.keyboard.press('Escape')

    await page.goto(`${elkhorn.ui}/dashboards`)
    const row = page.getByRole('row', { name: /Tools at a glance/ })
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      row.getByRole('button', { name: 'Export' }).click(),
    ])
    const path = await file.path()
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(3)
    await row.getByRole('button', { name: 'Delete' }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.waitFor()
    await row.getByRole('button', { name: 'Delete' }).click()
    await row.waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const again = page.getByRole('dialog', { name: 'Import' })
    await again.getByLabel('File').setInputFiles(path)
    await again.getByLabel('What is there already').selectOption('overwrite')
    await again.getByRole('button', { name: 'Import', exact: true }).click()
    await again.getByRole('link', { name: 'Open Tools at a glance' }).click()
    await board.panel(title).waitFor()
    await text.getByRole('heading', { name: 'On call: ring 7' }).waitFor()
  })
})

describe('what Kibana exports', () => {
  const moment = { '@timestamp': new Date(END - 5 * MINUTE).toISOString() }
  const web = (status: number, url: string, by: string) => ({
    ...moment,
    status,
    url,
    browser: by,
    geo: { lat: 1, lon: 2 },
  })
  const login = (outcome: string, user: string, host: string) => ({ ...moment, outcome, user, host })

  it('of version 7 is imported: aggregations, TSVB and saved searches are drawn, the rest says why not', async () => {
    await elkhorn.bulk('web-2026.03', [
      web(200, '/', 'Firefox'),
      web(200, '/', 'Chrome'),
      web(201, '/a', 'Firefox'),
      web(503, '/a', 'Firefox'),
      web(404, '/b', 'Safari'),
    ])
    const dialog = await importFile('kibana7-web.ndjson')
    await dialog.getByText('9 objects imported.').waitFor()
    const board = await DashboardPage.open(page, elkhorn.ui, 'web-7', RANGE)
    expect(await board.numbers('Browsers')).toEqual([
      ['Firefox', '3'],
      ['Chrome', '1'],
      ['Safari', '1'],
    ])
    const codes = await board.numbers('Response codes over time')
    const sum = (name: string) => codes.filter(r => r[0] === name).reduce((n, r) => n + number(r.at(-1)), 0)
    expect([sum('2xx'), sum('5xx')]).toEqual([3, 1])
    expect((await board.numbers('Top pages')).toSorted()).toEqual([
      ['/', '2'],
      ['/a', '2'],
      ['/b', '1'],
    ])
    expect((await board.numbers('Access map')).map(r => r.at(-1))).toEqual(['5'])
    await board.panel('A program').getByText('Vega specifications are programs').waitFor()
    await board.panel('About').getByRole('link', { name: 'logs' }).waitFor()
    const documents = page.getByRole('table', { name: 'Documents of Web errors' })
    await documents.getByText('503').waitFor()
    expect(await documents.locator('tbody tr').count()).toBe(1)
    await picture(page, 'dashboard-kibana7')
    await expectAccessible(page)
  })

  it('of version 8 is imported: Lens charts are drawn, and their controls narrow them down', async () => {
    await elkhorn.bulk('sys-2026.03', [
      login('success', 'ann', 'h1'),
      login('success', 'bo', 'h1'),
      login('failure', 'bo', 'h2'),
      login('success', 'ann', 'h2'),
    ])
    const weekBefore = new Date(END - 5 * MINUTE - 7 * 24 * 60 * MINUTE).toISOString()
    await elkhorn.bulk(
      'sys-2026.02',
      ['ann', 'bo', 'cy'].map(user => ({ ...login('success', user, 'h2'), '@timestamp': weekBefore })),
    )
    const dialog = await importFile('kibana8-logins.ndjson')
    await dialog.getByText('2 objects imported.').waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    const board = await DashboardPage.open(page, elkhorn.ui, 'sys-8', RANGE)
    await board.panel('Failed share').getByRole('button', { name: '25 % Failed' }).waitFor()
    expect(await board.rows('Users')).toEqual([
      ['ann', '2'],
      ['bo', '2'],
    ])
    const logins = await board.numbers('Logins over time')
    expect(logins.reduce((n, r) => n + number(r.at(-1)), 0)).toBe(4)
    const before = await board.numbers('Week before')
    expect(before.reduce((n, r) => n + number(r.at(-1)), 0)).toBe(3)
    await board.panel('Where').getByText('None of its layers shows documents by their place.').waitFor()
    await page.getByRole('list', { name: 'Controls' }).getByRole('button', { name: /Host/ }).click()
    await page.getByRole('dialog', { name: 'Host' }).getByRole('checkbox', { name: /^h2/ }).click()
    await board.panel('Failed share').getByRole('button', { name: '50 % Failed' }).waitFor()
    await page.keyboard.press('Escape')
    await picture(page, 'dashboard-kibana8')
    await expectAccessible(page)
  })
})

describe('the list', () => {
  it('offers samples, copies, finds, and is accessible in the dark', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await page.waitForURL('**/dashboards')
    await page
      .getByRole('region', { name: 'Samples' })
      .getByRole('button', { name: /Language models/ })
      .click()
    await page.getByRole('heading', { name: 'Language models' }).waitFor()
    await page.goto(`${elkhorn.ui}/dashboards`)
    const row = page.getByRole('row', { name: /^Language models What/ })
    await row.getByRole('button', { name: 'Duplicate' }).click()
    await page.getByText('Copied as “Language models (copy)”').waitFor()
    await page.getByRole('searchbox', { name: 'Find a dashboard' }).fill('langu')
    await page.getByRole('row', { name: /ChatGPT/ }).waitFor({ state: 'detached' })
    await expectAccessible(page)
  })

  it('keeps what was changed on a dashboard and not saved, and searches again at a key', async () => {
    await addSample('chatgpt')
    const board = await DashboardPage.open(page, elkhorn.ui, 'sample-chatgpt', RANGE)
    await board.rows('Top 10 tools')
    const resized = page.getByText(/Top 10 tools: column \d+, row \d+, \d+ wide, \d+ high/)
    await board.button('Edit').click()
    await board.button('Resize Top 10 tools').focus()
    await page.keyboard.press('Shift+ArrowDown')
    await resized.waitFor({ state: 'attached' })
    const height = (await board.panel('Top 10 tools').boundingBox())?.height ?? 0
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.waitForURL('**/discover**')
    await page.goBack()
    await page.getByText('Your changes from before are here').waitFor()
    await board.rows('Top 10 tools')
    expect((await board.panel('Top 10 tools').boundingBox())?.height).toBe(height)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.emulateMedia({ colorScheme: 'light' })
    await board.button('Discard them').click()
    await board.button('Edit').waitFor()
    await expect
      .poll(async () => (await board.panel('Top 10 tools').boundingBox())?.height)
      .toBeLessThan(height)

    const again = page.waitForRequest(request => request.url().includes('_msearch'))
    await page.keyboard.press('r')
    await again
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: 'Time range' }).waitFor()
  })

  it('begins a panel with the data view of the others, and leads to the documents with a value', async () => {
    await addSample('chatgpt')
    await addSample('ml')
    const board = await DashboardPage.open(page, elkhorn.ui, 'sample-ml', RANGE)
    await board.button('Edit').click()
    await board.button('Add').click()
    const dialog = page.getByRole('dialog', { name: 'Add a panel' })
    await dialog
      .getByLabel('Data view')
      .locator('option:checked', { hasText: 'Inference logs' })
      .waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await elkhorn.bulk(INDEX, [
      { '@timestamp': new Date(END - 9 * MINUTE).toISOString(), message: 'no tool' },
    ])
    await DashboardPage.open(page, elkhorn.ui, 'sample-chatgpt', RANGE)
    await board.rows('Top 10 tools')
    await board.menu('Top 10 tools', 'Documents behind it')
    await page.waitForURL('**/discover?**')
    await page.getByText(/^200 events/).waitFor()
  })

  it('opens a dashboard whose id has slashes and dots, and names the tab after it', async () => {
    const answer = await fetch(
      `${elkhorn.ui}/api/saved_objects/dashboard/${encodeURIComponent('team/v1.2')}`,
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' },
        body: JSON.stringify({ attributes: { title: 'Team board', panelsJSON: '[]' } }),
      },
    )
    expect(answer.status).toBe(200)
    await page.goto(`${elkhorn.ui}/dashboards`)
    await page.getByRole('link', { name: 'Team board' }).click()
    await page.getByRole('heading', { name: 'Team board' }).waitFor()
    expect(await page.title()).toBe('Team board · Dashboards · Elkhorn')
    // What is escaped in the address stays what it was.
    const search = page.getByRole('combobox', { name: 'Search' })
    await search.fill('message: "50%25 + 1"')
    await search.press('Enter')
    await page.waitForURL(url => url.searchParams.get('q') === 'message: "50%25 + 1"')
    await page.reload()
    await page.getByRole('heading', { name: 'Team board' }).waitFor()
    expect(await search.inputValue()).toBe('message: "50%25 + 1"')
    await DashboardPage.open(page, elkhorn.ui, 'team/v1.2')
    await page.getByRole('heading', { name: 'Team board' }).waitFor()
  })

  it('says that there is no such dashboard, and no such page, and leads on', async () => {
    await DashboardPage.open(page, elkhorn.ui, 'none')
    await page.getByRole('heading', { name: 'There is no such dashboard' }).waitFor()
    expect(await page.getByRole('button', { name: 'Edit', exact: true }).count()).toBe(0)
    await picture(page, 'dashboard-none')
    await page.getByRole('main').getByRole('link', { name: 'All dashboards' }).click()
    await page.getByRole('searchbox', { name: 'Find a dashboard' }).waitFor()
    await page.goto(`${elkhorn.ui}/dashboard/none`)
    await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
    await picture(page, 'page-none')
    await expectAccessible(page)
    await page.getByRole('main').getByRole('link', { name: 'Go to Discover' }).click()
    await page.waitForURL('**/discover**')
  })
})

/** The message of the newest error. */
function newestError(): string {
  const wrong = LINES.filter(l => l.log_level !== 'INFO')
  return wrong.reduce((a, b) => (b['@timestamp'] > a['@timestamp'] ? b : a)).message
}
