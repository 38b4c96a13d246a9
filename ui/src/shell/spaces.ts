import { useQuery } from '@tanstack/react-query'
import { spaces } from '../api/spaces'
import { baseOf, SPACE } from '../lib/space'

const FRESH_MILLIS = 60_000

/** All spaces, by name; asked for anew after each change on a page of management. */
export const useSpaces = () =>
  useQuery({
    queryKey: ['manage', 'spaces'],
    queryFn: ({ signal }) => spaces(signal),
    staleTime: FRESH_MILLIS,
  })

/** Loads a page of another space, so that nothing of this one stays in sight. */
export function openSpace(space: string, path: string) {
  if (space !== SPACE) location.assign(baseOf(space) + path)
}
