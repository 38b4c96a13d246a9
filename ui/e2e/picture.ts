import { join } from 'node:path'
import type { Page } from 'playwright-core'

const taken = new Set<string>()

/**
 * Takes pictures of the page for docs/ui when PICTURES names a folder: NAME-THEME[-wide].png, in both themes,
 * 1280 and 1920 wide. A journey that runs in both themes has them taken once.
 */
export async function picture(page: Page, name: string) {
  const folder = process.env.PICTURES
  if (!folder || taken.has(name)) return
  taken.add(name)
  const before = page.viewportSize()
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  for (const [width, height, suffix] of [
    [1920, 1080, '-wide'],
    [1280, 800, ''],
  ] as const) {
    await page.setViewportSize({ width, height })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await drawn(page)
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}${suffix}.png`) })
    }
  }
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  if (before) await page.setViewportSize(before)
}

/** Waits for what is drawn anew for another width or theme. */
async function drawn(page: Page) {
  await page.waitForLoadState('networkidle')
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  await page.waitForFunction(
    () =>
      document.querySelector('[aria-busy="true"]') === null &&
      document.getAnimations().every(a => a.effect?.getTiming().iterations === Infinity),
  )
}
