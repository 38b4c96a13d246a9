import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DiscoverPage } from './pages/discover'
import { picture } from './picture'

const INDEX = 'days-e2e'
/** One event at noon of each day of two months. */
const EVENTS = Array.from({ length: 59 }, (_, i) => ({
  '@timestamp': new Date(Date.UTC(2026, 0, 1 + i, 12)).toISOString(),
  message: `day ${i}`,
}))

let elkhorn: Elkhorn
let browser: Browser
let page: Page
let picker: Locator
let faults: string[]

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  await elkhorn.bulk(INDEX, EVENTS)
})

afterAll(async () => {
  await browser?.close()
  await elkhorn?.stop()
})

beforeEach(async () => {
  faults = []
  page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    timezoneId: 'Europe/Oslo',
  })
  picker = page.getByRole('dialog', { name: 'Time range' })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
})

afterEach(async () => {
  await page.close()
  expect(faults).toEqual([])
})

const FEBRUARY = `?index=${INDEX}&from=2026-02-01T00:00:00Z&to=2026-02-10T00:00:00Z`

it('takes a range from the calendar, with the pointer', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, FEBRUARY)
  await discover.shows(9)
  await page.keyboard.press('t')
  await picker.getByRole('table', { name: 'January 2026' }).waitFor()
  await picker.getByRole('button', { name: '30 January 2026' }).click()
  await picker.getByRole('button', { name: '3 February 2026', exact: true }).click()
  expect(await picker.getByLabel('From').inputValue()).toBe('2026-01-30 00:00')
  expect(await picker.getByLabel('To', { exact: true }).inputValue()).toBe('2026-02-03 23:59:59.999')
  await expectAccessible(page)
  await picture(page, 'discover-calendar')
  await picker.getByRole('button', { name: 'Apply' }).click()
  await discover.shows(5)
  // In the person's zone.
  expect(new URL(page.url()).searchParams.get('from')).toBe('2026-01-29T23:00:00.000Z')
})

it('takes a range from the calendar, with the keyboard', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, FEBRUARY)
  await discover.shows(9)
  await page.keyboard.press('t')
  await picker.getByRole('button', { name: '10 February 2026' }).focus()
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  expect(await picker.getByLabel('From').inputValue()).toBe('2026-02-02 00:00')
  await page.keyboard.press('PageUp')
  await page.keyboard.press('PageUp')
  await picker.getByRole('table', { name: 'December 2025' }).waitFor()
  await page.keyboard.press('PageDown')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  expect(await picker.getByLabel('From').inputValue()).toBe('2026-01-03 00:00')
  await picker.getByRole('button', { name: 'Apply' }).click()
  await discover.shows(31)
})

it('reads bounds as people write them, and rounds what follows the clock', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, FEBRUARY)
  await discover.shows(9)
  await page.keyboard.press('t')
  await picker.getByLabel('From').fill('3 Jan 2026')
  await picker.getByLabel('To', { exact: true }).fill('2026-01-05')
  await picker.getByText('2026-01-03 00:00:00 → 2026-01-05 23:59:59').waitFor()
  await picker.getByRole('button', { name: 'Apply' }).click()
  await discover.shows(3)
  await page.keyboard.press('t')
  await picker.getByLabel('From').fill('2 days ago')
  await picker.getByLabel('To', { exact: true }).fill('now')
  await picker.getByRole('button', { name: 'day', exact: true }).click()
  expect(await picker.getByLabel('From').inputValue()).toBe('now-2d/d')
  await picker.getByRole('button', { name: 'Apply' }).click()
  await page.waitForURL(url => url.searchParams.get('from') === 'now-2d/d')
  expect(new URL(page.url()).searchParams.get('to')).toBe('now/d')
  await page.keyboard.press('t')
  await picker.getByLabel('From').fill('now')
  await picker.getByLabel('To', { exact: true }).fill('now-1h')
  await picker.getByText('The first must come before the second').waitFor()
  await picker.getByRole('heading', { name: 'Recent' }).waitFor()
  await picker.getByRole('button', { name: '2026-01-03 00:00 → 2026-01-05 23:59' }).click()
  await discover.shows(3)
})
