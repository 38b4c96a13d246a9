import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, forgive, freshPage, journeys, page } from './journey'

journeys(async () => {
  const now = new Date().toISOString()
  await elkhorn.bulk(
    'web',
    Array.from({ length: 200 }, (_, i) => ({
      '@timestamp': now,
      message: `request ${i}`,
      agent: { name: i % 2 === 0 ? 'web-1' : 'web-2', type: 'filebeat', version: '8.19.0' },
    })),
  )
})

describe.each(['light', 'dark'] as const)('stack monitoring in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  it('shows how the server is, and who ships', async () => {
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForURL('**/monitoring')
    await page.getByRole('img', { name: /^Documents: documents 200/ }).waitFor()
    await page.getByRole('img', { name: /^Memory: held \d/ }).waitFor()
    const shippers = page.getByRole('region', { name: 'Shippers' })
    await shippers.getByRole('row').filter({ hasText: 'web-1' }).getByText('100').waitFor()
    await page.getByText('No search has taken half a second').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: '24h' }).click()
    await page.waitForURL('**/monitoring?span=24h')
    await page.reload()
    await page.getByRole('button', { name: '24h', pressed: true }).waitFor()
    await shippers.getByRole('link', { name: 'web-2' }).click()
    await page.waitForURL('**/discover?*')
    await page.getByText(/^100 events/).waitFor()
  })

  it('looks back over a month', async () => {
    await page.goto(`${elkhorn.ui}/monitoring`)
    await page.getByRole('button', { name: '30d' }).click()
    await page.waitForURL('**/monitoring?span=30d')
    await page.getByRole('img', { name: /^Documents: documents 200/ }).waitFor()
    await page.getByText('The first numbers are of').waitFor()
    await expectAccessible(page)
  })

  it('keeps its charts while the server is away, and says of when they are', async () => {
    await page.goto(`${elkhorn.ui}/monitoring?span=1h`)
    const charts = page.getByRole('img', { name: /^Documents written/ })
    await charts.waitFor()
    await page.route('**/api/console/metrics*', route => route.abort('connectionrefused'))
    const away = page.getByRole('alert').getByText('The server tells nothing of itself; what is shown is of')
    await away.waitFor()
    expect(await charts.isVisible()).toBe(true)
    await expectAccessible(page)
    await page.unroute('**/api/console/metrics*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await away.waitFor({ state: 'detached' })
    forgive('ERR_CONNECTION_REFUSED')
  })

  it('lists slow searches, and opens one in the console', async () => {
    await page.route('**/api/console/metrics*', async route => {
      const response = await route.fetch()
      const answer = (await response.json()) as Record<string, unknown>
      await route.fulfill({
        response,
        json: {
          ...answer,
          slow_searches: [
            {
              at: '2026-03-02T14:32:18Z',
              took_millis: 5012,
              request: 'POST /web/_search?size=0',
              body: '{"query":{"match_all":{}}}',
              status: 200,
            },
          ],
        },
      })
    })
    await page.goto(`${elkhorn.ui}/monitoring`)
    const slow = page.getByRole('region', { name: 'Slow searches' })
    await slow.getByText('5.0 s').waitFor()
    await slow.getByRole('link', { name: 'Console' }).click()
    await page.waitForURL('**/dev_tools/console?*')
    expect(await page.getByRole('textbox', { name: 'Console' }).inputValue()).toBe(
      'POST /web/_search?size=0\n{"query":{"match_all":{}}}',
    )
  })
})
