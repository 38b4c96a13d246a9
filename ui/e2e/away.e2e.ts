import { expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, forgive, freshPage, journeys, page } from './journey'

journeys()
freshPage()

it('says that the server is away where a page cannot come, and opens it when the server is back', async () => {
  await page.goto(`${elkhorn.ui}/dashboards`)
  await page
    .getByRole('button', { name: 'New dashboard' })
    .or(page.getByRole('link', { name: 'New dashboard' }))
    .waitFor()
  await page.route('**/*', route => route.abort('connectionrefused'))
  await page.keyboard.press('g')
  await page.keyboard.press('m')
  await page
    .getByRole('alert')
    .getByText('The server does not answer; this page opens when it does')
    .waitFor()
  // The ways to other pages are still there.
  await page.getByRole('link', { name: 'Pipelines' }).waitFor()
  await expectAccessible(page)
  await page.unroute('**/*')
  await page.getByText('Documents written').waitFor()
  expect(new URL(page.url()).pathname).toBe('/monitoring')
  forgive('ERR_CONNECTION_REFUSED')
})

it('finds a time zone by the name that it has today, and says when there is none', async () => {
  await page.goto(`${elkhorn.ui}/dashboards/new`)
  await page.getByRole('button', { name: /^Time zone/ }).click()
  await page.keyboard.type('atlantis')
  await page.getByText('No zone has this in its name').waitFor()
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('kolkata')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Time zone: Asia\/Kolkata/ }).waitFor()
})
