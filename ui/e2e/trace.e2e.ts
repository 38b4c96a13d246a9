// From an id to the story behind it, and from a document to what surrounds it.

import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DiscoverPage } from './pages/discover'

const END = Date.now()
const at = (offset: number) => new Date(END - 60_000 + offset).toISOString()
const TRACE = '5917f8aa'

journeys(async () => {
  await elkhorn.bulk('gateway-logs', [
    {
      '@timestamp': at(2000),
      level: 'info',
      service_name: 'llm-gateway',
      trace_id: TRACE,
      prompt: 'Book a table for [NAME]',
      response: 'A table for two is booked.',
      model: 'gpt-4o',
      prompt_tokens: 20,
      completion_tokens: 8,
      cost: 0.0021,
      latency_ms: 1900,
      time_to_first_token_ms: 240,
      message: 'Completion by gpt-4o',
    },
    {
      '@timestamp': at(50_000),
      level: 'info',
      service_name: 'llm-gateway',
      trace_id: 'another',
      message: 'no',
    },
  ])
  await elkhorn.bulk('tool-logs', [
    {
      '@timestamp': at(1500),
      level: 'error',
      service_name: 'booking',
      trace: { id: TRACE },
      tool_name: 'create_reservation',
      arguments: { people: 2, at: '20:00' },
      duration_ms: 800,
      cache_latency_ms: 5,
      db_latency_ms: 700,
      error_message: 'pool exhausted',
    },
    {
      '@timestamp': at(40_000),
      level: 'info',
      service_name: 'booking',
      'trace.id': TRACE,
      message: 'closed',
    },
  ])
  await elkhorn.bulk(
    'neighbours',
    Array.from({ length: 40 }, (_, i) => ({
      // Ten share each moment, so that only the order of arrival tells them apart.
      '@timestamp': at(Math.floor(i / 10) * 1000),
      level: i % 2 === 0 ? 'info' : 'warn',
      message: `line ${String(i).padStart(2, '0')}`,
    })),
  )
})

freshPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })

describe('a trace', () => {
  it('opens with one press on an id and shows all services in time order', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=gateway-logs&q=prompt:*')
    await discover.rows.first().click()
    await discover.document.getByRole('link', { name: TRACE, exact: true }).click()
    await page.waitForURL(/\/trace\?field=trace_id&value=5917f8aa$/)
    await page.getByText('3 events', { exact: true }).waitFor()
    await page.getByText('1 error', { exact: true }).waitFor()
    const timeline = page.getByRole('region', { name: 'Timeline' })
    const spans = await timeline.getByRole('button', { name: /llm-gateway|booking/ }).allInnerTexts()
    expect(spans.map(s => s.replace(/\s+/g, ' ').trim())).toEqual([
      'llm-gateway gpt-4o 1.9 s',
      'booking create_reservation E error 800 ms',
      'booking closed',
    ])
    const stages = timeline.getByRole('list', { name: 'Stages of create_reservation' }).getByRole('listitem')
    expect((await stages.allInnerTexts()).map(s => s.replace(/\s+/g, ' ').trim())).toEqual([
      'cache <1 % 5 ms',
      'db 88 % 700 ms',
    ])
    await timeline.getByTitle('38 s without an event').waitFor()
    await expectAccessible(page)
    await timeline.getByRole('button', { name: /create_reservation/ }).click()
    await page.getByRole('region', { name: 'Document' }).getByText('pool exhausted').waitFor()
    await page.getByRole('button', { name: 'Back' }).click()
    await page.waitForURL(/\/discover/)
  })

  it('tells what was said, with folded arguments and what it cost', async () => {
    await page.goto(`${elkhorn.ui}/trace?field=trace_id&value=${TRACE}`)
    await page.getByRole('tab', { name: 'Conversation' }).click()
    const talk = page.getByRole('region', { name: 'Conversation' })
    await talk.getByText('A table for two is booked.').waitFor()
    await talk.getByText('20 tokens in, 8 out').waitFor()
    await talk.getByText('$0.0021').first().waitFor()
    await talk.getByText('240 ms').waitFor()
    expect(await talk.locator('mark').textContent()).toBe('[NAME]')
    await talk.getByText('Arguments').click()
    await talk.getByText('"people"', { exact: true }).waitFor()
    await expectAccessible(page)
    await page.reload()
    await talk.getByText('A table for two is booked.').waitFor()
  })

  it('says when no event has the id', async () => {
    await page.goto(`${elkhorn.ui}/trace?field=trace_id&value=nobody`)
    await page.getByRole('heading', { name: 'No event has this trace' }).waitFor()
    await expectAccessible(page)
  })
})

describe('a document', () => {
  it('stands among what came just before and after it, also within one moment', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=neighbours&q=message:"line+15"')
    await discover.shows(1)
    await discover.rows.first().click()
    await discover.document.getByRole('link', { name: 'surrounding' }).click()
    await page.getByRole('button', { name: 'Load older' }).waitFor()
    // The rows alone, not the document that one of them has opened.
    const lines = async () => {
      const texts = await discover.rows.allInnerTexts()
      return texts.flatMap(text => /^\d\d:.*line (\d\d)$/s.exec(text.trim())?.[1] ?? []).map(Number)
    }
    await page.getByText('line 20').waitFor()
    await page.getByText('line 10').waitFor()
    expect(await lines()).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10])
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Load older' }).click()
    await page.getByRole('button', { name: 'No older ones' }).waitFor()
    await page.getByText('line 00').waitFor()
    await page.getByRole('checkbox', { name: 'only what the search finds' }).check()
    await page.getByText('line 14').waitFor({ state: 'detached' })
    expect(await lines()).toEqual([15])
    await page.reload()
    await page.getByRole('checkbox', { name: 'only what the search finds' }).waitFor()
    expect(await page.getByRole('checkbox').isChecked()).toBe(true)
  })

  it('says when it is gone', async () => {
    await page.goto(`${elkhorn.ui}/document?in=neighbours&id=gone`)
    await page.getByRole('heading', { name: 'This document is not there' }).waitFor()
    await expectAccessible(page)
  })
})
