import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys(async () => {
  await elkhorn.put('/chat-1', {
    mappings: {
      properties: {
        '@timestamp': { type: 'date' },
        log_level: { type: 'keyword' },
        service_name: { type: 'keyword' },
        tool_name: { type: 'keyword' },
        user_id: { type: 'keyword' },
        response_time: { type: 'long' },
        tokens_used: { type: 'long' },
        message: { type: 'text' },
      },
    },
  })
  const now = Date.now()
  await elkhorn.bulk(
    'chat-1',
    Array.from({ length: 40 }, (_, i) => ({
      '@timestamp': new Date(now - i * 1000).toISOString(),
      log_level: i % 4 === 0 ? 'ERROR' : 'INFO',
      service_name: i % 2 === 0 ? 'restaurant-booking' : 'auth-service',
      tool_name: i % 2 === 0 ? 'create_reservation' : 'search_documents',
      user_id: `user_${i % 5}`,
      response_time: i,
      tokens_used: 10,
      message: `request ${i}`,
    })),
  )
})

const search = () => page.getByRole('combobox', { name: 'Search', exact: true })
const reading = () => page.getByRole('region', { name: 'How the question is read' })

describe.each(['light', 'dark'] as const)('questions in the %s theme', colorScheme => {
  freshPage({ colorScheme })

  it('are read, shown, and searched for; what is not understood is said', async () => {
    await page.goto(`${elkhorn.ui}/discover?index=chat-*`)
    await page.getByText(/^40 events/).waitFor()
    await search().fill('? errors of restaurant-booking and the flux capacitor in the last hour')
    await reading().getByText('log_level: ERROR and service_name: restaurant-booking').waitFor()
    await reading().getByText('Last 1 hour').waitFor()
    expect(await reading().locator('s').allTextContents()).toEqual(['flux capacitor'])
    await reading().getByText('Not understood and left out: “flux capacitor”').waitFor()
    await picture(page, 'ask')
    await expectAccessible(page)
    await search().press('Enter')
    await page.getByText(/^10 events/).waitFor()
    expect(await search().inputValue()).toBe('log_level: ERROR and service_name: restaurant-booking')
    const params = new URL(page.url()).searchParams
    expect([params.get('q'), params.get('from'), params.get('to')]).toEqual([
      'log_level: ERROR and service_name: restaurant-booking',
      'now-1h',
      'now',
    ])
    // Edited like any other search.
    await search().fill('log_level: ERROR')
    await search().press('Enter')
    await page.waitForURL(/q=log_level:\+ERROR(&|$)/)
  })

  it('are drawn', async () => {
    await page.goto(`${elkhorn.ui}/discover?index=chat-*`)
    await page.getByText(/^40 events/).waitFor()
    await search().fill('? how many tokens today by user_1 and tool')
    await reading().getByText('sum of tokens_used by tool_name').waitFor()
    await reading().getByText('user_id: user_1').waitFor()
    await reading().getByRole('button', { name: 'Draw it' }).click()
    await page.waitForURL(/\/visualize\/editor\?/)
    await page.locator('canvas').first().waitFor()
    await picture(page, 'ask-chart')
  })

  it('are offered for plain words, and asked from the palette', async () => {
    await page.goto(`${elkhorn.ui}/discover?index=chat-*`)
    await page.getByText(/^40 events/).waitFor()
    await search().pressSequentially('slowest requests today')
    await page.getByRole('option', { name: /ask in plain words/ }).click()
    await reading().getByText('events, the greatest response_time first').waitFor()
    await reading().getByRole('button', { name: 'Search' }).click()
    await page.waitForURL(/sort=-response_time/)

    await page.goto(`${elkhorn.ui}/monitoring`)
    await page.getByRole('main', { name: 'Stack monitoring' }).waitFor()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('combobox').fill('top 3 users today')
    await palette.getByRole('option', { name: /ask Discover/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/discover/)
    await reading().getByText('number of events by user_id, the greatest 3').waitFor()
    await search().press('Enter')
    await page.waitForURL(/\/visualize\/editor\?/)
  })
})
