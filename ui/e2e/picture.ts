import { join } from 'node:path'
import type { Page } from 'playwright-core'

/** Takes a picture of the page for docs/ui, 1280 and 1920 wide, when PICTURES names a folder. */
export async function picture(page: Page, name: string) {
  const folder = process.env.PICTURES
  if (!folder) return
  const before = page.viewportSize()
  for (const width of [1920, 1280]) {
    await page.setViewportSize({ width, height: width === 1920 ? 1080 : 800 })
    // What is drawn anew for the width is waited for.
    await page.waitForLoadState('networkidle')
    await page.waitForFunction(
      () => document.querySelector('[aria-busy="true"]') === null && document.getAnimations().length === 0,
    )
    await page.screenshot({ path: join(folder, width === 1280 ? `${name}.png` : `${name}-wide.png`) })
  }
  if (before) await page.setViewportSize(before)
}
