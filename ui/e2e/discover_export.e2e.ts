// Everything that was found as a file, also far beyond what one search answers.

import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { DiscoverPage } from './pages/discover'

const COUNT = 12_345
const END = Math.floor(Date.now() / 1000) * 1000
// Many share a moment, so that pages begin and end in the middle of one.
const at = (i: number) => new Date(END - Math.floor((COUNT - i) / 700) * 1000).toISOString()
const ALL = `?index=all-logs&from=${new Date(END - 3_600_000).toISOString()}&to=${new Date(END).toISOString()}`

journeys(async () => {
  const events = Array.from({ length: COUNT }, (_, i) => ({
    '@timestamp': at(i),
    level: i % 100 === 0 ? 'error' : 'info',
    service: i % 2 === 0 ? 'a, b' : '=cmd()',
    n: i,
    message: `line ${i} "quoted"`,
  }))
  for (let i = 0; i < events.length; i += 5000) await elkhorn.bulk('all-logs', events.slice(i, i + 5000))
})

freshPage()

async function download(press: () => Promise<void>) {
  const coming = page.waitForEvent('download')
  await press()
  const file = await coming
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
}

describe('an export', () => {
  it('as NDJSON has every document once', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.shows(COUNT)
    await discover.button('export').click()
    const panel = page.getByRole('dialog', { name: 'Export' })
    await expectAccessible(page)
    const { name, text } = await download(() => panel.getByRole('button', { name: 'NDJSON' }).click())
    expect(name).toMatch(/^all-logs_.*Z\.ndjson$/)
    const documents = text
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { _source: { n: number } })
    expect(documents).toHaveLength(COUNT)
    expect(new Set(documents.map(d => d._source.n)).size).toBe(COUNT)
    await panel.getByText(/^Done: 12,345 events/).waitFor()
    await expectAccessible(page)
  })

  it('as CSV has the columns of the table and only what was found', async () => {
    const discover = await DiscoverPage.open(
      page,
      elkhorn.ui,
      `${ALL}&q=level:error&columns=service,n,message`,
    )
    await discover.shows(124)
    await discover.button('export').click()
    const { text } = await download(() => discover.button('CSV').click())
    const lines = text.trimEnd().split('\r\n')
    expect(lines).toHaveLength(125)
    expect(lines[0]).toBe('@timestamp,service,n,message')
    expect(lines[1]).toBe(`${at(12_300)},"a, b",12300,"line 12300 ""quoted"""`)
  })

  it('can be cancelled', async () => {
    const discover = await DiscoverPage.open(page, elkhorn.ui, ALL)
    await discover.shows(COUNT)
    // The second page waits until it is cancelled.
    let pages = 0
    await page.route('**/es/_search', route => (++pages < 2 ? route.continue() : undefined))
    await discover.button('export').click()
    const panel = page.getByRole('dialog', { name: 'Export' })
    await panel.getByRole('button', { name: 'NDJSON' }).click()
    await panel.getByText('2,000 of 12,345').waitFor()
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByText('Cancelled after 2,000 events').waitFor()
  })
})
