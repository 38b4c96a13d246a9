import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'

const view = { name: 'i', type: 'index-pattern', id: 'shop' }
const source = {
  query: { query: 'total > 10', language: 'kuery' },
  filter: [],
  indexRefName: view.name,
}
const OBJECTS = [
  {
    type: 'index-pattern',
    id: 'shop',
    attributes: { title: 'shop-*', name: 'Zebra shop', timeFieldName: '@timestamp' },
    references: [],
  },
  {
    type: 'search',
    id: 'large/orders',
    attributes: {
      title: 'Zebra large orders',
      columns: ['total'],
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify(source) },
    },
    references: [view],
  },
  {
    type: 'visualization',
    id: 'sales',
    attributes: {
      title: 'Zebra sales',
      visState: JSON.stringify({
        title: 'Zebra sales',
        type: 'metric',
        params: {},
        aggs: [{ id: '1', type: 'count', schema: 'metric', params: {} }],
      }),
      kibanaSavedObjectMeta: { searchSourceJSON: JSON.stringify({ ...source, query: undefined }) },
    },
    references: [view],
  },
  {
    type: 'dashboard',
    id: 'board',
    attributes: { title: 'Zebra board', panelsJSON: '[]' },
    references: [],
  },
]

journeys(async () => {
  const at = new Date().toISOString()
  await elkhorn.bulk('shop-1', [
    { '@timestamp': at, total: 5 },
    { '@timestamp': at, total: 50 },
  ])
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/_bulk_create`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'journey' },
    body: JSON.stringify(OBJECTS),
  })
  expect(answer.status).toBe(200)
})

/** Finds something that is saved in the palette and opens it. */
async function openSaved(title: string, kind: string) {
  await page.keyboard.press('Control+k')
  const palette = page.getByRole('dialog', { name: 'Commands' })
  await palette.getByRole('combobox').fill(title)
  const option = palette.getByRole('option', { name: `${title} ${kind}` })
  await option.waitFor()
  await page.keyboard.press('Enter')
  await palette.waitFor({ state: 'detached' })
}

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme })

  it('the palette finds and opens what is saved', async () => {
    await page.goto(`${elkhorn.ui}/management/saved_objects`)
    await page.getByRole('link', { name: 'Zebra board' }).waitFor()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('combobox').fill('zebra')
    await palette.getByRole('option').nth(3).waitFor()
    expect(await palette.getByRole('option').allTextContents()).toEqual([
      'Zebra boarddashboard',
      'Zebra large orderssaved search',
      'Zebra salesvisualization',
      'Zebra shopdata view',
    ])
    await expectAccessible(page)
    await page.keyboard.press('ArrowDown')
    expect(await palette.getByRole('option', { selected: true }).textContent()).toContain('large orders')
    await page.keyboard.press('Enter')
    // The search with its text and columns, in its data view.
    await page.getByRole('button', { name: 'Zebra shop' }).waitFor()
    expect(await page.getByRole('combobox', { name: 'Search', exact: false }).first().inputValue()).toBe(
      'total > 10',
    )
    await page.getByText('1 event', { exact: false }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('columns')).toBe('total')

    await openSaved('Zebra sales', 'visualization')
    await page.waitForURL(/\/visualize\/editor\?id=sales/)
    await page.waitForFunction(
      () =>
        document.querySelector<HTMLInputElement>('[aria-label="Title of the chart"]')?.value ===
        'Zebra sales',
    )
    await openSaved('Zebra board', 'dashboard')
    await page.waitForURL(/\/dashboards\/board/)
    await page.getByText('Zebra board').first().waitFor()
    await openSaved('Zebra shop', 'data view')
    await page.waitForURL(/\/discover\?index=shop-/)
    await page.getByRole('button', { name: 'Zebra shop' }).waitFor()
  })
})
