// Discover as a person sees it: by roles and labels.

import type { Locator, Page } from 'playwright-core'

export class DiscoverPage {
  readonly rows: Locator
  readonly document: Locator

  constructor(readonly page: Page) {
    this.rows = page
      .getByRole('table', { name: 'Events', exact: true })
      .getByRole('rowgroup')
      .getByRole('row')
    this.document = page.getByRole('region', { name: 'Document' })
  }

  static async open(page: Page, ui: string, query = ''): Promise<DiscoverPage> {
    await page.goto(`${ui}/discover${query}`)
    return new DiscoverPage(page)
  }

  /** Waits until the head says this number of events. */
  async shows(count: number) {
    await this.page.getByText(new RegExp(`^${count.toLocaleString('en')} events?`)).waitFor()
  }

  async search(text: string) {
    const bar = this.page.getByRole('combobox', { name: 'Search' })
    await bar.fill(text)
    await bar.press('Enter')
  }

  pill(text: string): Locator {
    return this.page.getByRole('list', { name: 'Filters' }).getByRole('button', { name: text, exact: true })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name })
  }

  theme(): Promise<string> {
    return this.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  }
}
