// What the page of one document asks the server.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { search } from '../../../api/client'
import type { Hit } from '../../../api/schemas/search'
import { type LogEvent, toEvent } from '../../../lib/events'
import type { Query } from '../../../lib/kql/dsl'

/** How many neighbours come at first, and with each press. */
export const NEIGHBOURS = 5
const MORE = 25

export interface Anchor {
  event: LogEvent
  /** Its place in the order of time; events of one moment are told apart by when they arrived. */
  sort: unknown[]
}

const order = (timeField: string, direction: 'asc' | 'desc') => [
  { [timeField]: { order: direction, unmapped_type: 'date' } },
  { _doc: direction },
]

/** The document itself; null when there is none. */
export function useAnchor(pattern: string, index: string, id: string, timeField: string | null) {
  return useQuery({
    queryKey: ['document', pattern, index, id, timeField],
    queryFn: async ({ signal }): Promise<Anchor | null> => {
      const query = { bool: { filter: [{ ids: { values: [id] } }, { term: { _index: index } }] } }
      const request = { query, size: 1, sort: order(timeField ?? '', 'desc'), track_total_hits: false }
      const [hit] = (await search(pattern, request, signal)).hits
      return hit ? { event: toEvent(hit), sort: hit.sort } : null
    },
    enabled: timeField !== null && id !== '',
  })
}

/** The events next to the document in one direction, nearest first. */
export function useNeighbours(
  pattern: string,
  query: Query,
  timeField: string | null,
  anchor: Anchor | null | undefined,
  direction: 'asc' | 'desc',
) {
  return useInfiniteQuery({
    queryKey: ['neighbours', pattern, query, timeField, anchor?.event.key, direction],
    queryFn: async ({ signal, pageParam }) => {
      const request = {
        query,
        size: pageParam === null ? NEIGHBOURS : MORE,
        sort: order(timeField ?? '', direction),
        search_after: pageParam ?? anchor?.sort ?? [],
        track_total_hits: false,
      }
      const { hits } = await search(pattern, request, signal)
      return { events: hits.map(toEvent), last: hits.at(-1), full: hits.length === request.size }
    },
    initialPageParam: null as unknown[] | null,
    getNextPageParam: ({ last, full }: { last: Hit | undefined; full: boolean }) =>
      full ? last?.sort : undefined,
    enabled: timeField !== null && anchor !== null && anchor !== undefined,
  })
}
