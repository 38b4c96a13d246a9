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
