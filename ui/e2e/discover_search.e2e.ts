import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { makeEvents } from './mock/events.mjs'
import { DiscoverPage } from './pages/discover'
import { picture } from './picture'

const INDEX = 'chatgpt-logs-search'
const END = Date.now()
const EVENTS = makeEvents({ end: END, minutes: 60, perMinute: 10 })
const ALL = `?index=${INDEX}&from=${new Date(END - 60 * 60_000).toISOString()}&to=${new Date(END).toISOString()}`

let elkhorn: Elkhorn
let browser: Browser
let page: Page
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
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
  page.on('pageerror', error => faults.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error' && !message.text().includes('400')) faults.push(message.text())
  })
})

afterEach(async () => {
  await page.close()
  expect(faults).toEqual([])
})

it('searches for Lucene as Lucene with one press', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
  await discover.shows(EVENTS.length)
  await page.keyboard.press('/')
  await page.keyboard.type('response_time:[4000 TO *] and log_level:/err.*/')
  await discover.button('As Lucene').waitFor()
  await picture(page, 'discover-lucene-offer')
  await discover.button('As Lucene').click()
  await discover.shows(EVENTS.filter(e => e.log_level === 'ERROR' && e.response_time >= 4000).length)
  expect(await page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe(
    'response_time:[4000 TO *] AND log_level:/err.*/',
  )
  await discover.button('As Lucene').waitFor({ state: 'detached' })
  await page.goBack()
  await discover.shows(EVENTS.length)
})

it('points out a field that there is not, and mends it with one press', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
  await discover.shows(EVENTS.length)
  await page.keyboard.press('/')
  await page.keyboard.type('log_levle:ERROR ')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: /^Nothing in/ }).waitFor()
  await expectAccessible(page)
  await picture(page, 'discover-unknown-field')
  await page.getByRole('status').getByText('No field here is named “log_levle”').first().waitFor()
  await discover.button('log_level').first().click()
  await discover.shows(EVENTS.filter(e => e.log_level === 'ERROR').length)
  expect(await page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe('log_level:ERROR')
})

it('names the field whose value does not fit, and keeps what was found before', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
  await discover.shows(EVENTS.length)
  await discover.rows.first().waitFor()
  await discover.search('response_time:slow')
  const failure = page.getByRole('alert', { name: 'The search failed' })
  await failure.getByText('response_time is a number').waitFor()
  await failure.getByRole('button', { name: 'Copy the request' }).waitFor()
  await failure.getByRole('link', { name: 'Open in the console' }).waitFor()
  await discover.rows.first().waitFor()
  await expectAccessible(page)
  await page.getByRole('combobox', { name: 'Search' }).blur()
  await picture(page, 'discover-failed')
  await discover.search('response_time > 4000')
  await discover.shows(EVENTS.filter(e => e.response_time > 4000).length)
  await failure.waitFor({ state: 'detached' })
})

it('keeps signs that addresses have a meaning for, in a link to a search', async () => {
  const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
  await discover.shows(EVENTS.length)
  const text = 'message: "50%25 & 1+1=2?" or log_level: ERROR'
  await discover.search(text)
  const errors = EVENTS.filter(e => e.log_level === 'ERROR').length
  await discover.shows(errors)
  await page.goto(page.url())
  await discover.shows(errors)
  expect(await page.getByRole('combobox', { name: 'Search' }).inputValue()).toBe(text)
})
