// From a visualization to its table, with the searches that takes. The searching itself is handed in.

import type { VisContext } from './context'
import type { Vis } from './model'
import { boundsRequest, buildRequest, needsSearch, readBounds, type SearchBody } from './request'
import { readResponse, type VisAnswer } from './response'
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
  const span = boundsRequest(vis, context)
  const bounds = span === null ? undefined : readBounds(vis, (await search(index, span, signal)).aggregations)
  const request = buildRequest(vis, bounds === undefined ? context : { ...context, bounds })
  return readResponse(request, await search(index, request.body, signal))
}
