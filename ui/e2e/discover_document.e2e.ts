// A document that is opened in its row, and how the page makes room for it.

import { EventEmitter, once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DiscoverPage } from './pages/discover'

const AT = Math.floor(Date.now() / 1000) * 1000 - 60_000
const PATH = 'kubernetes.labels.app_kubernetes_io.managed.by.the.operator.of.the.cluster'
const SPAN = `&from=${new Date(AT - 600_000).toISOString()}&to=${new Date(AT + 600_000).toISOString()}`
const WIDE = `?index=wide-logs${SPAN}`

journeys(async () => {
  const labels = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${PATH}.label${i}`, `value ${i}`]))
  await elkhorn.bulk('wide-logs', [
    { '@timestamp': new Date(AT).toISOString(), level: 'info', message: 'one with many labels', ...labels },
    { '@timestamp': new Date(AT - 1000).toISOString(), level: 'error', message: 'one without labels' },
  ])
  await elkhorn.bulk('trace-logs', [
    {
      '@timestamp': new Date(AT).toISOString(),
      level: 'error',
      service_name: 'a-service',
      trace_id: 'trace0000000000000000000000000001',
      duration_ms: 11,
      message: 'a text that is longer than the place that there is for it beside a bar',
    },
  ])
})

describe('an opened document', () => {
  freshPage({ timezoneId: 'Asia/Kathmandu' })

  it('shows long names to their end, and finds among many fields', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${WIDE}&q=labels`)
    await discover.rows
      .filter({ hasText: 'many labels' })
      .getByRole('button', { name: 'Open the event' })
      .click()
    const name = discover.document.getByText(`${PATH}.label7`, { exact: true })
    await name.waitFor()
    expect(await name.evaluate(e => e.scrollWidth <= e.clientWidth)).toBe(true)
    const find = discover.document.getByRole('searchbox', { name: 'Find in the fields' })
    await find.fill('LABEL29')
    await discover.document.getByText('value 29').waitFor()
    expect(await discover.document.getByRole('term').count()).toBe(1)
    await find.fill('value 11')
    await discover.document.getByText(`${PATH}.label11`, { exact: true }).waitFor()
    expect(await discover.document.getByRole('term').count()).toBe(1)
    await find.fill('no such thing')
    await discover.document.getByText('No field has that in its name or value.').waitFor()
    await expectAccessible(page)
    // The first Escape is the box's, and the event stays open.
    await find.press('Escape')
    await name.waitFor()
  })

  it('says its moments in the chosen zone beside what was sent', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, WIDE)
    await discover.rows.first().getByRole('button', { name: 'Open the event' }).click()
    const sent = new Date(AT).toISOString()
    await discover.document.getByText(sent, { exact: true }).waitFor()
    const here = new Date(AT + 345 * 60_000).toISOString().replace('T', ' ').replace('Z', '')
    await discover.document.getByText(here, { exact: true }).waitFor()
  })
})

describe('the story of one event', () => {
  freshPage()

  it('keeps the time of a bar that fills the chart apart from its name', async () => {
    await page.goto(`${elkhorn.ui}/trace?field=trace_id&value=trace0000000000000000000000000001`)
    const chart = page.getByRole('region', { name: 'Timeline' })
    const took = await chart.getByRole('button').getByText('11 ms', { exact: true }).boundingBox()
    const name = await chart
      .getByRole('button')
      .getByText(/^a text/)
      .boundingBox()
    if (!took || !name) throw new Error('the bar has neither time nor name')
    expect(took.x).toBeGreaterThanOrEqual(name.x + name.width)
  })
})

describe('the list of fields', () => {
  freshPage({ viewport: { width: 853, height: 533 } })

  it('makes room on a narrow page, comes when asked for, and that is remembered', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, WIDE)
    await discover.rows.first().waitFor()
    const list = page.getByRole('navigation', { name: 'Fields' })
    expect(await list.count()).toBe(0)
    await page.keyboard.press('b')
    await list.getByText('message').waitFor()
    await expectAccessible(page)
    await page.reload()
    await list.getByText('message').waitFor()
    await discover.button('Hide the fields').click()
    await list.waitFor({ state: 'detached' })
    // All of the panel can be reached, though it is higher than the window.
    await page.keyboard.press('t')
    const apply = page.getByRole('dialog', { name: 'Time range' }).getByRole('button', { name: 'Apply' })
    await apply.click()
    await apply.waitFor({ state: 'detached' })
  })
})

describe('results of the search before', () => {
  freshPage()

  it('fade while another one is under way, also while the page refreshes by itself', async () => {
    const discover = await DiscoverPage.open(
      page,
      elkhorn.ui,
      `?index=wide-logs&from=now-1h&to=now&refresh=5s`,
    )
    await discover.rows.filter({ hasText: 'without labels' }).waitFor()
    const gate = new EventEmitter()
    const answered = once(gate, 'open')
    await page.route(/_search|_async_search|_count|_msearch/, async route => {
      await answered
      await route.continue()
    })
    await discover.search('many')
    await page.locator('[role=table][data-stale=true]').waitFor()
    gate.emit('open')
    await page.locator('[role=table][data-stale=false]').waitFor()
    await discover.shows(1)
    await page.unroute(/_search|_async_search|_count|_msearch/)
  })
})
