import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { expectAccessible } from './axe'
import { elkhorn, freshPage, journeys, page } from './journey'
import { picture } from './picture'

const END = Date.UTC(2026, 2, 2, 15)
const RANGE = `from=${new Date(END - 3_600_000).toISOString()}&to=${new Date(END).toISOString()}&refresh=0s`

/** An hour of 240 calls: 40 of them failed, in four models. */
const CALLS = Array.from({ length: 240 }, (_, i) => ({
  '@timestamp': new Date(END - 1 - ((i * 37) % 3599) * 1000).toISOString(),
  log_level: i % 6 === 0 ? 'ERROR' : 'INFO',
  model: ['small', 'large', 'tiny', 'vision'][i % 4],
  model_kind: 'llm',
  user_id: `user ${i % 50}`,
  session_id: `session ${i % 80}`,
  latency_ms: 100 + (i % 20) * 50,
  tokens_used: 100,
  cost: 0.5,
}))

journeys(async () => {
  await elkhorn.put('/_index_template/calls', {
    index_patterns: ['llm-logs-*'],
    template: {
      mappings: {
        properties: Object.fromEntries(
          ['log_level', 'model', 'user_id', 'session_id'].map(name => [name, { type: 'keyword' }]),
        ),
      },
    },
  })
  await elkhorn.bulk('llm-logs-2026', CALLS)
  await elkhorn.bulk('chatgpt-logs-2026', CALLS)
})

const sheet = (number: number) => page.getByRole('region', { name: `Page ${number}`, exact: true })
const settled = () =>
  page.waitForFunction(() => document.querySelector('[data-page] [aria-busy="true"]') === null)

/** How many sheets a print has, and how large they are, in points. */
async function printed() {
  const text = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1')
  const sizes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)]
  return sizes.map(([, w, h]) => [Math.round(Number(w)), Math.round(Number(h))])
}

async function save(name: string, body: Record<string, unknown>) {
  const answer = await fetch(`${elkhorn.ui}/api/saved_objects/canvas-workpad/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' },
    body: JSON.stringify({ attributes: body, references: [] }),
  })
  expect(answer.status).toBe(200)
}

const element = (id: string, expression: string, left: number, top: number, width = 200, height = 80) => ({
  id,
  position: { left, top, width, height, angle: 0, parent: null },
  expression,
})

const COUNT = 'filters | escount index="llm-logs-*" | metric "Calls" metricFormat="0,0" | render'

describe.each(['light', 'dark'] as const)('in the %s theme', colorScheme => {
  freshPage({ colorScheme })

  it('a template fills with live data, is saved, and prints a sheet a page', async () => {
    await page.goto(`${elkhorn.ui}/reports`)
    await page.getByRole('button', { name: 'Status of the AI service' }).waitFor()
    await picture(page, 'reports-list')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Status of the AI service' }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Save the report' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill(`Status ${colorScheme}`)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.waitForURL(url => !url.pathname.endsWith('/new'))
    await page.goto(`${page.url().split('?')[0]}?${RANGE}`)
    await sheet(1).getByText('240', { exact: true }).waitFor()
    await sheet(1).getByText('$120.00').waitFor()
    await sheet(1).getByText('83.3%').waitFor()
    await settled()
    expect(await page.getByText('This element is not drawn').count()).toBe(0)
    await picture(page, 'report')
    await expectAccessible(page)
    expect(await printed()).toEqual([[960, 540]])
  })
})

describe('a report', () => {
  freshPage()

  it('is edited by pointer and by keys, and every change is taken back', async () => {
    await save('keys', {
      name: 'Keys',
      width: 800,
      height: 400,
      pages: [
        {
          id: 'p',
          elements: [element('e', COUNT, 100, 100), element('s', 'shape "star" | render', 500, 250)],
        },
      ],
    })
    await page.goto(`${elkhorn.ui}/reports/keys?${RANGE}`)
    await sheet(1).getByText('240').waitFor()
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const number = page.getByRole('button', { name: 'Number: Calls' })
    await number.focus()
    await page.keyboard.press('Enter')
    const left = page.getByRole('spinbutton', { name: 'Left' })
    const top = page.getByRole('spinbutton', { name: 'Top' })
    await left.waitFor()
    await expectAccessible(page)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Shift+ArrowDown')
    expect([await left.inputValue(), await top.inputValue()]).toEqual(['101', '110'])
    await page.getByRole('button', { name: 'Undo' }).click()
    expect([await left.inputValue(), await top.inputValue()]).toEqual(['100', '100'])
    await page.getByRole('button', { name: 'Redo' }).click()
    expect(await left.inputValue()).toBe('101')
    // Dragged to near the left edge of the page, it is caught by it.
    const box = await number.boundingBox()
    const zoom = (box?.width ?? 0) / 200
    const [x, y] = [(box?.x ?? 0) + 20, (box?.y ?? 0) + 20]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 50 * zoom, y)
    await page.mouse.move(x - 98 * zoom, y)
    await page.mouse.up()
    expect(await left.inputValue()).toBe('0')
    // The form stands for the expression.
    await page.getByRole('textbox', { name: 'Label' }).fill('Answers')
    await sheet(1).getByText('Answers').waitFor()
    await page.getByRole('button', { name: 'Number: Answers' }).focus()
    await page.keyboard.press('Control+d')
    await page.waitForFunction(() => document.querySelectorAll('[data-hold]').length === 3)
    await page.keyboard.press('Control+s')
    await page
      .getByRole('button', { name: 'Edit', exact: true })
      .and(page.locator('[aria-pressed="false"]'))
      .waitFor()
    const answer = await fetch(`${elkhorn.ui}/api/saved_objects/canvas-workpad/keys`)
    const { attributes } = (await answer.json()) as {
      attributes: { pages: { elements: { position: object }[] }[] }
    }
    expect(attributes.pages[0]?.elements[0]?.position).toMatchObject({ left: 0, top: 110, width: 200 })
    expect(attributes.pages[0]?.elements.length).toBe(3)
  })

  it('of Kibana is imported, says what it cannot draw, is shown as slides and exported', async () => {
    const workpad = {
      name: 'From Kibana',
      width: 612,
      height: 792,
      pages: [
        {
          id: 'a',
          style: { background: '#FFF' },
          elements: [
            element('x', COUNT, 50, 50),
            element('y', 'filters | demodata | table | render', 50, 300),
          ],
        },
        {
          id: 'b',
          style: { background: '#111111' },
          elements: [element('z', 'markdown "# Second" font={font color="#FFFFFF"} | render', 50, 50)],
        },
      ],
    }
    await page.goto(`${elkhorn.ui}/reports`)
    const line = JSON.stringify({ id: 'k', type: 'canvas-workpad', attributes: workpad, references: [] })
    await page.getByLabel('File of reports').setInputFiles({
      name: 'export.ndjson',
      mimeType: 'application/x-ndjson',
      buffer: Buffer.from(`${line}\n`),
    })
    await page.getByText('1 object imported').waitFor()
    await page.getByRole('link', { name: 'From Kibana' }).click()
    await page.waitForURL('**/reports/*')
    await page.goto(`${page.url()}?${RANGE}`)
    await sheet(1).getByText('240').waitFor()
    await sheet(1).getByText('“demodata”: Made-up data is not part of this program').waitFor()
    await settled()
    expect(await printed()).toEqual([
      [459, 594],
      [459, 594],
    ])
    await page.getByRole('button', { name: 'Share' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export as NDJSON' }).click(),
    ])
    expect(await readFile(await file.path(), 'utf8')).toContain('"name":"From Kibana"')
    await page.getByRole('button', { name: 'Share' }).click()
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'This page as PNG' }).click(),
    ])
    const bytes = await readFile(await png.path())
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1224, 1584])
    await page.getByRole('button', { name: 'Present' }).click()
    await page.getByText('1 of 2').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText('2 of 2').waitFor()
    await sheet(2).getByRole('heading', { name: 'Second' }).waitFor()
    expect(await sheet(1).count()).toBe(0)
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Present' }).waitFor()
  })
})
