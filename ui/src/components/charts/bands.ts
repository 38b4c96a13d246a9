import { mix } from '../../lib/vis/colours'
import type { Colours } from './palette'

/** One colour per band, from a schema's first token to its last. */
export function bandColours(colours: Colours, tokens: readonly string[], bands: number): string[] {
  const stops = tokens.map(colours.rgb)
  return Array.from({ length: bands }, (_, at) => rgbText(mix(stops, bands === 1 ? 1 : at / (bands - 1))))
}

export const rgbText = (rgb: readonly number[]): string => `rgb(${rgb.join(' ')})`
