// What a journey stands on: a server and a browser for the file, and a fresh page for each journey in it.

import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { startBrowser } from './browser'
import { type Elkhorn, type ElkhornOptions, startElkhorn } from './elkhorn'

/** The server of the file, while its journeys run. */
export let elkhorn: Elkhorn
/** The page of the journey that runs. */
export let page: Page

let browser: Browser
let faults: string[]

/** Starts the file's server and browser, and then what `prepare` puts into the server. */
export function journeys(prepare?: () => Promise<void>, options?: ElkhornOptions) {
  beforeAll(async () => {
    ;[elkhorn, browser] = await Promise.all([startElkhorn(options), startBrowser()])
    await prepare?.()
  })

  afterAll(async () => {
    await browser?.close()
    await elkhorn?.stop()
  })
}

interface PageOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'timezoneId' | 'viewport'> {
  /** The page shows itself what the server refuses, so that what the browser says of it is no fault. */
  refusals?: boolean
}

/**
 * Gives each journey of this block a page of its own, and fails it by whatever the page throws or
 * the browser reports, which is also what the content policy forbids.
 */
export function freshPage({ refusals = false, ...options }: PageOptions = {}) {
  beforeEach(async () => {
    faults = []
    page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      ...options,
    })
    page.on('pageerror', error => faults.push(error.message))
    page.on('console', message => {
      if (message.type() !== 'error') return
      if (!refusals || !message.text().includes('the server responded')) faults.push(message.text())
    })
  })

  afterEach(async () => {
    await page.close()
    expect(faults).toEqual([])
  })
}

/** Forgets the faults with this text that the journey caused on purpose. */
export function forgive(text: string) {
  faults = faults.filter(fault => !fault.includes(text))
}
