// Further series in the same chart that are cut otherwise: each layer is a search of its own, drawn along the same axis.

import { asJson, asList, asText, isJson } from './json'
import type { Vis } from './model'
import { readAggs, readQuery } from './read'

/** More layers than any chart that can be read. */
const MAX_LAYERS = 12

/**
 * The layers beside the first as visualizations of their own, in their order. `params.layers` keeps of each its `aggs`, the data
 * view (`index`) where it is another one, a `query` where it has one of its own, and, where its numbers are lines across the chart, how each is
 * drawn (`lines`).
 */
export function layersOf(vis: Vis): Vis[] {
  const { layers: _, annotations: __, ...params } = vis.params
  return asList(vis.params.layers)
    .slice(0, MAX_LAYERS)
    .map((one): Vis => {
      const layer = asJson(one)
      const aggs = readAggs(layer.aggs)
      const index = asText(layer.index)
      const lines = asJson(layer.lines)
      return {
        ...vis,
        aggs,
        params: Object.keys(lines).length > 0 ? { ...params, lines } : params,
        search: {
          ...vis.search,
          ...(index !== '' && { index }),
          ...(isJson(layer.query) && { query: readQuery(layer.query) }),
        },
        notes: [],
      }
    })
}
