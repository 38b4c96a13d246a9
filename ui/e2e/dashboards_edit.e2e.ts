// Charts are edited from the dashboard that they stand on, and come back to it.

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DashboardPage } from './pages/dashboard'
import { VisualizePage } from './pages/visualize'
import { picture } from './picture'

const END = Date.UTC(2026, 2, 2, 15)
const MINUTE = 60_000
const RANGE = `?from=${new Date(END - 60 * MINUTE).toISOString()}&to=${new Date(END).toISOString()}&refresh=0s`

/** 120 lines in an hour; every sixth is an error, every other one is about `book`. */
const LINES = Array.from({ length: 120 }, (_, i) => ({
  '@timestamp': new Date(END - 1000 - i * 29_000).toISOString(),
  log_level: i % 6 === 0 ? 'ERROR' : 'INFO',
  tool_name: i % 2 === 0 ? 'book' : 'search',
  response_time: 20 + ((i * 37) % 500),
}))
const ERRORS = LINES.filter(l => l.log_level === 'ERROR').length

let elkhorn: Elkhorn
let browser: Browser
let page: Page
let board: DashboardPage
let editor: VisualizePage
let faults: string[]

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  const keyword = { type: 'keyword' }
  await elkhorn.put('/app-2026.03', {
    mappings: {
      properties: { '@timestamp': { type: 'date' }, log_level: keyword, tool_name: keyword },
    },
  })
  await elkhorn.bulk('app-2026.03', LINES)
})

afterAll(async () => {
  await browser?.close()
  await elkhorn?.stop()
})

beforeEach(async () => {
  faults = []
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await save('index-pattern', 'app', { title: 'app-*', timeFieldName: '@timestamp' })
  board = new DashboardPage(page)
  editor = new VisualizePage(page)
})

afterEach(async () => {
  await page.close()
  expect(faults).toEqual([])
})

type Json = Record<string, unknown>
const REFERENCE = { name: 'kibanaSavedObjectMeta.searchSourceJSON.index', type: 'index-pattern', id: 'app' }
const SOURCE = { searchSourceJSON: JSON.stringify({ indexRefName: REFERENCE.name }) }

/** The attributes of a pie of tools. */
const pie = (title: string) => ({
  title,
  visState: JSON.stringify({
    type: 'pie',
    params: { isDonut: true },
    aggs: [
      { id: '1', type: 'count', schema: 'metric', params: {} },
      { id: '2', type: 'terms', schema: 'segment', params: { field: 'tool_name', size: 5 } },
    ],
  }),
  kibanaSavedObjectMeta: SOURCE,
})

async function save(type: string, id: string, attributes: Json, references: Json[] = []) {
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/${type}/${id}?overwrite=true`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' },
    body: JSON.stringify({ attributes, references }),
  })
  expect(answer.status).toBe(200)
}

async function saved(type: string, id: string): Promise<{ attributes: Json; references: Json[] }> {
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/${type}/${id}`)
  return (await answer.json()) as { attributes: Json; references: Json[] }
}

/** A dashboard of one panel that has its chart inside, and one that shows a chart of the library. */
async function saveBoard(id: string) {
  await save('visualization', `${id}-kept`, pie('Kept tools'), [REFERENCE])
  const panel = (at: number, rest: Json) => ({
    panelIndex: String(at),
    gridData: { x: (at - 1) * 24, y: 0, w: 24, h: 14, i: String(at) },
    type: 'visualization',
    ...rest,
  })
  const panels = [
    panel(1, { embeddableConfig: { attributes: pie('Own tools') } }),
    panel(2, { embeddableConfig: {}, panelRefName: 'panel_2' }),
  ]
  await save('dashboard', id, { title: 'Night shift', panelsJSON: JSON.stringify(panels) }, [
    { ...REFERENCE, name: `1:${REFERENCE.name}` },
    { name: '2:panel_2', type: 'visualization', id: `${id}-kept` },
  ])
}

const slices = async (title: string) => (await board.numbers(title)).map(row => row.join(' ')).toSorted()
const saveAndReturn = () => page.getByRole('button', { name: 'Save and return' }).click()

/** Holds back the answer to the next save of a dashboard: what resolves once it is asked, and what lets the answer come. */
async function heldSave() {
  let [found, answer] = [() => {}, () => {}]
  const asked = new Promise<void>(resolve => {
    found = resolve
  })
  const late = new Promise<void>(resolve => {
    answer = resolve
  })
  await page.route('**/api/saved_objects/dashboard/*', async route => {
    if (route.request().method() !== 'PUT') return route.continue()
    const response = await route.fetch()
    found()
    await late
    await route.fulfill({ response })
  })
  return { asked, answer }
}

const rename = async (from: string, to: string) => {
  await board.menu(from, 'Title and time')
  await page.getByRole('dialog', { name: 'Title and time' }).getByRole('textbox').fill(to)
  await board.button('Apply').click()
  await board.panel(to).waitFor()
}

describe('a save that takes its time', () => {
  it('leaves what is changed meanwhile a change, which can be saved too', async () => {
    await saveBoard('slow')
    await DashboardPage.open(page, elkhorn.ui, 'slow', RANGE)
    await board.numbers('Own tools')
    await board.button('Edit').click()
    await rename('Own tools', 'First')
    const { asked, answer } = await heldSave()
    await board.button('Save').click()
    await asked
    await rename('Kept tools', 'Second')
    const read = page.waitForResponse(
      r => r.url().includes('/dashboard/slow') && r.request().method() === 'GET',
    )
    answer()
    await read
    await page.waitForFunction(() =>
      [...document.querySelectorAll('button')].some(b => b.textContent === 'Save' && !b.disabled),
    )
    await board.panel('Second').waitFor()
    await page.getByText('not saved', { exact: true }).waitFor()
    expect(JSON.stringify(await saved('dashboard', 'slow'))).not.toContain('Second')
    await board.button('Save').click()
    await board.button('Edit').waitFor()
    const text = JSON.stringify(await saved('dashboard', 'slow'))
    expect(text).toContain('First')
    expect(text).toContain('Second')
  })

  it('does not call back who has left', async () => {
    await saveBoard('left')
    await DashboardPage.open(page, elkhorn.ui, 'left', RANGE)
    await board.numbers('Own tools')
    await board.button('Edit').click()
    await rename('Own tools', 'First')
    const { asked, answer } = await heldSave()
    await board.button('Save').click()
    await asked
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.waitForURL('**/discover**')
    const came = page.waitForResponse(r => r.request().method() === 'PUT')
    answer()
    await (await came).finished()
    // Long enough for what the answer brings about: the next page is drawn.
    await page.getByRole('searchbox').or(page.getByRole('combobox')).first().waitFor()
    await page.evaluate(() => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve))))
    expect(new URL(page.url()).pathname).not.toContain('dashboards')
    expect(JSON.stringify(await saved('dashboard', 'left'))).toContain('First')
  })
})

describe('a panel that belongs to one dashboard only', () => {
  it('is edited in place, with what else was changed kept, and saved with the dashboard', async () => {
    await saveBoard('night')
    const narrowed = `${RANGE}&q=${encodeURIComponent('log_level: ERROR')}`
    await DashboardPage.open(page, elkhorn.ui, 'night', narrowed)
    await board.numbers('Own tools')
    await board.button('Edit').click()
    // A change that is not saved yet.
    await board.menu('Kept tools', 'Title and time')
    await page.getByRole('dialog', { name: 'Title and time' }).getByRole('textbox').fill('Tools of all')
    await board.button('Apply').click()
    await board.panel('Tools of all').waitFor()

    await board.menu('Own tools', 'Edit')
    await editor.shows(ERRORS)
    // What the dashboard asks for holds here too, and is told apart from the chart's own filters.
    await page.getByRole('list', { name: 'Filters' }).getByText('log_level: ERROR').waitFor()
    expect(await page.getByLabel('Title of the chart').inputValue()).toBe('Own tools')
    await page.keyboard.press('8')
    await editor.chart.getByRole('columnheader', { name: 'Count' }).waitFor()
    await page.getByLabel('Title of the chart').fill('Tools as rows')
    await picture(page, 'visualize-panel')
    await expectAccessible(page)
    await saveAndReturn()

    await page.waitForURL('**/dashboards/night?**')
    expect(await board.rows('Tools as rows')).toEqual([['book', String(ERRORS)]])
    await board.panel('Tools of all').waitFor()
    await page.getByText('not saved', { exact: true }).waitFor()
    // The keyboard is where the edit began.
    await page.waitForFunction(
      () => document.activeElement?.getAttribute('aria-label') === 'Menu of Tools as rows',
    )
    expect(new URL(page.url()).searchParams.get('q')).toBe('log_level: ERROR')
    expect(JSON.stringify(await saved('dashboard', 'night'))).not.toContain('Tools as rows')
    await board.button('Save').click()
    await board.button('Edit').waitFor()
    const { attributes } = await saved('dashboard', 'night')
    const [first] = JSON.parse(String(attributes.panelsJSON)) as { embeddableConfig: { savedVis: Json } }[]
    expect(first?.embeddableConfig.savedVis).toMatchObject({ type: 'table', title: 'Tools as rows' })
    // The filter of the page is the page's.
    expect(JSON.stringify(first?.embeddableConfig.savedVis.data)).not.toContain('ERROR')
  })

  it('is left as it was by Cancel, and by Back', async () => {
    await saveBoard('calm')
    await DashboardPage.open(page, elkhorn.ui, 'calm', RANGE)
    await board.numbers('Own tools')
    await board.button('Edit').click()
    await board.menu('Own tools', 'Edit')
    await editor.shows(LINES.length)
    await page.keyboard.press('8')
    await editor.chart.getByRole('columnheader', { name: 'Count' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    expect(await slices('Own tools')).toEqual(['book 60', 'search 60'])
    await board.button('Done').waitFor()
    expect(await page.getByText('not saved', { exact: true }).count()).toBe(0)
    // Nothing is lost: the way back leads to the chart as it was being edited.
    await page.goBack()
    await editor.chart.getByRole('columnheader', { name: 'Count' }).waitFor()
  })

  it('goes to the library, and a panel of the library becomes its own', async () => {
    await saveBoard('both')
    await DashboardPage.open(page, elkhorn.ui, 'both', RANGE)
    await board.numbers('Own tools')
    await board.button('Edit').click()
    await board.menu('Own tools', 'Save to library')
    const dialog = page.getByRole('dialog', { name: 'Save to the library' })
    await dialog.getByLabel('Title').fill('Shared tools')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await slices('Shared tools')).toEqual(['book 60', 'search 60'])
    await board.menu('Kept tools', 'Unlink from library')
    await page.getByText('“Kept tools” belongs to this dashboard alone now').waitFor()
    await board.button('Save').click()
    await board.button('Edit').waitFor()
    const { attributes, references } = await saved('dashboard', 'both')
    const panels = JSON.parse(String(attributes.panelsJSON)) as Json[]
    expect(panels.map(p => typeof p.panelRefName)).toEqual(['string', 'undefined'])
    expect(references.map(r => r.type).toSorted()).toEqual(['index-pattern', 'visualization'])
    expect(await slices('Kept tools')).toEqual(['book 60', 'search 60'])
    await page.goto(`${elkhorn.ui}/visualize`)
    await page.getByRole('link', { name: 'Shared tools' }).waitFor()
  })
})

describe('a panel of the library', () => {
  it('is edited for every dashboard that shows it', async () => {
    await saveBoard('far')
    await DashboardPage.open(page, elkhorn.ui, 'far', RANGE)
    await board.numbers('Kept tools')
    await board.button('Edit').click()
    await board.menu('Kept tools', 'Edit')
    await editor.shows(LINES.length)
    await editor.type('Table').click()
    await editor.chart.getByRole('columnheader', { name: 'Count' }).waitFor()
    await saveAndReturn()
    expect(await board.rows('Kept tools')).toEqual([
      ['book', '60'],
      ['search', '60'],
    ])
    const { attributes } = await saved('visualization', 'far-kept')
    expect(JSON.parse(String(attributes.visState))).toMatchObject({ type: 'table' })
    // The dashboard itself is as it was.
    expect(await page.getByText('not saved', { exact: true }).count()).toBe(0)
  })
})

describe('a new chart', () => {
  it('is made from a dashboard that is not saved yet, and stands on it', async () => {
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(`${elkhorn.ui}/dashboards/new${RANGE}`)
    await page.getByRole('button', { name: 'Create a chart' }).click()
    await editor.pick('log_level')
    await editor.shows(LINES.length)
    await saveAndReturn()
    const title = 'Count by log_level over time'
    await board.panel(title).waitFor()
    const counts = await board.numbers(title)
    expect([...new Set(counts.map(row => row[0]))].toSorted()).toEqual(['ERROR', 'INFO'])

    await board.button('Create chart').click()
    await editor.pick('response_time')
    await editor.shows(LINES.length)
    await page.getByRole('button', { name: 'Save to library' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save to the library' })
    await dialog.getByLabel('Title').fill('How slow')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await board.numbers('How slow')
    await board.panel(title).waitFor()
    await picture(page, 'dashboard-edited')
    await board.button('Save').click()
    const save = page.getByRole('dialog', { name: 'Save the dashboard' })
    await save.getByLabel('Title').fill('Made of two')
    await save.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Made of two' }).waitFor()
    await board.numbers('How slow')
    await board.numbers(title)
  })

  it('says so when the panel is not there any more', async () => {
    await saveBoard('gone')
    await page.goto(`${elkhorn.ui}/visualize/editor?dashboard=gone&panel=77`)
    await page.getByText('The dashboard has no such panel').waitFor()
    await page.getByRole('button', { name: 'Night shift' }).click()
    await board.panel('Own tools').waitFor()
  })
})

describe('an empty dashboard', () => {
  it('is filled from the fields of a data view in one press', async () => {
    // The usual fifteen minutes hold nothing of it: the time of the data is shown.
    await page.goto(`${elkhorn.ui}/dashboards/new`)
    await page.getByRole('list', { name: 'Suggested from' }).getByRole('button', { name: 'app-*' }).click()
    await page.getByRole('heading', { name: 'Overview of app-*' }).waitFor()
    expect(await slices('Shares of log_level')).toEqual([`ERROR ${ERRORS}`, `INFO ${LINES.length - ERRORS}`])
    expect(await slices('Top values of tool_name')).toEqual(['book 60', 'search 60'])
    await board.numbers('response_time over time')
    await board.panel('Newest documents').getByRole('table').waitFor()
    await page
      .getByRole('list', { name: 'Controls' })
      .getByRole('button', { name: /^tool_name/ })
      .waitFor()
    await picture(page, 'dashboard-suggested')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('list', { name: 'Suggested from' }).waitFor()
    await picture(page, 'dashboard-empty')
  })
})
