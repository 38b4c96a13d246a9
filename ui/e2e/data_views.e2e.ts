import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys(async () => {
  const at = new Date().toISOString()
  for (const shop of ['light', 'dark']) {
    await elkhorn.bulk(`${shop}-orders`, [{ '@timestamp': at, paid_at: at, customer: 'Ada', total: 12.5 }])
    await elkhorn.bulk(`${shop}-returns`, [{ '@timestamp': at, reason: 'too small' }])
    // A template of the server's own makes this one a data stream.
    await elkhorn.bulk(`logs-${shop}-web`, [{ '@timestamp': at, message: 'started' }])
  }
  // The first data view of all is the default by itself.
  const first = await fetch(`${elkhorn.ui}/api/data_views/data_view`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'journey' },
    body: JSON.stringify({ data_view: { title: 'logs-*', name: 'Everything', timeFieldName: '@timestamp' } }),
  })
  expect(first.status).toBe(200)
})

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  it('data views are made, changed, preferred, deleted, and put back', async () => {
    const name = `Shop ${colorScheme}`
    await page.goto(`${elkhorn.ui}/management/data_views`)
    await page.getByRole('heading', { name: 'Data views', level: 1 }).waitFor({ state: 'attached' })
    await page.getByRole('button', { name: 'New', exact: true }).click()
    const made = page.getByRole('complementary', { name: 'New data view' })
    await made.getByRole('textbox', { name: 'Index pattern' }).fill('nothing-*')
    await made.getByText('Finds nothing yet').waitFor()
    await made.getByRole('textbox', { name: 'Index pattern' }).fill(`${colorScheme}-*,logs-${colorScheme}-*`)
    await made.getByText('Finds 2 indices, 1 data stream with').waitFor()
    const time = made.getByRole('combobox', { name: 'Time field' })
    expect(await time.locator('option').allTextContents()).toEqual([
      '@timestamp',
      'paid_at',
      'none: data without time',
    ])
    expect(await time.inputValue()).toBe('@timestamp')
    await made.getByRole('row').filter({ hasText: 'total' }).getByText('float').waitFor()
    await made.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
    await made.getByRole('textbox', { name: 'Name', exact: true }).press('Enter')
    const one = page.getByRole('complementary', { name })
    const row = page.getByRole('table', { name: 'Data views' }).getByRole('row').filter({ hasText: name })
    await row.getByText('2 indices, 1 data stream').waitFor()

    await one.getByRole('combobox', { name: 'Time field' }).selectOption('paid_at')
    await one.getByRole('textbox', { name: 'Index pattern' }).fill(`${colorScheme}-*`)
    await one.getByText('Finds 2 indices with').waitFor()
    await one.getByRole('button', { name: 'Save' }).click()
    await row.getByText('paid_at').waitFor()
    await row.getByText('2 indices', { exact: true }).waitFor()

    await one.getByRole('button', { name: 'Make default' }).click()
    await one.getByRole('button', { name: 'Is the default' }).waitFor()
    await row.getByText('default', { exact: true }).waitFor()
    await picture(page, 'data-views')
    await expectAccessible(page)

    await one.getByRole('button', { name: 'Delete' }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByRole('row').getByText('default', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.getByText('default', { exact: true }).waitFor()
    await row.getByRole('link', { name: `Open ${name} in Discover` }).click()
    await page.getByRole('button', { name, exact: true }).waitFor()
  })

  it('a data view that is refused says why', async () => {
    await page.goto(`${elkhorn.ui}/management/data_views?open=%2B`)
    const made = page.getByRole('complementary', { name: 'New data view' })
    await made.getByRole('textbox', { name: 'Index pattern' }).fill(`${colorScheme}-*`)
    await made.getByRole('textbox', { name: 'Name', exact: true }).fill(`Shop ${colorScheme}`)
    await made.getByRole('button', { name: 'Create' }).click()
    await made.getByRole('alert').getByText('Duplicate data view').waitFor()
    await expectAccessible(page)
  })
})
