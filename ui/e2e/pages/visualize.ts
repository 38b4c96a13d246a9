// The editor of visualizations as a person sees it: by roles and labels.

import type { Locator, Page } from 'playwright-core'

export class VisualizePage {
  readonly chart: Locator
  readonly settings: Locator

  constructor(readonly page: Page) {
    this.chart = page.getByRole('figure')
    this.settings = page.getByRole('complementary', { name: 'Settings of the chart' })
  }

  static async open(page: Page, ui: string, query = ''): Promise<VisualizePage> {
    await page.goto(`${ui}/visualize/editor${query}`)
    return new VisualizePage(page)
  }

  async pick(field: string) {
    await this.page.getByRole('list', { name: 'Fields to draw' }).getByText(field, { exact: true }).click()
  }

  /** Waits until the chart is of this many documents, and nothing newer is on its way. */
  async shows(documents: number) {
    await this.page.getByText(new RegExp(`^${documents.toLocaleString('en')} documents ·`)).waitFor()
    await this.page.locator('figure[aria-busy="false"]').waitFor()
  }

  /** The numbers of the chart, as those read them who cannot see it. */
  async numbers(): Promise<string[][]> {
    const table = this.chart.getByRole('table').first()
    await table.waitFor()
    return table
      .locator('tbody tr')
      .evaluateAll(rows => rows.map(row => [...row.children].map(cell => cell.textContent ?? '')))
  }

  type(label: string): Locator {
    return this.page.getByRole('group', { name: 'Chart type' }).getByRole('button', { name: label })
  }
}
