// From a visualization to its table, with the searches that takes. The searching itself is handed in.

import { findMoments } from './annotations'
import type { VisContext } from './context'
import type { Json } from './json'
import { layersOf } from './layers'
import { isDocuments, type Vis } from './model'
import {
  boundsRequest,
  buildRequest,
  needsSearch,
  readBounds,
  type SearchBody,
  shiftedBody,
  shiftsOf,
  type VisRequest,
} from './request'
import { readResponse, rootOf, type VisAnswer } from './response'
import { readShift, withShifted } from './shift'
import type { Table } from './table'

export type Search = (index: string, body: SearchBody, signal?: AbortSignal) => Promise<VisAnswer>

/** Null for what needs no search. Throws VisError, QueryError and what the search throws. */
export async function loadVis(
  vis: Vis,
  index: string,
  context: VisContext,
  search: Search,
  signal?: AbortSignal,
): Promise<Table | null> {
  if (!needsSearch(vis)) return null
  const ask = (on: string, body: SearchBody) => search(on, body, signal)
  const [table, layers, moments] = await Promise.all([
    loadLayer(vis, index, context, ask),
    Promise.all(
      layersOf(vis).map(layer => {
        const other = layer.search.index === vis.search.index ? null : viewOf(layer.search.index, context)
        const within = other === null ? context : { ...context, timeField: other.timeField, fields: [] }
        return loadLayer(layer, other?.title ?? index, within, ask)
      }),
    ),
    findMoments(vis, index, context, ask),
  ])
  return {
    ...table,
    ...(layers.length > 0 && { layers, notes: [...new Set([table, ...layers].flatMap(t => t.notes))] }),
    ...(moments.length > 0 && { moments }),
  }
}

type Ask = (index: string, body: SearchBody) => Promise<VisAnswer>

/** A data view by id or pattern; what is none is taken for a pattern. */
export const viewOf = (id: string | null, context: VisContext) =>
  id === null ? null : (context.viewOf?.(id) ?? { title: id, timeField: context.timeField })

async function loadLayer(vis: Vis, index: string, context: VisContext, ask: Ask): Promise<Table> {
  const span = boundsRequest(vis, context)
  const bounds = span === null ? undefined : readBounds(vis, (await ask(index, span)).aggregations)
  const request = buildRequest(vis, bounds === undefined ? context : { ...context, bounds })
  const answer = await ask(index, request.body)
  if (isDocuments(vis.type)) return readResponse(request, answer)
  return readResponse(request, await withEarlier(request, answer, body => ask(index, body)))
}

/** The answer with those of earlier times in it, where metrics are compared with them. */
async function withEarlier(
  request: VisRequest,
  answer: VisAnswer,
  ask: (body: SearchBody) => Promise<VisAnswer>,
): Promise<VisAnswer> {
  const { range } = request.context
  if (range === null) return answer
  const found = await Promise.all(
    shiftsOf(request).flatMap(text => {
      const back = readShift(text, range)
      if (back === null) return []
      const body = shiftedBody(request, text, back, answer.aggregations)
      return [ask(body).then(before => ({ text, back, before }))]
    }),
  )
  const aggregations = found.reduce<Json>(
    (now, { text, back, before }) => withShifted(request.levels, now, rootOf(before), text, back),
    answer.aggregations,
  )
  const missing = [...new Set([...answer.missing, ...found.flatMap(f => f.before.missing)])]
  return { ...answer, aggregations, missing }
}
