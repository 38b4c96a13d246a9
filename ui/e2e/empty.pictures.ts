// Pictures of an installation that has nothing yet.

import { expect, it } from 'vitest'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys()
freshPage()

it('waits for the first event', async () => {
  await page.goto(`${elkhorn.ui}/discover`)
  await page.getByText('Waiting for the first event').waitFor()
  await picture(page, 'empty-installation')
})

it.each([
  ['dashboards', '/dashboards', 'Samples'],
  ['saved-objects', '/management/saved_objects', 'Nothing is saved yet'],
  ['data-views', '/management/data_views', 'There is no data view yet'],
])('says what %s are for', async (name, path, text) => {
  await page.goto(elkhorn.ui + path)
  await page.getByText(text).first().waitFor()
  expect(new URL(page.url()).pathname).toBe(path)
  await picture(page, `empty-${name}`)
})
