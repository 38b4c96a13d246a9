import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type SearchRequest, search } from '../../../api/client'
import type { SearchResponse } from '../../../api/schemas/search'
import type { AskedRange, Subject } from '../queries'

/** One search of a tab, asked again when the page's search or time changes; what it said before stays until then. */
export function useTabSearch<T>(
  name: string,
  subject: Subject | null,
  range: AskedRange | null,
  request: SearchRequest | null,
  decode: (answer: SearchResponse) => T,
) {
  return useQuery({
    queryKey: [name, subject?.index, range, request],
    queryFn: async ({ signal }) => {
      const answer = await search((subject as Subject).index, request as SearchRequest, signal)
      return { data: decode(answer), tookMillis: answer.tookMillis, missing: answer.missing }
    },
    enabled: subject !== null && range !== null && request !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
