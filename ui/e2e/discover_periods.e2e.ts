import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DiscoverPage } from './pages/discover'
import { picture } from './picture'

const INDEX = 'periods-e2e'
const START = Date.UTC(2026, 2, 10, 9)
const MINUTE = 60_000
/** Two hours; in the second twice as many, more of them errors, and from its middle on another version. */
const EVENTS = Array.from({ length: 120 }, (_, minute) =>
  Array.from({ length: (minute < 60 ? 4 : 8) + (minute % 7) * 2 }, (_, n) => ({
    '@timestamp': new Date(START + minute * MINUTE + n * 1000).toISOString(),
    log_level: n % (minute < 60 ? 9 : 4) === 0 ? 'ERROR' : 'INFO',
    deployment_version: minute < 95 ? 'v2.13.3' : 'v2.14.0',
    city: n % 3 === 0 ? 'Oslo' : 'Lima',
    country: n % 3 === 0 ? 'Norway' : 'Peru',
    message: `event ${n}`,
  })),
).flat()
const NOW = EVENTS.filter(e => Date.parse(e['@timestamp']) >= START + 60 * MINUTE)
const HOUR = `?index=${INDEX}&from=2026-03-10T10:00:00.000Z&to=2026-03-10T11:00:00.000Z`

let elkhorn: Elkhorn
let browser: Browser
let page: Page
let faults: string[]

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  const keyword = { type: 'keyword' }
  await elkhorn.put(`/${INDEX}`, {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        log_level: keyword,
        deployment_version: keyword,
        city: keyword,
        country: keyword,
      },
    },
  })
  await elkhorn.bulk(INDEX, EVENTS)
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
  expect(faults).toEqual([])
})

it('marks a deployment in the histogram, and sets the period before beside it', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, HOUR)
  await discover.shows(NOW.length)
  const chart = page.getByRole('img', { name: /deployment_version v2\.14\.0 since/ })
  await chart.waitFor()
  await page.getByRole('button', { name: 'before', exact: true }).click()
  await page.getByText(`from ${EVENTS.length - NOW.length} in the 1 h before`).waitFor()
  const box = await chart.boundingBox()
  if (!box) throw new Error('the histogram is not on the page')
  // Beside the bar in which the version changes.
  await page.mouse.move(box.x + 44 + ((box.width - 44) * 35.5) / 60, box.y + 40)
  await chart.getByText('deployment_version v2.14.0').waitFor()
  await expectAccessible(page)
  await picture(page, 'discover-before')
  await page.reload()
  await page.getByText('in the 1 h before').waitFor()
})

it('tells a fact that shows in two fields once', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, `${HOUR}&tab=compare`)
  await page.getByRole('region', { name: 'city' }).getByRole('button', { name: 'country: Norway' }).waitFor()
  await expectAccessible(page)
  await picture(page, 'discover-compare-alike')
  await discover.button('country: Norway').click()
  await discover.shows(NOW.filter(e => e.country === 'Norway').length)
})

it('shows on the help sheet what can be searched for here', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, HOUR)
  await discover.shows(NOW.length)
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await sheet.getByText('message:"connection lost"').waitFor()
  expect(await sheet.textContent()).not.toContain('response_time')
})
