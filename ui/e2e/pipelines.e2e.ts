import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

const conf = (folder: string) => `input {
  file { id => "lines" path => "${folder}/in.log" start_position => "beginning" codec => json mode => "tail" }
}
filter {
  if [price] > 100 {
    mutate { id => "dear" add_tag => ["dear"] }
  } else {
    mutate { id => "cheap" add_field => { "cheap" => "yes" } }
  }
}
output {
  elasticsearch { id => "store" hosts => ["http://elasticsearch:9200"] index => "sales-%{theme}" }
}
`

journeys(undefined, { pipeline: conf })

describe.each(['light', 'dark'] as const)('pipelines in the %s theme', theme => {
  const index = `sales-${theme}`
  const write = (event: Record<string, unknown>) =>
    appendFile(join(elkhorn.folder, 'in.log'), `${JSON.stringify({ ...event, theme })}\n`)

  freshPage({ colorScheme: theme, refusals: true })

  it('show what events meet, with live numbers', async () => {
    await elkhorn.put(`/${index}`, { mappings: { properties: { price: { type: 'long' } } } })
    await write({ price: 5 })
    await write({ price: 500 })
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await page.waitForURL('**/pipelines')
    await page.getByRole('row').filter({ hasText: 'main' }).click()
    const filters = page.getByRole('region', { name: 'Filters' })
    await filters.getByText('[price] > 100').waitFor()
    await filters.getByText('cheap').waitFor()
    await page.getByRole('region', { name: 'Outputs' }).getByText('/s').waitFor()
    await page.getByRole('region', { name: 'Outputs' }).getByText('ms each').waitFor()
    await picture(page, 'pipelines')
    await expectAccessible(page)
  })

  it('are changed: checked as one types, tried on what comes, saved and loaded', async () => {
    await writeFile(join(elkhorn.folder, 'main.conf'), conf(elkhorn.folder))
    await page.goto(`${elkhorn.ui}/pipelines?open=main&tab=edit`)
    const editor = page.getByRole('textbox', { name: 'Configuration' })
    await page.getByText('The configuration is sound.').waitFor()
    const text = await editor.inputValue()
    await editor.fill(text.replace('add_tag', 'add_tagg'))
    const findings = page.getByRole('list', { name: 'What is wrong' })
    await findings.getByText('add_tagg').waitFor()
    expect(await page.getByRole('button', { name: 'Save and reload' }).isDisabled()).toBe(true)
    await picture(page, 'pipelines-edit')
    await expectAccessible(page)
    await findings.getByRole('button').first().click()
    expect(
      await editor.evaluate(area => {
        const input = area as HTMLTextAreaElement
        return input.value.slice(input.selectionStart, input.selectionStart + 8)
      }),
    ).toBe('add_tagg')
    await editor.fill(text.replace('"yes"', '"very"'))
    await page.getByText('The configuration is sound.').waitFor()
    await page.getByRole('button', { name: 'Try on live events' }).click()
    const waiting = page.getByRole('button', { name: 'Waiting for events…' })
    await waiting.waitFor()
    await write({ price: 7 })
    await page.getByText('1 of 1 events (100 %) come out otherwise.').waitFor()
    await page.getByRole('button', { name: 'Save and reload' }).click()
    await page.getByText('Saved, and running.').waitFor()
    expect(await readFile(join(elkhorn.folder, 'main.conf'), 'utf8')).toContain('"very"')
  })

  it('are debugged with an event, step by step', async () => {
    await page.goto(`${elkhorn.ui}/dev_tools/pipeline_debugger?pipeline=main`)
    await page.getByRole('textbox', { name: 'Event' }).fill('{"price": 500, "theme": "x"}')
    const steps = page.getByRole('list', { name: 'Steps of the event' })
    await steps.getByRole('button', { name: /mutate/ }).waitFor()
    await page.getByText('One event comes out, to elasticsearch index "sales-x".').waitFor()
    await steps.getByRole('button', { name: /if \[price\] > 100/ }).click()
    await page.keyboard.press('ArrowDown')
    await page.getByRole('region', { name: 'The event here' }).getByText('"dear"').waitFor()
    await picture(page, 'debugger')
    await expectAccessible(page)
    await page.getByRole('textbox', { name: 'Event' }).fill('{"price": 5}')
    await page.getByText(/no, else/).waitFor()
    await page.getByRole('combobox', { name: 'Configuration' }).selectOption('')
    await page.getByRole('textbox', { name: 'Configuration' }).fill('filter { drop {} ')
    await page.getByText('what is wrong stands under it').waitFor()
    await page.getByRole('textbox', { name: 'Configuration' }).fill('filter { drop {} }')
    await page.getByText('Nothing comes out: the event is dropped.').waitFor()
    await page.reload()
    await page.getByText('Nothing comes out: the event is dropped.').waitFor()
  })

  it('keep what an output refuses, to be mended and written again', async () => {
    await write({ price: 'a lot', order: 'first' })
    await write({ price: 'too much', order: 'second' })
    await page.goto(`${elkhorn.ui}/dead_letters`)
    const find = page.getByRole('searchbox', { name: 'Find in dead letters' })
    await find.fill(`"theme":"${theme}"`)
    await page.getByText('2 letters').waitFor()
    await page.getByRole('row').filter({ hasText: '"first"' }).click()
    const detail = page.getByRole('complementary', { name: 'Dead letter' })
    const event = detail.getByRole('textbox', { name: 'Event' })
    await picture(page, 'dead-letters')
    await expectAccessible(page)
    await event.fill((await event.inputValue()).replace('"a lot"', '12'))
    await detail.getByRole('button', { name: 'Write again' }).click()
    await page.getByText('1 letter', { exact: true }).waitFor()
    await elkhorn.post(`/${index}/_refresh`, {})
    const found = (await elkhorn.post(`/${index}/_search`, { query: { match: { order: 'first' } } })) as {
      hits: { hits: { _source: { price: number } }[] }
    }
    expect(found.hits.hits.map(h => h._source.price)).toEqual([12])
    await page.getByRole('row').filter({ hasText: '"second"' }).click()
    await detail.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('delete')
    await page.keyboard.press('Enter')
    await page.getByText('0 letters').waitFor()
  })
})
