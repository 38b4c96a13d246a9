import { describe, expect, it } from 'vitest'
import { elkhorn, freshPage, journeys, page } from './journey'
import { ConsolePage } from './pages/console'

journeys(async () => {
  await elkhorn.put('/known', {
    mappings: { properties: { log_level: { type: 'keyword' }, response_time: { type: 'long' } } },
  })
})

describe.each(['light', 'dark'] as const)('the console in the %s theme', colorScheme => {
  freshPage({ colorScheme, refusals: true })

  it('is reached from Discover with the keyboard, and writes, sends and remembers a request', async () => {
    await page.goto(`${elkhorn.ui}/discover`)
    await page.getByRole('button', { name: 'Elkhorn: pages' }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('c')
    await page.waitForURL('**/dev_tools/console')
    const console = new ConsolePage(page)
    await console.editor.focus()
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Delete')
    await page.keyboard.type('GET known/_count\n{\n"query": {\n"term": { "log_level": "ERROR"')
    expect(await console.editor.inputValue()).toBe(
      'GET known/_count\n{\n  "query": {\n    "term": { "log_level": "ERROR"}\n  }\n}',
    )
    await console.send('200 OK')
    expect(await console.json()).toMatchObject({ count: 0 })
    await page.reload()
    expect(await console.editor.inputValue()).toContain('GET known/_count')
    await page.getByRole('button', { name: 'history' }).click()
    await page.getByRole('textbox', { name: 'Find in history' }).fill('log_level')
    await page.getByRole('list', { name: 'Requests sent' }).getByRole('button').first().click()
    expect((await console.editor.inputValue()).match(/GET known\/_count/g)).toHaveLength(2)
  })

  it('sends several requests as they are printed: comments, three quotation marks, bulk bodies', async () => {
    const index = `several-${colorScheme}`
    const console = await ConsolePage.open(
      page,
      elkhorn.ui,
      `# a comment
PUT ${index} // another
{
  /* and one more */
  "mappings": { "properties": { "text": { "type": "keyword" } } }
}

POST _bulk?refresh=true
{ "index": {
  "_index": "${index}", "_id": "one" } }
{ "text": """two
"lines" """ }
{"index": {"_index": "${index}"}}
{"text": "b", "big": 12345678901234567890}

GET ${index}/_doc/one
HEAD ${index}
GET _nope/x`,
    )
    await page.keyboard.press('Control+a')
    await console.send('400 Bad Request')
    expect(
      (await console.answers.allTextContents()).map(t => t.replace(/\d+ ms|[\d.]+ s$/, '').trim()),
    ).toEqual([
      `200 OKPUT ${index}`,
      '200 OKPOST _bulk?refresh=true',
      `200 OKGET ${index}/_doc/one`,
      `200 OKHEAD ${index}`,
      '400 Bad RequestGET _nope/x',
    ])
    await console.answers.nth(2).click()
    expect(await console.json()).toMatchObject({ found: true, _source: { text: 'two\n"lines" ' } })
    await console.answers.nth(3).click()
    await page.getByText('An answer without a body.').waitFor()
  })

  it('completes methods, paths, parameters, members and fields', async () => {
    const console = await ConsolePage.open(page, elkhorn.ui, '')
    await page.keyboard.type('ge')
    await console.options.getByText('GET').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('kno')
    await console.options.getByText('known').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('_sea')
    await console.options.getByText('_search', { exact: true }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('?si')
    await console.options.getByText('size', { exact: true }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('3\n{')
    await page.keyboard.press('Enter')
    await page.keyboard.type('"quer')
    await page.keyboard.press('Tab')
    await page.keyboard.type('"ter')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type('"log')
    await console.options.getByText('log_level').waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.type('"ERROR')
    expect(await console.editor.inputValue()).toBe(
      'GET known/_search?size=3\n{\n  "query": {"term": {"log_level": "ERROR"}}\n}',
    )
    await console.send('200 OK')
    await console.editor.focus()
    await page.keyboard.press('Control+i')
    expect(await console.editor.inputValue()).toBe(
      'GET known/_search?size=3\n{\n  "query": {\n    "term": {\n      "log_level": "ERROR"\n    }\n  }\n}',
    )
    await page.keyboard.press('Control+z')
    expect(await console.editor.inputValue()).toContain('"query": {"term": {"log_level": "ERROR"}}')
  })

  it('says where a body is wrong, and sends it all the same', async () => {
    const console = await ConsolePage.open(page, elkhorn.ui, 'GET known/_search\n{\n  "size": 1,\n}')
    await page.getByRole('status').getByText('Line 3: a comma before } is not allowed').waitFor()
    await console.send('400 Bad Request')
    expect(await console.answer.inputValue()).toContain('expected a double quote')
  })

  it('copies as code, goes from request to request, and comments out', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    const console = await ConsolePage.open(page, elkhorn.ui, 'GET known\n\nPOST known/_search\n{"size": 0}\n')
    await page.keyboard.press('Control+ArrowDown')
    await page.getByText('POST known/_search', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'copy as' }).click()
    await page.getByRole('button', { name: 'curl' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `curl -X POST '${elkhorn.es}/known/_search' \\\n  -H 'Content-Type: application/json' \\\n  --data-binary '{"size": 0}'`,
    )
    await page.keyboard.press('Escape')
    await console.editor.focus()
    await page.keyboard.press('Control+Home')
    await page.keyboard.press('Control+/')
    expect(await console.editor.inputValue()).toMatch(/^# GET known\n/)
  })

  it('can be left with the keyboard', async () => {
    const console = await ConsolePage.open(page, elkhorn.ui, 'GET known')
    await page.keyboard.press('Tab')
    expect(await console.editor.inputValue()).toMatch(/^ {2}GET|GET known {2}$/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('leaves the editor').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('separator').evaluate(e => e === document.activeElement)).toBe(true)
  })
})

describe('a long answer', () => {
  freshPage()

  it('of one line is seen where the view is, at its beginning and at its end', async () => {
    await elkhorn.bulk('long', [{ text: `begin ${'many words '.repeat(200_000)}end` }])
    const console = await ConsolePage.open(page, elkhorn.ui, 'GET long/_search')
    await console.send('200 OK')
    // A line of megabytes that is drawn as one text is not painted at all.
    const line = page.getByRole('region', { name: 'Answers' }).locator('[aria-hidden=true] > div')
    await line.filter({ hasText: '{"took"' }).waitFor()
    expect((await line.first().textContent())?.length).toBeLessThan(10_000)
    await line.first().evaluate(element => {
      for (let e = element.parentElement; e !== null; e = e.parentElement) e.scrollLeft = e.scrollWidth
    })
    await line.filter({ hasText: 'end"}' }).waitFor()
  })
})
