import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DiscoverPage } from './pages/discover'
import { picture } from './picture'

const INDEX = 'formats-e2e'

let elkhorn: Elkhorn
let browser: Browser
let page: Page
let faults: string[]

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  const at = Date.now()
  await elkhorn.bulk(
    INDEX,
    [200, 503, 404].map((status, i) => ({
      '@timestamp': new Date(at - i * 1000).toISOString(),
      status,
      size: 1536 * (i + 1),
      took: 1530 + 1000 * i,
      ticket: `OPS-${i}`,
    })),
  )
})

afterAll(async () => {
  await browser?.close()
  await elkhorn?.stop()
})

beforeEach(async () => {
  faults = []
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
})

afterEach(async () => {
  await page.close()
  // Also catches what the content policy forbids.
  expect(faults).toEqual([])
})

it('writes values as the data view wants them, in the table and in a document', async () => {
  await page.goto(`${elkhorn.ui}/management/data_views?open=%2B`)
  const made = page.getByRole('complementary', { name: 'New data view' })
  await made.getByRole('textbox', { name: 'Index pattern' }).fill(INDEX)
  await made.getByText('Finds 1 index with').waitFor()
  await made.getByRole('button', { name: 'Create', exact: true }).click()
  const formats = page.getByRole('region', { name: 'Formats' })
  const set = async (field: string, as: string, parameters: [string, string][]) => {
    await formats.getByRole('combobox', { name: 'Field', exact: true }).selectOption(field)
    await formats.getByRole('combobox', { name: 'As', exact: true }).selectOption(as)
    for (const [label, value] of parameters)
      await formats.getByRole('textbox', { name: label, exact: true }).fill(value)
    await formats.getByRole('button', { name: 'Set the format' }).click()
    await formats.getByRole('button', { name: `Remove the format of ${field}` }).waitFor()
  }
  await set('size', 'bytes', [])
  await set('took', 'duration', [])
  await set('ticket', 'url', [['Address', 'https://tickets.example/{{value}}']])
  await set('status', 'color', [
    ['Where', '500:Infinity'],
    ['Colour', '#b3262d'],
  ])
  await expectAccessible(page)
  await picture(page, 'data-view-formats')

  const discover = await DiscoverPage.open(
    page,
    elkhorn.ui,
    `?index=${INDEX}&columns=size,took,ticket,status`,
  )
  await discover.shows(3)
  await discover.rows.getByText('1.5 KB').waitFor()
  await discover.rows.getByText('1.53 seconds').waitFor()
  const link = discover.rows.getByRole('link', { name: 'OPS-0' })
  expect(await link.getAttribute('href')).toBe('https://tickets.example/OPS-0')
  const colour = await discover.rows
    .getByText('503', { exact: true })
    .evaluate(element => getComputedStyle(element).backgroundColor)
  expect(colour).toBe('rgb(179, 38, 45)')
  await discover.rows.first().click({ position: { x: 200, y: 8 } })
  await discover.document.getByText('1.5 KB').waitFor()
  await expectAccessible(page)
  await picture(page, 'discover-formats')
  // What is sent and searched for stays what it is.
  await discover.document.getByRole('tab', { name: 'JSON' }).click()
  await discover.document.getByText('1536').waitFor()

  const found = await fetch(`${elkhorn.ui}/api/data_views`).then(answer => answer.json())
  const [{ id }] = (found as { data_view: { id: string }[] }).data_view as [{ id: string }]
  const kept = await fetch(`${elkhorn.ui}/api/data_views/data_view/${id}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'journey' },
    body: JSON.stringify({
      data_view: {
        runtimeFieldMap: {
          kilobytes: { type: 'double', script: { source: "emit(doc['size'].value / 1024.0)" } },
          both: { type: 'composite', script: { source: "emit('a', 1)" }, fields: { a: { type: 'long' } } },
        },
      },
    }),
  })
  expect(kept.status).toBe(200)
  await page.goto(`${elkhorn.ui}/management/data_views`)
  await page.getByRole('table', { name: 'Data views' }).getByRole('row').filter({ hasText: INDEX }).click()
  await formats.getByText('made with each search: kilobytes').waitFor()
  await formats.getByText('not made here, since they are composed of several: both').waitFor()
  await formats.getByRole('button', { name: 'Remove the format of size' }).click()
  await formats.getByRole('button', { name: 'Remove the format of size' }).waitFor({ state: 'detached' })

  // A field that the data view makes is searched, shown and counted as one of the documents.
  await DiscoverPage.open(page, elkhorn.ui, `?index=${INDEX}&columns=kilobytes&q=kilobytes+%3E+2`)
  await discover.shows(2)
  await discover.rows.getByText('4.5', { exact: true }).waitFor()
  await page.getByRole('navigation', { name: 'Fields' }).getByText('kilobytes').first().waitFor()
})
