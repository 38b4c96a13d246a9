// The order of the rows and the room that they have.

import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DiscoverPage } from './pages/discover'

const COUNT = 900
const END = Math.floor(Date.now() / 1000) * 1000
const events = Array.from({ length: COUNT }, (_, i) => ({
  '@timestamp': new Date(END - (COUNT - i) * 1000).toISOString(),
  level: 'info',
  // Each value many times, so that pages begin and end within one.
  took: (i * 7) % 50,
  message: `line ${i}`,
}))
const ALL = `?index=ordered-logs&columns=took,message&from=${new Date(END - 3_600_000).toISOString()}&to=${new Date(END).toISOString()}`

journeys(async () => {
  await elkhorn.bulk('ordered-logs', events)
})

freshPage()

describe('rows', () => {
  it('are ordered by a column, up, down and back, and the URL keeps it', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.rows
      .first()
      .getByText(`line ${COUNT - 1}`)
      .waitFor()
    const head = page.getByRole('columnheader', { name: 'took' })
    await head.getByRole('button', { name: 'took', exact: true }).click()
    // The greatest value, and of these the newest event.
    const greatest = events.findLastIndex(e => e.took === 49)
    await discover.rows.first().getByText(`line ${greatest}`, { exact: true }).waitFor()
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    await expectAccessible(page)
    await page.reload()
    await discover.rows.first().getByText(`line ${greatest}`, { exact: true }).waitFor()
    await head.getByRole('button', { name: 'took', exact: true }).click()
    await discover.rows
      .first()
      .getByText(`line ${events.findLastIndex(e => e.took === 0)}`, { exact: true })
      .waitFor()
    await head.getByRole('button', { name: 'took', exact: true }).click()
    await discover.rows
      .first()
      .getByText(`line ${COUNT - 1}`)
      .waitFor()
    await page.getByRole('columnheader', { name: 'Time' }).getByRole('button').click()
    await discover.rows.first().getByText('line 0', { exact: true }).waitFor()
  })

  it('all come in another order too', async () => {
    await DiscoverPage.open(page, elkhorn.ui, `${ALL}&sort=took`)
    await page.getByRole('table', { name: 'Events', exact: true }).waitFor()
    await page.waitForFunction(count => {
      const scroller = document.querySelector('[role=table] [role=rowgroup]')
      scroller?.scrollTo({ top: scroller.scrollHeight })
      return scroller?.closest('[role=table]')?.getAttribute('aria-rowcount') === String(count)
    }, COUNT)
    await page.getByText('That is all.').waitFor()
  })

  it('have more room when that is wanted, which is remembered', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    const height = async () => (await discover.rows.first().boundingBox())?.height
    await discover.rows.first().waitFor()
    expect(await height()).toBe(24)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('roomy')
    await page.keyboard.press('Enter')
    await page.locator('[role=table][data-density=relaxed]').waitFor()
    expect(await height()).toBe(32)
    await page.reload()
    await page.locator('[role=table][data-density=relaxed]').waitFor()
    await discover.rows.first().waitFor()
    expect(await height()).toBe(32)
    await expectAccessible(page)
  })
})
