// Measures what a person waits for, with two million events behind the pages: the first look at Discover, scrolling,
// a dashboard of twelve panels. It writes bench/UI.md. Not a test: no figure fails it.

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, it } from 'vitest'
import { startBrowser } from './browser'
import { type Elkhorn, startElkhorn } from './elkhorn'
import { DashboardPage } from './pages/dashboard'
import { DiscoverPage } from './pages/discover'

const DOCUMENTS = Number(process.env.BENCH_DOCS ?? 2_000_000)
const HOURS = 23
const CHUNK = 10_000
const ROWS = 100_000
const FRAMES = 600
const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const sample = async (name: string) =>
  JSON.parse(await readFile(fileOf(`internal/console/saved/samples/${name}.json`), 'utf8'))

const [load = 0] = loadavg()
const lines: string[] = []
const row = (what: string, measured: string, goal = '') => lines.push(`| ${what} | ${measured} | ${goal} |`)
const ms = (n: number) => `${Math.round(n).toLocaleString('en')} ms`

let elkhorn: Elkhorn
let browser: Browser

beforeAll(async () => {
  ;[elkhorn, browser] = await Promise.all([startElkhorn(), startBrowser()])
  const template = JSON.parse(await readFile(fileOf('internal/demo/index_template.json'), 'utf8'))
  await elkhorn.put('/_index_template/measured', template)
  await fill()
}, 600_000)

afterAll(async () => {
  await browser?.close()
  await elkhorn?.stop()
  const report = `# What a person waits for

Written by \`make bench-ui\` on ${new Date().toISOString().slice(0, 10)}: headless Chromium ${browser?.version()} and the program together on ${cpus().length} processors,
load ${load.toFixed(2)} before; ${DOCUMENTS.toLocaleString('en')} events of the demo's ChatGPT application over ${HOURS} hours, all of them in the time range.

| | Measured | Goal |
| --- | ---: | ---: |
${lines.join('\n')}
`
  await writeFile(fileOf('bench/UI.md'), report)
  process.stdout.write(report)
})

/** Sends the demo workload's ChatGPT events, as many as are wanted, ending now. */
async function fill() {
  // A little more than half of the workload's events are of the application.
  const events = Math.ceil(DOCUMENTS * 2)
  const rate = events / (HOURS * 3600)
  const start = new Date(Date.now() - HOURS * 3_600_000).toISOString()
  const args = ['demo', '-n', String(events), '--rate', String(rate), '--start', start, '--bulk']
  const child = spawn(process.env.ELKHORN_BIN ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let sent = 0
  let body: string[] = []
  let wanted = false
  const send = async () => {
    const answer = await fetch(`${elkhorn.es}/chatgpt-logs-demo-measured/_bulk`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: `${body.map(line => `{"create":{}}\n${line}`).join('\n')}\n`,
    })
    const { errors } = (await answer.json()) as { errors: boolean }
    if (errors !== false) throw new Error('a document of the workload was refused')
    sent += body.length
    body = []
  }
  for await (const line of createInterface(child.stdout)) {
    if (sent + body.length === DOCUMENTS) break
    if (line.startsWith('{"create"')) {
      wanted = line.includes('"chatgpt-logs')
      continue
    }
    if (!wanted) continue
    body.push(line)
    if (body.length === CHUNK) await send()
  }
  child.kill()
  if (body.length > 0) await send()
  if (sent < DOCUMENTS) throw new Error(`the workload gave ${sent} events of ${DOCUMENTS}`)
  await elkhorn.post('/chatgpt-logs-demo-measured/_refresh', {})
}

const newPage = (viewport = { width: 1280, height: 800 }) =>
  browser.newPage({ viewport, colorScheme: 'dark' })

it('Discover, opened', async () => {
  const page = await newPage()
  for (const visit of ['first visit', 'second visit']) {
    const began = performance.now()
    const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=chatgpt-logs-*&from=now-24h')
    await discover.rows.first().waitFor()
    const rows = performance.now() - began
    await discover.shows(DOCUMENTS)
    const counted = performance.now() - began
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    )
    row(`Discover, ${visit}: first paint`, ms(paint), '1,000 ms')
    row(`Discover, ${visit}: first rows`, ms(rows), '1,500 ms')
    row(`Discover, ${visit}: exact count and histogram`, ms(counted), '1,500 ms')
  }
  await page.close()
}, 120_000)

it('Discover, scrolled', async () => {
  const page = await newPage()
  const discover = await DiscoverPage.open(page, elkhorn.ui, '?index=chatgpt-logs-*&from=now-24h')
  await discover.rows.first().waitFor()
  const began = performance.now()
  const loaded = await page.evaluate(async rows => {
    const scroller = document.querySelector<HTMLElement>('[aria-label="Events"] [role="rowgroup"]:last-child')
    if (!scroller) throw new Error('no rows to scroll')
    const frame = () => new Promise(requestAnimationFrame)
    let height = 0
    const rowHeight = scroller.querySelector('[role="row"]')?.getBoundingClientRect().height ?? 24
    while (scroller.scrollHeight < rows * rowHeight * 0.99) {
      scroller.scrollTop = scroller.scrollHeight
      await frame()
      height = scroller.scrollHeight
    }
    return Math.round(height / rowHeight)
  }, ROWS)
  row(`Discover: ${loaded.toLocaleString('en')} rows loaded by scrolling on`, ms(performance.now() - began))
  const frames = await page.evaluate(async frames => {
    const scroller = document.querySelector<HTMLElement>('[aria-label="Events"] [role="rowgroup"]:last-child')
    if (!scroller) throw new Error('no rows to scroll')
    const frame = () => new Promise<number>(requestAnimationFrame)
    const times: number[] = []
    scroller.scrollTop = 0
    let last = await frame()
    for (let i = 0; i < frames; i++) {
      // A wheel's three rows, and in every third frame a drag of the bar.
      scroller.scrollTop += i % 3 === 2 ? 333 * 24 : 72
      if (scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 100) scroller.scrollTop = 0
      const now = await frame()
      times.push(now - last)
      last = now
    }
    return times.sort((a, b) => a - b)
  }, FRAMES)
  const at = (share: number) => frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? 0
  row(
    `Discover: ${FRAMES} frames over those rows, 3 rows each and 333 in every third: median, 99 %`,
    `${at(0.5).toFixed(1)}, ${at(0.99).toFixed(1)} ms`,
  )
  row('Discover: the longest of these frames', `${at(1).toFixed(1)} ms`, '50 ms')
  await page.close()
}, 300_000)

it('a dashboard of twelve panels', async () => {
  const [chatgpt, llm, ml] = await Promise.all(['chatgpt', 'llm', 'ml'].map(sample))
  // The application's nine, and three of the others' over the same events.
  const others = [llm.panels[2], ml.panels[3], llm.panels[1]].map((panel, i) => ({
    ...panel,
    id: `other-${i}`,
    gridData: { x: i * 8, y: 100, w: 8, h: 4 },
    visState: JSON.parse(
      JSON.stringify(panel.visState)
        .replaceAll('latency_ms', 'response_time')
        .replaceAll('model_metadata.model_version', 'deployment_version'),
    ),
  }))
  const dashboard = {
    ...chatgpt,
    id: 'twelve',
    title: 'Twelve panels',
    timeFrom: 'now-24h',
    refreshInterval: { pause: true, value: 0 },
    panels: [...chatgpt.panels, ...others],
  }
  const answer = await fetch(`${elkhorn.ui}/api/kibana/dashboards/import`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'kbn-xsrf': 'true' },
    body: JSON.stringify(dashboard),
  })
  if (!answer.ok) throw new Error(`import: ${answer.status} ${await answer.text()}`)
  const page = await newPage({ width: 1920, height: 1080 })
  await page.goto(`${elkhorn.ui}/dashboards`)
  await page.getByRole('link', { name: 'Twelve panels' }).waitFor()
  const first = await timed(page, () => page.getByRole('link', { name: 'Twelve panels' }).click())
  const board = new DashboardPage(page)
  row('Twelve panels, the first time, opened from the list', ms(first), '1,000 ms')
  for (const time of ['second', 'third']) {
    row(
      `Twelve panels, refreshed, the ${time} time`,
      ms(await timed(page, () => board.button('Refresh').click())),
      '300 ms',
    )
  }
  const reload = await timed(page, async () => void (await page.reload({ waitUntil: 'commit' })))
  row('Twelve panels, the page loaded anew', ms(reload))
  await page.close()
}, 300_000)

/**
 * The time from an act, or from the press that it is, to the last change in the panels or the last answer for them, whichever is later, in
 * milliseconds.
 */
async function timed(page: Page, act: () => Promise<void>): Promise<number> {
  let before = Date.now()
  await page.evaluate(() =>
    addEventListener('pointerdown', e => performance.mark('pressed', { startTime: e.timeStamp }), {
      capture: true,
      once: true,
    }),
  )
  await act()
  before = await page.evaluate(at => {
    const pressed = performance.getEntriesByName('pressed').at(-1)
    performance.clearMarks('pressed')
    return pressed ? performance.timeOrigin + pressed.startTime : at
  }, before)
  const done = await page.evaluate(
    panels =>
      new Promise<number>(resolve => {
        let changed = performance.now()
        const watch = new MutationObserver(changes => {
          if (changes.some(change => change.target.parentElement?.closest('section')))
            changed = performance.now()
        })
        watch.observe(document.body, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        })
        const look = () => {
          const all = [...document.querySelectorAll('section[aria-label]:has(> header h2)')]
          const complete =
            all.length === panels &&
            all.every(panel => !panel.querySelector('[role="status"], [aria-busy="true"]'))
          const answers = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
          const last = Math.max(changed, ...answers.map(answer => answer.responseEnd))
          if (!complete || performance.now() - last < 500) return requestAnimationFrame(look)
          watch.disconnect()
          resolve(performance.timeOrigin + last)
        }
        look()
      }),
    12,
  )
  return done - before
}
