import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

journeys(async () => {
  await elkhorn.put('/_component_template/no-copies', {
    template: { settings: { number_of_replicas: 0 } },
  })
})

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  const definition = () => page.getByRole('textbox', { name: 'Definition' })

  it('a template is made, simulated with its parts, changed and deleted', async () => {
    const name = `shop-${colorScheme}`
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.waitForURL('**/management/templates')
    await page.getByRole('button', { name: 'New' }).click()
    await definition().fill(
      JSON.stringify({
        index_patterns: [`${name}-*`],
        composed_of: ['no-copies'],
        template: { mappings: { properties: { price: { type: 'long' } } } },
      }),
    )
    const simulation = page.getByRole('region', { name: 'Simulation' })
    await simulation.getByRole('button', { name: 'Simulate' }).click()
    await simulation.getByText('"number_of_replicas"').waitFor()
    await page.getByRole('textbox', { name: 'Name' }).fill(name)
    await page.getByRole('button', { name: 'Save' }).click()
    await page
      .getByRole('row')
      .filter({ hasText: `${name}-*` })
      .waitFor()
    await page.getByRole('heading', { name, level: 2 }).waitFor()
    await picture(page, 'templates')
    await expectAccessible(page)
    await definition().fill((await definition().inputValue()).replace('"long"', '"longer"'))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('longer').waitFor()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill(name)
    await page.keyboard.press('Enter')
    await page.getByText('There is no index template').waitFor()
    await page.getByRole('button', { name: 'Component templates' }).click()
    await page.getByRole('row').filter({ hasText: 'no-copies' }).click()
    await page.getByRole('heading', { name: 'no-copies', level: 2 }).waitFor()
  })

  it('an ingest pipeline is tested with documents, processor by processor', async () => {
    const name = `clean-${colorScheme}`
    await elkhorn.put(`/_ingest/pipeline/${name}`, {
      description: 'upper case',
      processors: [{ uppercase: { field: 'level' } }, { rename: { field: 'nope', target_field: 'x' } }],
    })
    await page.goto(`${elkhorn.ui}/management/ingest_pipelines?open=${name}`)
    const test = page.getByRole('region', { name: 'Test' })
    await test.getByRole('textbox', { name: 'Documents' }).fill('{"level": "warn"}')
    await test.getByRole('button', { name: 'Test' }).click()
    await test.getByText('"warn" → "WARN"').waitFor()
    await test.getByText("field [nope] doesn't exist").waitFor()
    await picture(page, 'ingest')
    await expectAccessible(page)
    await definition().fill((await definition().inputValue()).replace('uppercase', 'lowercase'))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.').waitFor()
    await page.reload()
    await page.waitForFunction(() => document.querySelector('textarea')?.value.includes('lowercase'))
    await definition().fill('{')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  })
})
