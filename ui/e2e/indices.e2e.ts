import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'

journeys(async () => {
  await elkhorn.put('/_ilm/policy/thirty-days', {
    policy: { phases: { hot: { actions: { rollover: { max_age: '30d' } } } } },
  })
  await elkhorn.put('/_index_template/audit', {
    index_patterns: ['audit-*'],
    data_stream: {},
    template: { settings: { 'index.lifecycle.name': 'thirty-days' } },
  })
})

describe.each(['light', 'dark'] as const)('indices in the %s theme', colorScheme => {
  const index = `orders-${colorScheme}`
  const stream = `audit-${colorScheme}`
  freshPage({ colorScheme, refusals: true })

  const rowOf = (name: string) => page.getByRole('row').filter({ hasText: name })

  it('are listed with their size, and one is looked into: mapping, settings, segments', async () => {
    await elkhorn.put(`/${index}`, {
      mappings: {
        properties: {
          message: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
          customer: { properties: { id: { type: 'keyword' }, country: { type: 'keyword' } } },
          price: { type: 'scaled_float', scaling_factor: 100 },
        },
      },
      settings: { number_of_replicas: 0 },
      aliases: { [`current-${colorScheme}`]: {} },
    })
    await elkhorn.bulk(
      index,
      Array.from({ length: 50 }, (_, i) => ({
        '@timestamp': '2026-03-02T14:00:00Z',
        message: `order ${i}`,
        price: i,
      })),
    )
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('i')
    await page.waitForURL('**/management/indices')
    await rowOf(index).getByText('50', { exact: true }).waitFor()
    await rowOf(index).getByText('6', { exact: true }).waitFor() // fields
    await expectAccessible(page)
    await rowOf(index).click()
    const detail = page.getByRole('complementary', { name: index })
    await detail.getByText('healthy').waitFor()
    await detail.getByRole('tab', { name: 'Mapping' }).click()
    const fields = detail.getByRole('list', { name: 'Fields' })
    await fields.getByText('scaled_float').waitFor()
    await fields.getByRole('button', { name: 'customer' }).click()
    expect(await fields.getByText('country').count()).toBe(0)
    await detail.getByRole('searchbox', { name: 'Find a field' }).fill('count')
    await fields.getByText('customer.country').waitFor()
    await expectAccessible(page)
    await page.reload()
    await fields.getByText('scaled_float').waitFor()
    await detail.getByRole('tab', { name: 'Segments' }).click()
    await detail.getByRole('columnheader', { name: 'In memory' }).waitFor()
    await detail.getByRole('tab', { name: 'Settings' }).click()
    await detail.getByText('"number_of_replicas"').waitFor()
    await detail.getByRole('tab', { name: 'Aliases' }).click()
    await detail.getByText(`current-${colorScheme}`).waitFor()
  })

  it('are closed, opened, and deleted once the name is typed', async () => {
    const doomed = `doomed-${colorScheme}`
    await elkhorn.put(`/${doomed}`, { settings: { number_of_replicas: 0 } })
    await page.goto(`${elkhorn.ui}/management/indices?open=${doomed}`)
    const detail = page.getByRole('complementary', { name: doomed })
    await detail.getByRole('button', { name: 'Merge to one segment' }).click()
    await detail.getByText('Merged.').waitFor()
    await detail.getByRole('button', { name: 'Close…' }).click()
    await page.getByRole('button', { name: 'Close the index' }).click()
    await detail.getByRole('button', { name: 'Open', exact: true }).click()
    await detail.getByRole('button', { name: 'Close…' }).waitFor()
    await detail.getByRole('button', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog', { name: `Delete ${doomed}?` })
    expect(await dialog.getByRole('button', { name: 'Delete for ever' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox').fill(doomed)
    await page.keyboard.press('Enter')
    await rowOf(doomed).waitFor({ state: 'detached' })
    expect((await fetch(`${elkhorn.es}/${doomed}`)).status).toBe(404)
  })

  it('of a data stream are reached from it, and it rolls over', async () => {
    await elkhorn.post(`/${stream}/_doc?refresh=true`, { '@timestamp': '2026-03-02T14:00:00Z', user: 'ann' })
    await page.goto(`${elkhorn.ui}/management/indices`)
    await page.getByRole('button', { name: 'Data streams' }).click()
    await rowOf(stream).click()
    const detail = page.getByRole('complementary', { name: stream })
    await detail.getByRole('button', { name: 'Roll over' }).click()
    await detail.getByText('000002').first().waitFor()
    await expectAccessible(page)
    await detail.getByRole('button', { name: '000001' }).click()
    await page.getByText('thirty-days: ').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('grok')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/dev_tools/grokdebugger')
    await page.goBack()
    await page.getByText('thirty-days: ').waitFor()
  })

  it('name an index that did not open, and make up no numbers for it', async () => {
    await page.route('**/es/_cat/indices*', async route => {
      const response = await route.fetch()
      const rows = (await response.json()) as Record<string, string | null>[]
      const none = Object.fromEntries(Object.keys(rows[0] ?? {}).map(name => [name, null]))
      await route.fulfill({
        response,
        json: [...rows, { ...none, health: 'red', status: 'open', index: 'damaged' }],
      })
    })
    await page.goto(`${elkhorn.ui}/management/indices`)
    const row = page.getByRole('row').filter({ hasText: 'damaged' })
    await row.getByText('did not open').waitFor()
    expect((await row.textContent())?.match(/\d/)).toBeNull()
    await expectAccessible(page)
  })

  it('say why when the server does not answer', async () => {
    await page.route('**/es/_cat/indices*', route =>
      route.fulfill({
        status: 503,
        json: { error: { type: 'cluster_block_exception', reason: 'the disk is full' } },
      }),
    )
    await page.goto(`${elkhorn.ui}/management/indices`)
    await page.getByRole('alert').getByText('the disk is full').waitFor()
    await page.unroute('**/es/_cat/indices*')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/ind(ex|ices) · /).waitFor()
  })
})
