// A bucket per cell of a grid over the earth.

import { texts } from '../../../texts/vis'
import { customFilter } from '../filter'
import { asJson, asNumber, asText, type Json } from '../json'
import type { Vis, VisAgg } from '../model'
import { type BucketKind, type BucketValue, listOf, nameOf, resolveField } from './bucket'

export interface Box {
  top: number
  left: number
  bottom: number
  right: number
}

const BASE32 = '0123456789bcdefghjkmnpqrstuvwxyz'

/** The cell of a geohash: each letter has five bits, which halve longitude and latitude in turn. */
export function geohashBox(hash: string): Box | null {
  const [lon, lat] = [
    [-180, 180],
    [-90, 90],
  ] as [[number, number], [number, number]]
  let even = true
  for (const letter of hash.toLowerCase()) {
    const bits = BASE32.indexOf(letter)
    if (bits < 0) return null
    for (let bit = 4; bit >= 0; bit--) {
      const halved = even ? lon : lat
      halved[(bits >> bit) & 1 ? 0 : 1] = (halved[0] + halved[1]) / 2
      even = !even
    }
  }
  return hash === '' ? null : { top: lat[1], left: lon[0], bottom: lat[0], right: lon[1] }
}

/** The cell of a map tile named `zoom/x/y`, in the projection of web maps. */
export function geotileBox(tile: string): Box | null {
  const [zoom, x, y] = tile.split('/').map(Number)
  if (zoom === undefined || x === undefined || y === undefined || ![zoom, x, y].every(Number.isInteger))
    return null
  const tiles = 2 ** zoom
  const lat = (row: number) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / tiles))) * 180) / Math.PI
  return {
    top: lat(y),
    left: (x / tiles) * 360 - 180,
    bottom: lat(y + 1),
    right: ((x + 1) / tiles) * 360 - 180,
  }
}

/** The length of geohashes whose cells are some tens of pixels wide on a map of this zoom. */
const GEOHASH_OF_ZOOM = [2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8]

export function precisionOf(agg: VisAgg, vis: Vis): number {
  const zoom = asNumber(agg.params.mapZoom ?? vis.params.mapZoom) ?? 2
  const asked = asNumber(agg.params.precision)
  if (agg.type === 'geotile_grid') return Math.min(29, asked ?? Math.round(zoom) + 4)
  const fitting = GEOHASH_OF_ZOOM[Math.max(0, Math.min(12, Math.round(zoom)))] ?? 3
  if (agg.params.autoPrecision === false) return Math.min(12, Math.max(1, asked ?? 3))
  return Math.min(12, Math.max(asked ?? 2, fitting))
}

const CENTROID = 'centroid'

const grid = (label: string, kind: string, boxOf: (key: string) => Box | null): BucketKind => ({
  label,
  field: 'geo',
  level: (agg, { vis, context }) => {
    const { field, note } = resolveField(agg, context)
    const centroid = agg.params.useGeocentroid !== false
    const needs = centroid
      ? [{ name: CENTROID, aggregation: { geo_centroid: { field } }, read: () => null }]
      : []
    return {
      agg,
      name: nameOf(agg, field),
      format: { kind: 'text' },
      aggregation: { [kind]: { field, precision: precisionOf(agg, vis) } },
      needs,
      step: null,
      read: answer => listOf(answer).flatMap(raw => cell(field, raw, boxOf(asText(raw.key)))),
      notes: note === null ? [] : [note],
    }
  },
})

function cell(field: string, raw: Json, box: Box | null): BucketValue[] {
  if (box === null) return []
  const { top, left, bottom, right } = box
  const { lat, lon } = asJson(asJson(raw[CENTROID]).location)
  const point = { lat: asNumber(lat) ?? (top + bottom) / 2, lon: asNumber(lon) ?? (left + right) / 2 }
  const corners = { top_left: { lat: top, lon: left }, bottom_right: { lat: bottom, lon: right } }
  const text = `${degrees(point.lat, 'N', 'S')} ${degrees(point.lon, 'E', 'W')}`
  const filter = customFilter({ geo_bounding_box: { [field]: corners } }, texts.near(field, text))
  return [{ key: asText(raw.key), text, filter, raw, point }]
}

const degrees = (value: number, positive: string, negative: string) =>
  `${Math.abs(value).toFixed(1)}° ${value < 0 ? negative : positive}`

export const geohashGrid = grid('Geohash', 'geohash_grid', geohashBox)
export const geotileGrid = grid('Geotile', 'geotile_grid', geotileBox)
