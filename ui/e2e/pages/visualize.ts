// The editor of visualizations as a person sees it: by roles and labels.

import { readFile } from 'node:fs/promises'
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

  /** A field in the list. */
  field(name: string): Locator {
    return this.page.getByRole('list', { name: 'Fields to draw' }).getByText(name, { exact: true })
  }

  async pick(field: string) {
    await this.field(field).click()
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

  /** Saves the chart as a picture and looks at it: its size, and how many colours it has. */
  async picture(): Promise<{ width: number; height: number; colours: number }> {
    const [file] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: 'PNG' }).click(),
    ])
    const bytes = await readFile(await file.path())
    return this.page.evaluate(
      async numbers => {
        const image = await createImageBitmap(new Blob([new Uint8Array(numbers)], { type: 'image/png' }))
        const pen = new OffscreenCanvas(image.width, image.height).getContext('2d')
        pen?.drawImage(image, 0, 0)
        const pixels = new Uint32Array(
          pen?.getImageData(0, 0, image.width, image.height).data.buffer ?? new ArrayBuffer(0),
        )
        return { width: image.width, height: image.height, colours: new Set(pixels).size }
      },
      [...bytes],
    )
  }
}
