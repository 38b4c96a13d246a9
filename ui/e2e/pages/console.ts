// The console as a person sees it: by roles and labels.

import type { Locator, Page } from 'playwright-core'

export class ConsolePage {
  readonly editor: Locator
  readonly answer: Locator
  readonly answers: Locator
  readonly options: Locator

  constructor(readonly page: Page) {
    this.editor = page.getByRole('textbox', { name: 'Console' })
    this.answer = page.getByRole('textbox', { name: 'Answer', exact: true })
    this.answers = page.getByRole('list', { name: 'Answers of this run' }).getByRole('button')
    this.options = page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option')
  }

  static async open(page: Page, ui: string, text?: string): Promise<ConsolePage> {
    const query = text === undefined ? '' : `?${new URLSearchParams({ load: text })}`
    await page.goto(`${ui}/dev_tools/console${query}`)
    const console = new ConsolePage(page)
    await console.editor.focus()
    return console
  }

  /** Sends what is at the cursor and waits for this status. */
  async send(status: string) {
    await this.page.keyboard.press('Control+Enter')
    await this.page.getByRole('region', { name: 'Answers' }).getByText(status).first().waitFor()
  }

  /** Puts the cursor behind a part of the text. */
  async cursorBehind(part: string) {
    await this.editor.evaluate((area, text) => {
      const input = area as HTMLTextAreaElement
      const at = input.value.indexOf(text) + text.length
      input.setSelectionRange(at, at)
    }, part)
  }

  json(): Promise<Record<string, unknown>> {
    return this.answer.inputValue().then(text => JSON.parse(text) as Record<string, unknown>)
  }
}
