import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys(async () => {
  await elkhorn.bulk('web', [{ '@timestamp': new Date().toISOString(), level: 'ERROR' }])
})

/** A data view as Kibana exports it. */
const exported = (id: string, title: string) =>
  `${JSON.stringify({ type: 'index-pattern', id, attributes: { title, timeFieldName: '@timestamp' }, references: [] })}\n`

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  it('saved objects are imported, exported, deleted, and put back', async () => {
    const title = `shop-${colorScheme}-*`
    await page.goto(`${elkhorn.ui}/management/saved_objects`)
    await page.getByRole('heading', { name: 'Saved objects', level: 1 }).waitFor({ state: 'attached' })
    const file = (text: string) =>
      page.getByLabel('File to import').setInputFiles({
        name: 'export.ndjson',
        mimeType: 'application/x-ndjson',
        buffer: Buffer.from(text),
      })
    await file(exported(`shop-${colorScheme}`, title))
    await page.getByText('1 object taken in.').waitFor()
    const row = page.getByRole('row').filter({ hasText: title })
    await row.getByText('data view').waitFor()
    await picture(page, 'saved-objects')
    await expectAccessible(page)
    await file(exported(`shop-${colorScheme}`, title))
    await page.getByRole('alert').getByText('is there already').waitFor()
    await page.getByRole('combobox', { name: 'When importing' }).selectOption('overwrite')
    await file(exported(`shop-${colorScheme}`, title))
    await page.getByText('1 object taken in.').waitFor()
    await page.getByRole('checkbox', { name: `Choose ${title}` }).check()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export 1' }).click(),
    ])
    expect(await readFile(await download.path(), 'utf8')).toContain(`"title":"${title}"`)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await row.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await row.waitFor()
  })

  it('what is imported while the list is still on its way is in the list', async () => {
    const title = `late-${colorScheme}-*`
    let [found, answer] = [() => {}, () => {}]
    const asked = new Promise<void>(resolve => {
      found = resolve
    })
    const late = new Promise<void>(resolve => {
      answer = resolve
    })
    const list = /\/_find\?.*type=dashboard/
    let first = true
    await page.route(list, async route => {
      if (!first) return route.continue()
      first = false
      const response = await route.fetch()
      found()
      await late
      // The page may have given the request up.
      await route.fulfill({ response }).catch(() => {})
    })
    await page.goto(`${elkhorn.ui}/management/saved_objects`)
    await asked
    await page.getByLabel('File to import').setInputFiles({
      name: 'export.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(exported(`late-${colorScheme}`, title)),
    })
    await page.getByText('1 object taken in.').waitFor()
    answer()
    await page.getByRole('row').filter({ hasText: title }).getByText('data view').waitFor()
  })

  it('a search is profiled: each clause with its time', async () => {
    await page.goto(`${elkhorn.ui}/dev_tools/profiler`)
    await page.getByRole('textbox', { name: 'Index' }).fill('web')
    await page
      .getByRole('textbox', { name: 'Search' })
      .fill('{"query":{"bool":{"filter":[{"term":{"level.keyword":"ERROR"}}]}}}')
    await page.keyboard.press('Control+Enter')
    const profile = page.getByRole('region', { name: 'Profile' })
    await profile.getByText(/^Took \d+ ms over 1 shard/).waitFor()
    await profile.getByText('BooleanQuery').waitFor()
    await picture(page, 'profiler')
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Search' }).fill('{"query":{"nope":{}}}')
    await page.getByRole('button', { name: 'Profile' }).click()
    await profile.getByRole('alert').getByText('nope').first().waitFor()
  })
})
