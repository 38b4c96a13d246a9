// Accessibility faults of what is on a page, found by axe-core.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** Expects no violation of WCAG 2.2 A and AA, nor of axe's best practices, in what the page shows now. */
export async function expectAccessible(page: Page) {
  // What fades in or out has, for a moment, a contrast that nobody is meant to read at.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(a => a.playState !== 'running' || a.effect?.getTiming().iterations === Infinity),
  )
  // Run by the debugger, which the page's content policy does not concern.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  const violations = (await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: (context: Document, options: object) => Promise<{ violations: unknown[] }> }
    }
    return (await axe.run(document, { resultTypes: ['violations'] })).violations
  })) as Violation[]
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      count: nodes.length,
      first: nodes[0]?.html.slice(0, 300),
      why: nodes[0]?.failureSummary,
    })),
  ).toEqual([])
}
