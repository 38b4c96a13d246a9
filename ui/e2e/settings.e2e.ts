import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys(async () => {
  const hour = 3_600_000
  const at = (hours: number) => new Date(Date.now() - hours * hour).toISOString()
  await elkhorn.bulk(
    'web',
    [2, 3, 4].map(n => ({ '@timestamp': at(n), status: 200 + n, message: `answer ${n}` })),
  )
})

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme, timezoneId: 'Europe/Oslo' })

  const row = (label: string) => page.getByRole('region', { name: label, exact: true })
  const theme = () => page.locator('html').getAttribute('data-theme')

  it('settings are obeyed, give way to what the person chose, and go back to their defaults', async () => {
    await page.goto(`${elkhorn.ui}/management/settings`)
    await row('Time zone').waitFor()
    await picture(page, 'settings')
    await expectAccessible(page)

    await row('Columns').getByRole('textbox').fill('status, message')
    await row('Columns').getByRole('textbox').press('Enter')
    await row('Columns')
      .getByRole('button', { name: 'Reset to default' })
      .and(page.locator(':enabled'))
      .waitFor()
    await row('Rows').getByRole('spinbutton').fill('2')
    await row('Rows').getByRole('spinbutton').press('Enter')
    await row('Rows')
      .getByRole('button', { name: 'Reset to default' })
      .and(page.locator(':enabled'))
      .waitFor()
    await row('Time range').getByRole('combobox').selectOption({ label: 'Last 24 hours' })
    await row('Time range')
      .getByRole('button', { name: 'Reset to default' })
      .and(page.locator(':enabled'))
      .waitFor()
    await row('Time zone').getByRole('combobox').selectOption('UTC')
    await row('Time zone')
      .getByRole('button', { name: 'Reset to default' })
      .and(page.locator(':enabled'))
      .waitFor()
    const other = colorScheme === 'dark' ? 'light' : 'dark'
    await row('Theme').getByRole('combobox').selectOption({ label: other })
    await page.locator(`html[data-theme="${other}"]`).waitFor({ state: 'attached' })

    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Last 24 hours' }).waitFor()
    await page.getByRole('button', { name: /Time zone: UTC/ }).waitFor()
    await page.getByText('The first 2 of 3').waitFor()
    await page.getByRole('columnheader', { name: 'status' }).waitFor()
    expect(await theme()).toBe(other)

    // The person's own choice goes before the setting.
    await page.getByRole('button', { name: 'Theme' }).click()
    await page.getByText('As the system').click()
    await page.locator('html:not([data-theme])').waitFor({ state: 'attached' })
    await page.goto(`${elkhorn.ui}/management/settings`)
    await row('Theme').getByText('Something else is chosen in this browser').waitFor()
    expect(await theme()).toBeNull()
    await row('Theme').getByRole('button', { name: 'Use the setting' }).click()
    await page.locator(`html[data-theme="${other}"]`).waitFor({ state: 'attached' })
    await expectAccessible(page)

    for (const label of ['Theme', 'Time zone', 'Time range', 'Rows', 'Columns']) {
      await row(label).getByRole('button', { name: 'Reset to default' }).click()
      await row(label)
        .getByRole('button', { name: 'Reset to default' })
        .and(page.locator(':disabled'))
        .waitFor()
    }
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Last 15 minutes' }).waitFor()
    expect(await theme()).toBeNull()
  })
})
