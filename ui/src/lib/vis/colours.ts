// Kibana's colour schemas as our tokens; the charts mix what lies between.

import { levelOf } from '../levels'

/** Token names from low to high. */
const SCHEMAS: Record<string, string[]> = {
  Blues: ['surface-2', 'series-1'],
  Greens: ['surface-2', 'series-3'],
  Greys: ['surface-2', 'text-2'],
  Reds: ['surface-2', 'level-error'],
  'Yellow to Red': ['surface-2', 'series-5', 'level-error'],
  'Green to Red': ['series-3', 'level-warn', 'level-error'],
}

export const COLOUR_SCHEMAS = Object.keys(SCHEMAS)

export function schemaTokens(name: string, inverted: boolean): string[] {
  const tokens = Object.hasOwn(SCHEMAS, name) ? (SCHEMAS[name] as string[]) : ['surface-2', 'series-1']
  return inverted ? tokens.toReversed() : tokens
}

/** The token of a series: levels have their own everywhere, the rest take the palette in turn. */
export function seriesToken(group: string | null, position: number): string {
  const level = levelOf(group)
  return level === null ? `series-${(position % 10) + 1}` : `level-${level}`
}

export type Rgb = readonly [number, number, number]

/** The colour at a share from 0 to 1 between stops. */
export function mix(stops: readonly Rgb[], share: number): Rgb {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1)
  const [low, high] = [stops[Math.floor(at)], stops[Math.ceil(at)]]
  if (!low || !high) return [0, 0, 0]
  const part = at - Math.floor(at)
  return [0, 1, 2].map(i =>
    Math.round((low[i] ?? 0) + ((high[i] ?? 0) - (low[i] ?? 0)) * part),
  ) as unknown as Rgb
}

/** Hues of the palette in degrees, of both themes' colours; what has hardly a hue is grey. */
const HUES: [string, number][] = [
  ['level-error', 352],
  ['series-2', 30],
  ['series-5', 48],
  ['series-7', 95],
  ['series-3', 167],
  ['series-9', 196],
  ['series-1', 216],
  ['series-8', 236],
  ['series-4', 272],
  ['series-6', 335],
]

/**
 * The token nearest to a colour of another palette (`#rrggbb` or `#rgb`), which would not be seen in both themes. Null if
 * it is none, or if all are taken.
 */
export function nearestToken(colour: string, taken: ReadonlySet<string>): string | null {
  const digits = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(colour.trim())?.[1]
  if (!digits) return null
  const long = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map(at => Number.parseInt(long.slice(at, at + 2), 16))
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const spread = most - least
  if (spread < 24 && !taken.has('series-plain')) return 'series-plain'
  const sector =
    spread === 0
      ? 0
      : most === r
        ? (g - b) / spread
        : most === g
          ? 2 + (b - r) / spread
          : 4 + (r - g) / spread
  const hue = (sector * 60 + 360) % 360
  const away = (other: number) => Math.min(Math.abs(hue - other), 360 - Math.abs(hue - other))
  const free = HUES.filter(([token]) => !taken.has(token)).sort(([, x], [, y]) => away(x) - away(y))
  return free[0]?.[0] ?? null
}
