// What the story of an id asks the server.

import { useQuery } from '@tanstack/react-query'
import { mappings, type SearchRequest, search } from '../../../api/client'
import { type LogEvent, toEvent } from '../../../lib/events'
import { chooseTimeField, exactFieldOf, type Field, fieldsOfMappings } from '../../../lib/fields'
import { filterClauses, is } from '../../../lib/filters'
import { sameStory } from '../../../lib/trace/ids'

/** The longest story that is drawn. */
export const MAX_EVENTS = 1000

export interface Story {
  events: LogEvent[]
  /** Of all events with the id. */
  total: number
  tookMillis: number
  missing: string[]
  /** The names under which the id was looked for. */
  fields: string[]
  request: SearchRequest
}

/** Every event that has the value in the field or in another one of the same kind, oldest first. */
export function useStory(field: string, value: string, index: string) {
  return useQuery({
    queryKey: ['story', field, value, index],
    queryFn: async ({ signal }): Promise<Story> => {
      const known = fieldsOfMappings(await mappings(index, signal))
      const fields = sameStory(field, known)
      const request = storyRequest(fields, value, known)
      const answer = await search(index, request, signal)
      return {
        events: answer.hits.map(toEvent),
        total: answer.total?.value ?? 0,
        tookMillis: answer.tookMillis,
        missing: answer.missing,
        fields,
        request,
      }
    },
    enabled: field !== '' && value !== '',
  })
}

export function storyRequest(
  names: readonly string[],
  value: string,
  known: readonly Field[],
): SearchRequest {
  const time = chooseTimeField(known) ?? '@timestamp'
  const exact = exactFieldOf(known)
  const should = names.flatMap(name => filterClauses([is(name, value)], exact).filter)
  return {
    query: { bool: { filter: [{ bool: { should, minimum_should_match: 1 } }] } },
    size: MAX_EVENTS,
    sort: [{ [time]: { order: 'asc', unmapped_type: 'date' } }, { _doc: 'asc' }],
    track_total_hits: true,
  }
}
