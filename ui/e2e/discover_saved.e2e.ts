// Searches and queries that are kept: saved, opened, renamed, deleted and put back, and written as articles print them.

import type { Page } from 'playwright-core'
import { describe, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { makeEvents } from './mock/events.mjs'
import { DiscoverPage } from './pages/discover'

const END = Date.now()
const events = makeEvents({ end: END, minutes: 30, perMinute: 20 })
const errors = events.filter(e => e.log_level === 'ERROR')
const RANGE = `from=${new Date(END - 30 * 60_000).toISOString()}&to=${new Date(END).toISOString()}`

journeys(async () => {
  await elkhorn.bulk('shop-logs-2026.11.26', events)
})

freshPage({ colorScheme: 'dark' })

const panelOf = (on: Page) => on.getByRole('dialog', { name: 'Saved searches' })

describe('a search', () => {
  it('is saved, opened by another person, renamed, deleted and put back', async () => {
    const discover = await DiscoverPage.open(
      page,
      elkhorn.ui,
      `?index=shop-logs-*&q=log_level:ERROR&columns=service_name,message&${RANGE}`,
    )
    await discover.shows(errors.length)
    await discover.button('saved').click()
    const panel = panelOf(page)
    await panel.getByText('Nothing is saved yet.').waitFor()
    await panel.getByLabel('Name', { exact: true }).fill('Errors of the shop')
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    await panel.getByText('Saved “Errors of the shop”').waitFor()
    await panel.getByRole('list', { name: 'Saved' }).getByText('Errors of the shop').waitFor()
    await expectAccessible(page)
    await page.waitForURL(url => url.searchParams.has('saved'))

    const other = await DiscoverPage.open(page, elkhorn.ui, `?${RANGE}`)
    await other.shows(events.length)
    await other.button('saved').click()
    await panel.getByRole('button', { name: 'Errors of the shop', exact: true }).click()
    await other.shows(errors.length)
    await page.getByRole('columnheader', { name: /service_name/ }).waitFor()

    await other.button('saved').click()
    await panel.getByRole('button', { name: 'Rename Errors of the shop' }).click()
    await panel.getByLabel('New name of Errors of the shop').fill('Shop errors')
    await panel.getByRole('button', { name: 'Rename', exact: true }).click()
    await panel.getByRole('button', { name: 'Delete Shop errors' }).click()
    await panel.getByText('Deleted “Shop errors”').waitFor()
    await panel.getByRole('button', { name: 'Shop errors', exact: true }).waitFor({ state: 'detached' })
    await panel.getByRole('button', { name: 'Undo' }).click()
    await panel.getByRole('button', { name: 'Shop errors', exact: true }).waitFor()
  })

  it('makes a data view of its pattern, which is then where Discover begins', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `?${RANGE}`)
    await discover.shows(events.length)
    await discover.button('shop-logs-*').click()
    await page.getByRole('list', { name: 'Data views' }).getByText('shop-logs-*').first().waitFor()
    await expectAccessible(page)
  })
})

describe('a query', () => {
  it('is kept without its data, and applied to what is open', async () => {
    const discover = await DiscoverPage.open(
      page,
      elkhorn.ui,
      `?index=shop-logs-*&f=log_level:ERROR&${RANGE}`,
    )
    await discover.shows(errors.length)
    await discover.button('saved').click()
    const panel = panelOf(page)
    await panel.getByLabel('Name', { exact: true }).fill('only errors')
    await panel.getByLabel('only text and filters').check()
    await panel.getByRole('button', { name: 'Save', exact: true }).click()
    await panel.getByText('Saved “only errors”').waitFor()
    const other = await DiscoverPage.open(page, elkhorn.ui, `?index=shop*&${RANGE}`)
    await other.shows(events.length)
    await other.button('saved').click()
    await panel.getByRole('button', { name: /^only errors/ }).click()
    await other.shows(errors.length)
    await other.pill('log_level: ERROR').waitFor()
  })

  it('is taken from what an article prints', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `?index=shop-logs-*&${RANGE}`)
    await discover.shows(events.length)
    await discover.button('saved').click()
    await panelOf(page).getByRole('button', { name: 'from a query…' }).click()
    const printed = {
      query: {
        bool: {
          must: [{ term: { log_level: 'ERROR' } }, { exists: { field: 'error_message' } }],
          must_not: [{ term: { service_name: 'mcp-server' } }],
        },
      },
      sort: [{ '@timestamp': 'desc' }],
    }
    await panelOf(page).getByLabel('A search as JSON, with its query').fill(JSON.stringify(printed))
    await panelOf(page).getByText('3 filters').waitFor()
    await panelOf(page).getByRole('button', { name: 'Search for it' }).click()
    await discover.shows(errors.filter(e => e.error_message && e.service_name !== 'mcp-server').length)
    await discover.pill('not service_name: mcp-server').waitFor()
  })
})
