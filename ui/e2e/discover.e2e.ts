import { beforeAll, describe, expect, it } from 'vitest'
import { elkhorn, forgive, freshPage, journeys, page } from './journey'
import { type MockEvent, makeEvents } from './mock/events.mjs'
import { DiscoverPage } from './pages/discover'

const INDEX = 'chatgpt-logs-e2e'

journeys()

freshPage()

describe('an empty installation', () => {
  it('shows ways to send, and turns into Discover with the first event', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui)
    await page.getByText('Waiting for the first event').waitFor()
    expect(await page.getByRole('main').textContent()).toContain('elkhorn up app.log')
    await elkhorn.bulk('first-events', [
      { '@timestamp': new Date().toISOString(), level: 'info', message: 'hello from a test' },
    ])
    await discover.shows(1)
    await discover.rows.getByText('hello from a test').waitFor()
  })
})

describe('with an hour of events', () => {
  const end = Date.now()
  const events = makeEvents({ end, minutes: 60, perMinute: 20 })
  const from = new Date(end - 60 * 60_000).toISOString()
  const range = `&from=${from}&to=${new Date(end).toISOString()}`
  const all = `?index=${INDEX}${range}`

  /** What `_search` counts, asked directly and in other words than the page does. */
  async function counted(filter: unknown[]): Promise<number> {
    const answer = await elkhorn.post(`/${INDEX}/_search`, {
      size: 0,
      track_total_hits: true,
      query: { bool: { filter } },
    })
    return (answer.hits as { total: { value: number } }).total.value
  }

  beforeAll(async () => {
    await elkhorn.bulk(INDEX, events)
  })

  it('counts as _search does, by level too', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    for (const level of ['ERROR', 'WARN', 'INFO']) {
      const count = await counted([{ term: { 'log_level.keyword': level } }])
      expect(count).toBe(events.filter(e => e.log_level === level).length)
      await page
        .getByRole('list', { name: 'Legend' })
        .getByRole('button', { name: `${level} ${count.toLocaleString('en')}` })
        .waitFor()
    }
  })

  it('searches with KQL and says where it cannot be read', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.search('log_level:ERROR and response_time > 4000')
    await discover.shows(events.filter(e => e.log_level === 'ERROR' && e.response_time > 4000).length)
    await discover.search('response_time:>4000')
    await discover.shows(events.filter(e => e.response_time > 4000).length)
    await discover.search('log_level:ERROR service_name:mcp-server')
    await page.getByRole('alert').getByText('expected “and” or “or” before this').waitFor()
  })

  it('searches with Lucene', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.button('Lucene').click()
    await discover.search('log_level:(ERROR OR CRITICAL) AND response_time:>4000')
    await discover.shows(
      events.filter(e => ['ERROR', 'CRITICAL'].includes(e.log_level) && e.response_time > 4000).length,
    )
    await discover.search('log_level:(ERROR OR')
    await page.getByRole('alert').getByText('the search ends too early').waitFor()
    await discover.search('latency:[1 TO 2')
    await page.getByRole('alert').getByText('this range is never closed').waitFor()
    // What was found before stays where it is.
    await discover.rows.first().waitFor()
  })

  it('completes fields and values in Lucene', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${all}&lang=lucene`)
    await discover.shows(events.length)
    await page.keyboard.press('/')
    await page.keyboard.type('response_time:>4000 AND log_l')
    await page.getByRole('option', { name: 'log_level' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('WA')
    await page.getByRole('option', { name: 'WARN' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await discover.shows(events.filter(e => e.log_level === 'WARN' && e.response_time > 4000).length)
  })

  it('says when what is typed is not what was searched for', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    await page.getByRole('combobox', { name: 'Search' }).fill('log_level:ERROR')
    await page.getByText('Not searched for yet').waitFor({ state: 'attached' })
    await discover.button(/^Search ↵$/).click()
    await discover.shows(events.filter(e => e.log_level === 'ERROR').length)
    await discover.button(/^Search ↵$/).waitFor({ state: 'detached' })
  })

  it('filters by a value, in and out, and keeps it in the URL', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.button('Only log_level: ERROR').click()
    const errors = events.filter(e => e.log_level === 'ERROR').length
    await discover.shows(errors)
    await page.reload()
    await discover.shows(errors)
    await discover.pill('log_level: ERROR').click()
    await discover.button('Exclude instead').click()
    await discover.shows(events.length - errors)
    await discover.pill('not log_level: ERROR').click()
    await discover.button('Switch off for now').click()
    await discover.shows(events.length)
    await page.goBack()
    await discover.shows(events.length - errors)
  })

  it('opens a document with its fields and its JSON', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    const newest = events.at(-1) as MockEvent
    await discover.rows.first().click()
    await discover.document.getByText(newest.trace_id).waitFor()
    await discover.document.getByRole('tab', { name: 'JSON' }).click()
    expect(JSON.parse((await discover.document.locator('pre').textContent()) ?? '')).toEqual(newest)
    await page.keyboard.press('Escape')
    await discover.document.waitFor({ state: 'detached' })
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await discover.document.waitFor()
  })

  it('scrolls through all events without losing or repeating one', async () => {
    await DiscoverPage.open(page, elkhorn.ui, all)
    const table = page.getByRole('table', { name: 'Events', exact: true })
    await table.waitFor()
    await page.waitForFunction(count => {
      const scroller = document.querySelector('[role=table] [role=rowgroup]')
      scroller?.scrollTo({ top: scroller.scrollHeight })
      return scroller?.closest('[role=table]')?.getAttribute('aria-rowcount') === String(count)
    }, events.length)
    await page.getByText('That is all.').waitFor()
  })

  it('a row that scrolls away takes its document and the keyboard with it', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    const first = discover.rows.first()
    const named = (await first.textContent()) ?? ''
    const toggle = first.getByRole('button', { name: 'Open the event' })
    await toggle.press('Enter')
    await discover.document.waitFor()
    const scroller = page.getByRole('table', { name: 'Events', exact: true }).getByRole('rowgroup')
    const scrollTo = (top: number) => scroller.evaluate((element, y) => element.scrollTo(0, y), top)
    await scrollTo(2000)
    await discover.document.waitFor({ state: 'detached' })
    await page.keyboard.press('Space')
    expect(await discover.document.count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('rowgroup')
    await scrollTo(0)
    await discover.document.waitFor()
    expect(await discover.rows.first().textContent()).toBe(named)
    // Closed, its place is as high as the others'.
    await first.getByRole('button', { name: 'Close the event' }).press('Enter')
    await discover.document.waitFor({ state: 'detached' })
    await page.waitForFunction(() => {
      const rows = document.querySelectorAll(
        '[aria-label="Events"] [role="rowgroup"]:last-child [role="row"]',
      )
      const [a = 0, b = 0, c = 0] = [...rows].map(row => row.getBoundingClientRect().top)
      return b > a && b - a === c - b
    })
  })

  it('zooms in by dragging over the histogram, and out again', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    const chart = await page.getByRole('img', { name: /events over time/ }).boundingBox()
    if (!chart) throw new Error('the histogram is not on the page')
    await page.mouse.move(chart.x + chart.width * 0.4, chart.y + 40)
    await page.mouse.down()
    await page.mouse.move(chart.x + chart.width * 0.6, chart.y + 40, { steps: 3 })
    await page.mouse.up()
    await page.waitForURL(url => url.searchParams.get('from') !== from)
    const { searchParams } = new URL(page.url())
    const [zoomedFrom, zoomedTo] = [searchParams.get('from') ?? '', searchParams.get('to') ?? '']
    await discover.shows(
      events.filter(e => e['@timestamp'] >= zoomedFrom && e['@timestamp'] <= zoomedTo).length,
    )
    await page.goBack()
    await discover.shows(events.length)
  })

  it('shows the values of a field with their share', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await page
      .getByRole('navigation', { name: 'Fields' })
      .getByRole('button', { name: 'service_name', exact: true })
      .click()
    await discover.button('Without service_name: mcp-server').click()
    await discover.shows(events.filter(e => e.service_name !== 'mcp-server').length)
  })

  it('stacks by a field that is a keyword in one index and text in another', async () => {
    const at = new Date().toISOString()
    const mapping = { properties: { '@timestamp': { type: 'date' }, log_level: { type: 'keyword' } } }
    await elkhorn.put('/mixed-keyword', { mappings: mapping })
    await elkhorn.bulk('mixed-keyword', [
      { '@timestamp': at, log_level: 'ERROR' },
      { '@timestamp': at, log_level: 'INFO' },
    ])
    await elkhorn.bulk('mixed-text', [{ '@timestamp': at, log_level: 'ERROR' }, { '@timestamp': at }])
    const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=mixed-*')
    await discover.shows(4)
    const legend = page.getByRole('list', { name: 'Legend' })
    await legend.getByRole('button', { name: 'ERROR 2' }).waitFor()
    await legend.getByRole('button', { name: 'INFO 1' }).click()
    await discover.shows(1)
  })

  it('brings new events by itself with live refresh', async () => {
    const index = 'live-e2e'
    const send = (message: string) =>
      elkhorn.bulk(index, [{ '@timestamp': new Date().toISOString(), level: 'info', message }])
    await send('before')
    const discover = await DiscoverPage.open(page, elkhorn.ui, `?index=${index}&refresh=1s`)
    await discover.shows(1)
    await send('after')
    await discover.shows(2)
    await discover.rows.first().getByText('after').waitFor()
  })

  it('shows events as they arrive in live mode', async () => {
    const index = 'live-stream-e2e'
    const send = (message: string, level: string) =>
      elkhorn.bulk(index, [{ '@timestamp': new Date().toISOString(), level, message }])
    await send('before', 'error')
    const discover = await DiscoverPage.open(page, elkhorn.ui, `?index=${index}&q=level:error`)
    await discover.shows(1)
    const stream = page.waitForRequest(request => request.url().includes('/_tail'))
    await page.keyboard.press('l')
    await page.waitForURL(url => url.searchParams.get('refresh') === 'live')
    await (await stream).response()
    await send('no match', 'info')
    await send('after', 'error')
    await discover.shows(2)
    await discover.rows.first().getByText('after').waitFor()
  })

  it('chooses a time, quick or written, and remembers it', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    await page.keyboard.press('t')
    const picker = page.getByRole('dialog', { name: 'Time range' })
    await picker.getByRole('button', { name: 'Last 24 hours' }).click()
    await page.waitForURL(url => url.searchParams.get('from') === 'now-24h')
    await discover.shows(events.length)
    await page.keyboard.press('t')
    await picker.getByLabel('From').fill('now-2d/d')
    await picker.getByRole('button', { name: 'Apply' }).click()
    await page.waitForURL(url => url.searchParams.get('from') === 'now-2d/d')
    await page.keyboard.press('t')
    await picker.getByRole('heading', { name: 'Recent' }).waitFor()
    await picker.getByLabel('From').fill('the other day')
    expect(await picker.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true)
  })

  it('completes fields and values while typing', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    await page.keyboard.press('/')
    await page.keyboard.type('log_l')
    await page.getByRole('option', { name: 'log_level' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('WA')
    await page.getByRole('option', { name: 'WARN' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await discover.shows(events.filter(e => e.log_level === 'WARN').length)
  })

  it('runs commands from the palette', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${all}&q=log_level:ERROR`)
    await discover.shows(events.filter(e => e.log_level === 'ERROR').length)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('clear')
    await page.keyboard.press('Enter')
    await discover.shows(events.length)
  })

  it('switches themes and remembers', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, all)
    await discover.shows(events.length)
    expect(await discover.theme()).toBe('light dark')
    await page.keyboard.press('d')
    expect(await discover.theme()).toBe('dark')
    await page.reload()
    await discover.shows(events.length)
    expect(await discover.theme()).toBe('dark')
  })

  it('offers the newest event when the time holds nothing', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `?index=${INDEX}&from=now%2B1d&to=now%2B2d`)
    await page.getByText('The newest event was').waitFor()
    await discover.button('Show it').click()
    await discover.shows(events.length)
  })

  it('keeps what it has when the server goes away, and goes on when it is back', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${all}&refresh=1s`)
    await discover.shows(events.length)
    await page.route('**/es/**', route => route.abort())
    await discover.button('Search again').click()
    await page.getByRole('alert').getByText('The server does not answer').waitFor()
    await discover.shows(events.length)
    await discover.rows.first().waitFor()
    await page.unroute('**/es/**')
    await page.getByRole('alert').waitFor({ state: 'detached' })
    forgive('ERR_FAILED')
  })

  it("shows the server's reason when a search fails", async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, `${all}&lang=lucene&q=log_level:/(/`)
    await page.getByRole('heading', { name: 'The search failed' }).waitFor()
    await discover.button('Copy the request').waitFor()
    await page.getByRole('link', { name: 'Open in the console' }).click()
    await page.getByText('POST /chatgpt-logs-e2e/_search?ignore_unavailable=true').first().waitFor()
    forgive('400')
  })
})
