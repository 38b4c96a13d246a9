import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

type Rgb = [number, number, number]

function token(name: string): { light: Rgb; dark: Rgb } {
  const match = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css)
  if (!match) throw new Error(`no token --${name}`)
  const rgb = (hex: string): Rgb => [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
  return { light: rgb(match[1] as string), dark: rgb(match[2] as string) }
}

/** Contrast ratio as WCAG 2.2 defines it. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (rgb: Rgb) => {
    const [r, g, bl] = rgb.map(v =>
      v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
    ) as Rgb
    return 0.2126 * r + 0.7152 * g + 0.0722 * bl
  }
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (hi + 0.05) / (lo + 0.05)
}

const series = Array.from({ length: 10 }, (_, i) => `series-${i + 1}`)
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

describe.each(['light', 'dark'] as const)('the %s theme', theme => {
  const ground = token('ground')[theme]
  it.each([
    'text-1',
    'text-2',
    'text-3',
    'accent-text',
    'danger-text',
    'notice-text',
    'code-key',
    'code-text',
    'code-number',
    'code-word',
    ...levels.map(l => `level-${l}-text`),
  ])('%s can be read on every ground', name => {
    expect(contrast(token(name)[theme], ground)).toBeGreaterThanOrEqual(4.5)
    expect(contrast(token(name)[theme], token('surface-1')[theme])).toBeGreaterThanOrEqual(4.5)
  })
  it.each(series)('%s stands out from the ground', name => {
    expect(contrast(token(name)[theme], ground)).toBeGreaterThanOrEqual(3)
  })
  it('the primary action can be read', () => {
    expect(contrast(token('on-accent')[theme], token('accent-fill')[theme])).toBeGreaterThanOrEqual(4.5)
  })
})
