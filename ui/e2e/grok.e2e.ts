import type { Locator } from 'playwright-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { elkhorn, freshPage, journeys, page } from './journey'

const TEXT = '2026-03-02T14:32:18Z ERROR [mcp-server] failed after 5012ms'
const PATTERN =
  '%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} \\[%{DATA:service}\\] failed after %{INT:took:int}%{UNIT:unit}'

let text: Locator
let pattern: Locator

journeys()

describe.each(['light', 'dark'] as const)('the grok debugger in the %s theme', colorScheme => {
  freshPage({ colorScheme })

  beforeEach(async () => {
    text = page.getByRole('textbox', { name: 'Text' })
    pattern = page.getByRole('textbox', { name: 'Pattern', exact: true })
    await page.goto(`${elkhorn.ui}/dev_tools/grokdebugger`)
    await text.waitFor()
  })

  const verdict = (name: string | RegExp) => page.getByRole('heading', { name }).waitFor()
  /** Field, value and type of each row. */
  const fields = async () =>
    (await page.getByRole('row').allInnerTexts()).slice(1).map(row => row.split('\t').slice(1).join(' '))

  it('shows the fields of a line, and keeps all of it in the URL', async () => {
    await text.fill(TEXT)
    await pattern.fill(PATTERN)
    await page.getByText('pattern %{UNIT} is not defined').waitFor()
    await page.getByText('Custom patterns', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Custom patterns' }).fill('# ours\nUNIT ms|s')
    await verdict('Matches, 5 fields')
    const want = [
      'time 2026-03-02T14:32:18Z text',
      'level ERROR text',
      'service mcp-server text',
      'took 5012 number',
      'unit ms text',
    ]
    expect(await fields()).toEqual(want)
    expect(await page.getByTitle('service', { exact: true }).textContent()).toBe('3mcp-server')
    await page.waitForURL(url => url.searchParams.get('custom') === '# ours\nUNIT ms|s')
    await page.reload()
    await verdict('Matches, 5 fields')
    expect(await fields()).toEqual(want)
    await page.getByText('As an event').click()
    expect(JSON.parse((await page.locator('pre').textContent()) ?? '')).toEqual({
      time: '2026-03-02T14:32:18Z',
      level: 'ERROR',
      service: 'mcp-server',
      took: 5012,
      unit: 'ms',
    })
  })

  it('shows where a pattern stops', async () => {
    await text.fill(TEXT)
    await pattern.fill('%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} %{WORD:service} failed')
    await verdict('Does not match: it stops here')
    await page.getByText('%{WORD:service} does not match [mcp-server] failed afte…').waitFor()
    expect(await fields()).toEqual(['time 2026-03-02T14:32:18Z text', 'level ERROR text'])
    await pattern.fill('%{WORD:only')
    await verdict('Does not match: it stops here')
    await pattern.fill('(%{WORD:only}')
    await verdict('Cannot be used')
  })

  it('warns of a lazy pattern at the end', async () => {
    await text.fill('took: 12')
    await pattern.fill('%{WORD:key}: %{DATA:value}')
    await page.getByText('%{DATA:value} at the end matches nothing').waitFor()
  })

  it('finds named patterns, of either set of field names, and puts them in with the keyboard', async () => {
    await text.fill('127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 23')
    const find = page.getByRole('textbox', { name: 'Find a pattern' })
    await find.fill('commonlog')
    const entry = page
      .getByRole('list', { name: 'Patterns' })
      .getByRole('button', { name: 'HTTPD_COMMONLOG' })
    expect(await entry.textContent()).toContain('clientip')
    await page.getByRole('button', { name: 'ECS' }).press('Enter')
    await page.getByText('[source][address]').first().waitFor()
    await entry.press('Enter')
    expect(await pattern.inputValue()).toBe('%{HTTPD_COMMONLOG:}')
    await page.keyboard.type('line')
    await verdict(/^Matches/)
    expect(await fields()).toContain('[source][address] 127.0.0.1 text')
    await find.fill('no such thing')
    await page.getByText('No pattern has this name.').waitFor()
  })

  it('begins with an example, and is found in the palette', async () => {
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.waitForURL('**/discover')
    await page.getByText('Waiting for the first event').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('grok')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Fill in an example' }).click()
    await verdict('Matches, 6 fields')
  })
})
