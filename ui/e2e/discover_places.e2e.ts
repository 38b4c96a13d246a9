// Where Discover looks when nobody says it, in which time zone, and that everybody can use it.

import { beforeAll, describe, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { makeEvents } from './mock/events.mjs'
import { DiscoverPage } from './pages/discover'

const OLD = '2015-05-20T21:05:00.000Z'
const live = makeEvents({ end: Date.now(), minutes: 10, perMinute: 20 })

journeys()

freshPage({ timezoneId: 'America/New_York' })

describe('an empty installation', () => {
  it('can be used by everybody', async () => {
    await DiscoverPage.open(page, elkhorn.ui)
    await page.getByText('Waiting for the first event').waitFor()
    await expectAccessible(page)
  })
})

describe('with old and new data', () => {
  beforeAll(async () => {
    await elkhorn.put('/_index_template/streams', {
      index_patterns: ['logs-*-*'],
      data_stream: {},
      priority: 500,
    })
    await elkhorn.bulk(
      'logs-nginx.access-default',
      Array.from({ length: 500 }, (_, i) => ({ '@timestamp': OLD, message: `old ${i}` })),
    )
    await elkhorn.bulk('app-2026.11.26', live)
    const nextYear = new Date(Date.now() + 365 * 86_400_000).toISOString()
    await elkhorn.bulk('odd', [{ '@timestamp': nextYear, message: 'early' }])
  })

  it('opens where the newest events are', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui)
    await discover.button('app-*').waitFor()
    await discover.shows(live.length)
    await expectAccessible(page)
  })

  it('offers every series and data stream with its size, and takes a written pattern', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui)
    await discover.shows(live.length)
    await discover.button('app-*').click()
    const picker = page.getByRole('dialog', { name: 'Index pattern' })
    await picker.getByRole('button', { name: /^All indices/ }).waitFor()
    await picker.getByRole('button', { name: /^odd\s*1\s*has future events/ }).waitFor()
    await expectAccessible(page)
    await picker.getByRole('button', { name: /^logs-nginx\.access-default\s*500/ }).click()
    await page.getByText('Nothing in the last 15 minutes').waitFor()
    await page.getByText('2015-05-20 17:05:00.000').waitFor()
    await expectAccessible(page)
    await discover.button('Show it').click()
    await discover.shows(500)
    await discover.button('logs-nginx.access-default').click()
    await picker.getByRole('textbox').fill('app-2026*')
    await picker.getByRole('textbox').press('Enter')
    await page.waitForURL(url => url.searchParams.get('index') === 'app-2026*')
  })

  it('is as it was left when one comes back, at the time looked at since', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=logs-*&from=2015-05-20&to=2015-05-21')
    await discover.shows(500)
    await page.keyboard.press('g')
    await page.keyboard.press('v')
    await page.getByRole('link', { name: 'Visualize' }).waitFor()
    await page.goto(`${elkhorn.ui}/visualize/editor?index=logs-*`)
    await page.waitForURL(url => url.searchParams.get('from') === '2015-05-20')
    await discover.button('Elkhorn: pages').click()
    await page
      .getByRole('dialog', { name: 'Pages' })
      .getByRole('button', { name: /^Discover/ })
      .click()
    await discover.shows(500)
    await discover.button('logs-*').waitFor()
  })

  it('shows times in another zone and remembers it', async () => {
    const discover = await DiscoverPage.open(
      page,
      elkhorn.ui,
      '?index=logs-nginx*&from=2015-05-20T21:00:00.000Z&to=2015-05-20T21:10:00.000Z',
    )
    await discover.rows.first().getByText('17:05:00.000').waitFor()
    const zone = page.getByRole('button', { name: /^Time zone/ })
    await zone.click()
    await page.getByRole('button', { name: 'UTC', exact: true }).click()
    await discover.rows.first().getByText('21:05:00.000').waitFor()
    await zone.click()
    await page.getByLabel('Find a time zone').fill('oslo')
    await page.getByLabel('Find a time zone').press('Enter')
    await discover.rows.first().getByText('23:05:00.000').waitFor()
    await page.reload()
    await discover.rows.first().getByText('23:05:00.000').waitFor()
    await page.getByRole('button', { name: /^Time zone: Europe\/Oslo/ }).waitFor()
  })

  it('can be used by everybody in the dark, with a document open and with help', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui)
    await discover.shows(live.length)
    await page.keyboard.press('d')
    await discover.rows.first().click()
    await discover.document.waitFor()
    await expectAccessible(page)
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: 'Time range' }).waitFor()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await expectAccessible(page)
  })
})
