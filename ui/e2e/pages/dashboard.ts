// A dashboard as a person sees it: panels by their titles, numbers by what a screen reader reads.

import type { Locator, Page } from 'playwright-core'

export class DashboardPage {
  constructor(readonly page: Page) {}

  static async open(page: Page, ui: string, id: string, query = ''): Promise<DashboardPage> {
    await page.goto(`${ui}/dashboards/${id}${query}`)
    return new DashboardPage(page)
  }

  panel(title: string): Locator {
    return this.page.getByRole('region', { name: title, exact: true })
  }

  /** The numbers behind a chart, as texts by row. */
  async numbers(title: string): Promise<string[][]> {
    const table = this.page.getByRole('table', { name: `Numbers of ${title}` })
    await table.waitFor({ state: 'attached' })
    return cellsOf(table)
  }

  /** The rows of a panel that is a table. */
  async rows(title: string): Promise<string[][]> {
    const table = this.panel(title).getByRole('table')
    await table.waitFor()
    return cellsOf(table)
  }

  async menu(title: string, entry: string) {
    await this.page.getByRole('button', { name: `Menu of ${title}` }).click()
    await this.page
      .getByRole('dialog', { name: `Panel ${title}` })
      .getByRole('button', { name: entry })
      .click()
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }
}

const cellsOf = (table: Locator): Promise<string[][]> =>
  table
    .locator('tbody tr')
    .evaluateAll(rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent ?? '')))
