// What was found as patterns, as fields, and against what was before; filters that stay and filters that are written.

import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DiscoverPage } from './pages/discover'

const MINUTE = 60_000
const END = Math.floor(Date.now() / MINUTE) * MINUTE
const FROM = END - 30 * MINUTE
const RANGE = `from=${new Date(FROM).toISOString()}&to=${new Date(END - 1).toISOString()}`
const ALL = `?index=shop-logs&${RANGE}`

/** Half an hour and the one before it: what vanished, what grew, and what only the second half has. */
const events = [
  ...Array.from({ length: 120 }, (_, i) => order(FROM - 29 * MINUTE + i * 10_000, i, 'v1', 20)),
  ...Array.from({ length: 40 }, (_, i) =>
    line(FROM - 20 * MINUTE + i * 1000, 'v1', `legacy import of batch ${i} done`),
  ),
  ...Array.from({ length: 120 }, (_, i) =>
    order(FROM + i * 10_000, i, i % 2 === 0 ? 'v1' : 'v2', i % 2 === 0 ? 20 : 400),
  ),
  ...Array.from({ length: 30 }, (_, i) =>
    line(FROM + 10 * MINUTE + i * 1000, 'v2', `pool exhausted after ${i} ms`, 'ERROR'),
  ),
]

function order(at: number, i: number, version: string, latency: number) {
  return { ...line(at, version, `order ${1000 + i} placed by user_${i % 7}`), latency_ms: latency + (i % 5) }
}

function line(at: number, deployment_version: string, message: string, log_level = 'INFO') {
  return { '@timestamp': new Date(at).toISOString(), log_level, deployment_version, message }
}

journeys(async () => {
  await elkhorn.put('/shop-logs', {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        log_level: { type: 'keyword' },
        deployment_version: { type: 'keyword' },
        message: { type: 'text' },
        latency_ms: { type: 'long' },
      },
    },
  })
  await elkhorn.bulk('shop-logs', events)
})

freshPage()

describe('patterns', () => {
  it('count the messages of each template, mark what is new, and filter', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.shows(150)
    await page.getByRole('tab', { name: 'Patterns' }).click()
    const rows = page.getByRole('list', { name: 'Patterns' }).getByRole('listitem')
    await rows.filter({ hasText: 'placed by' }).getByText('120', { exact: true }).waitFor()
    const fresh = rows.filter({ hasText: 'pool exhausted' })
    await fresh.getByText('new', { exact: true }).waitFor()
    await fresh.getByText('30', { exact: true }).waitFor()
    expect(await rows.filter({ hasText: 'legacy' }).count()).toBe(0)
    await expectAccessible(page)
    await discover.button('1 new').click()
    await rows.filter({ hasText: 'placed by' }).waitFor({ state: 'detached' })
    await fresh.getByRole('button', { name: /^Without/ }).click()
    await discover.shows(120)
    await page
      .getByRole('list', { name: 'Filters' })
      .getByRole('button', { name: /^not message has pool exhausted/ })
      .click()
    await discover.button('Include instead').click()
    await discover.shows(30)
    await page.getByRole('tab', { name: 'Events' }).click()
    await discover.rows.first().getByText('pool exhausted after 29 ms').waitFor()
  })
})

describe('fields', () => {
  it('have their coverage, values and percentiles', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${ALL}&tab=fields`)
    await discover.shows(150)
    const row = (name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) })
    await row('latency_ms').getByText('80 %').waitFor()
    await row('latency_ms').getByText('404', { exact: true }).first().waitFor()
    await row('deployment_version').getByRole('button', { name: 'v2 60 %' }).waitFor()
    await expectAccessible(page)
    await row('deployment_version').getByRole('button', { name: 'v2 60 %' }).click()
    await discover.shows(90)
  })
})

describe('a comparison', () => {
  it('with the period before names what is new, grew and vanished', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${ALL}&tab=compare`)
    await discover.shows(150)
    const messages = page.getByRole('region', { name: 'Messages' }).getByRole('listitem')
    await messages
      .filter({ hasText: 'pool exhausted' })
      .filter({ hasText: /^new/ })
      .getByText('0 → 30')
      .waitFor()
    await messages
      .filter({ hasText: 'legacy import' })
      .filter({ hasText: /^vanished/ })
      .getByText('40 → 0')
      .waitFor()
    await page.getByText('160 → 150').waitFor()
    await expectAccessible(page)
  })

  it('of two versions is kept in the URL', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${ALL}&tab=compare`)
    await discover.shows(150)
    await discover.button('the period before').click()
    await page
      .getByRole('dialog', { name: 'Compare with' })
      .getByRole('button', { name: 'deployment_version' })
      .click()
    await page.waitForURL(url => url.searchParams.get('against') === 'deployment_version,v1,v2')
    await page.getByText('60 → 90').waitFor()
    await page.getByRole('region', { name: 'log_level' }).getByText('ERROR').waitFor()
    await page.reload()
    await page.getByText('60 → 90').waitFor()
    await expectAccessible(page)
  })
})

describe('filters', () => {
  it('are made of several values that are offered, and of bounds', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.shows(150)
    await discover.button(/^filter$/).click()
    const panel = page.getByRole('dialog', { name: 'Add a filter' })
    await panel.getByLabel('Field').fill('deployment_version')
    await panel.getByLabel('Condition').selectOption('is not one of')
    const offered = panel.getByRole('list', { name: 'What there is' })
    await offered.getByRole('button', { name: 'v1' }).click()
    await panel.getByRole('button', { name: 'Add' }).click()
    await discover.shows(90)
    await discover.pill('not deployment_version: v1').waitFor()
    await discover.button(/^filter$/).click()
    await panel.getByLabel('Field').fill('log_level')
    await panel.getByLabel('Condition').selectOption('is one of')
    await offered.getByRole('button', { name: 'INFO' }).click()
    await panel.getByLabel('Values, with commas between').pressSequentially('err')
    await offered.getByRole('button', { name: 'ERROR' }).click()
    await expectAccessible(page)
    await panel.getByRole('button', { name: 'Add' }).click()
    await discover.pill('log_level: INFO, ERROR').waitFor()
    await discover.button(/^filter$/).click()
    await panel.getByLabel('Field').fill('latency_ms')
    await panel.getByLabel('Condition').selectOption('is between')
    await panel.getByLabel('From').fill('400')
    await panel.getByLabel('To').fill('402')
    await panel.getByRole('button', { name: 'Add' }).click()
    await discover.shows(24)
    await page.reload()
    await discover.shows(24)
    // Each is edited in the form that made it.
    await discover.pill('latency_ms from 400 below 402').click()
    await discover.button('Edit…').click()
    const edited = page.getByRole('dialog', { name: /^Filter/ })
    expect(await edited.getByLabel('From').inputValue()).toBe('400')
    await expectAccessible(page)
    await edited.getByLabel('To').fill('401')
    await edited.getByRole('button', { name: 'Save' }).click()
    await discover.pill('latency_ms from 400 below 401').waitFor()
    await discover.shows(12)
    await discover.pill('log_level: INFO, ERROR').click()
    await discover.button('Edit…').click()
    await edited.getByLabel('Values, with commas between').fill('ERROR')
    await edited.getByRole('button', { name: 'Save' }).click()
    await discover.pill('log_level: ERROR').waitFor()
  })

  it('are made from a field, pinned, and written as a query', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.shows(150)
    await discover.button('filter').click()
    const panel = page.getByRole('dialog', { name: 'Add a filter' })
    await expectAccessible(page)
    await panel.getByLabel('Field').fill('deployment_version')
    await panel.getByLabel('Value').fill('v2')
    await panel.getByRole('button', { name: 'Add' }).click()
    await discover.shows(90)
    await discover.pill('deployment_version: v2').click()
    await discover.button('Pin').click()
    await discover.search('log_level:ERROR')
    await discover.shows(30)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('clear')
    await page.keyboard.press('Enter')
    await discover.shows(90)
    await discover.pill('deployment_version: v2').click()
    await discover.button('Edit as query DSL').click()
    const editor = page.getByRole('dialog', { name: /^Filter/ })
    await editor.getByLabel('Query').fill('{"terms": {"deployment_version": ["v1", "v2"]')
    await editor.getByText('This is not a JSON object').waitFor()
    await editor.getByLabel('Query').fill('{"terms": {"deployment_version": ["v1", "v2"]}}')
    await editor.getByLabel('Called').fill('either version')
    await expectAccessible(page)
    await editor.getByRole('button', { name: 'Filter by it' }).click()
    await discover.shows(150)
    await page.reload()
    await discover.pill('either version').waitFor()
  })
})
