import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

/** Asks the console's own API. */
async function ask(method: string, path: string, body?: unknown) {
  const answer = await fetch(elkhorn.ui + path, {
    method,
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'journey' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  expect(answer.status, `${method} ${path}`).toBeLessThan(300)
}

const board = (title: string) => ({ attributes: { title, panelsJSON: '[]' }, references: [] })

journeys(async () => {
  await elkhorn.bulk('shop-1', [{ '@timestamp': new Date().toISOString(), total: 5 }])
  await ask('POST', '/api/saved_objects/dashboard/board', board('Board of all'))
})

const spaceButton = (name: string) => page.getByRole('button', { name: `Space: ${name}` })

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  it('a space is made, gone to, copied to and deleted, and its pages stay within it', async () => {
    const name = `Night ${colorScheme}`
    const id = `night-${colorScheme}`
    // As long as there is one space, nothing is said of it.
    await page.goto(`${elkhorn.ui}/management/spaces`)
    await page.getByRole('row').filter({ hasText: 'This is your default space!' }).waitFor()
    expect(await page.getByRole('button', { name: /^Space: / }).count()).toBe(0)

    await page.getByRole('button', { name: 'New' }).click()
    const editor = page.getByRole('complementary', { name: 'New space' })
    await editor.getByRole('textbox', { name: 'Name' }).fill(name)
    expect(await editor.getByRole('textbox', { name: 'Id' }).inputValue()).toBe(id)
    await editor.getByRole('textbox', { name: 'Description' }).fill('Who is called at night')
    await editor.getByLabel('Colour').fill('#8a4fc7')
    await editor.getByRole('textbox', { name: 'Initials' }).fill('N')
    await editor.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('complementary', { name }).getByText('0 objects are kept in it.').waitFor()
    await spaceButton('Default').waitFor()
    await picture(page, 'spaces')
    await expectAccessible(page)

    // A copy, from the objects of this space.
    await page.goto(`${elkhorn.ui}/management/saved_objects`)
    await page.getByRole('checkbox', { name: 'Choose Board of all' }).check()
    await page.getByRole('button', { name: 'Copy to a space…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Copy to a space' })
    await dialog.getByRole('combobox', { name: 'Space' }).selectOption({ label: name })
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByText('1 object copied.').waitFor()
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('alert').getByText('is there already').waitFor()
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })

    // Another space is the same page with what is kept there.
    await ask('POST', `/s/${id}/api/saved_objects/dashboard/own`, board('Board of the night'))
    await spaceButton('Default').click()
    await page.getByRole('dialog', { name: 'Spaces' }).getByRole('button', { name }).waitFor()
    await picture(page, 'spaces-menu')
    await expectAccessible(page)
    await page.getByRole('dialog', { name: 'Spaces' }).getByRole('button', { name }).click()
    await page.waitForURL(`**/s/${id}/management/saved_objects`)
    await page.getByRole('link', { name: 'Board of the night' }).waitFor()
    await spaceButton(name).waitFor()

    // Links, tabs, keys and the palette lead to pages of the space.
    await page.getByRole('link', { name: 'Data views' }).click()
    await page.waitForURL(`**/s/${id}/management/data_views`)
    await page.getByRole('main', { name: 'Data views' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('b')
    await page.waitForURL(`**/s/${id}/dashboards`)
    await page.getByRole('link', { name: 'Board of the night' }).waitFor()
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.getByRole('combobox').fill('board of')
    await palette.getByRole('option', { name: 'Board of the night' }).waitFor()
    await palette.getByRole('option', { name: 'Board of all' }).click()
    await page.waitForURL(`**/s/${id}/dashboards/board`)
    await page.getByText('Board of all').first().waitFor()

    // A change here is none elsewhere, and the link to it can be shared.
    await ask('PUT', `/s/${id}/api/saved_objects/dashboard/board`, { attributes: { title: 'Board, copied' } })
    await page.goto(`${elkhorn.ui}/s/${id}/dashboards/board`)
    await page.getByText('Board, copied').first().waitFor()
    await page.goto(`${elkhorn.ui}/dashboards/board`)
    await page.getByText('Board of all').first().waitFor()

    // Discover is as it was left in each space.
    await page.goto(`${elkhorn.ui}/s/${id}/`)
    await page.waitForURL(`**/s/${id}/discover*`)
    await page.getByText('1 event', { exact: false }).first().waitFor()
    await spaceButton(name).waitFor()
    await picture(page, 'spaces-discover')

    // Deleted from within: what stays is another space.
    await page.goto(`${elkhorn.ui}/s/${id}/management/spaces?open=${id}`)
    await page.getByText('2 objects are kept in it.').waitFor()
    await page.getByRole('button', { name: 'Delete…' }).click()
    const confirm = page.getByRole('dialog', { name: `Delete the space ${name}?` })
    await confirm.getByRole('textbox').fill(id)
    await confirm.getByRole('button', { name: 'Delete' }).click()
    await page.waitForURL(url => url.pathname === '/management/spaces')
    await page.getByRole('row').filter({ hasText: 'This is your default space!' }).waitFor()
    expect(await page.getByText(name).count()).toBe(0)
    await page.goto(`${elkhorn.ui}/s/${id}/dashboards`)
    await page.getByRole('heading', { name: 'There is no such space' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'spaces-lost')
    await page.getByRole('link', { name: 'Default' }).click()
    await page.waitForURL(url => url.pathname === '/discover')
  })
})
