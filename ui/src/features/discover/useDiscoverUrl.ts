import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { useSearch } from '../../state/navigate'
import { carryRange, rememberSearch } from '../../state/places'
import { type DiscoverState, formatDiscoverUrl, parseDiscoverUrl } from './url'

/** The state that the URL holds, and how to change it. Each change is a step that Back undoes. */
export function useDiscoverUrl(): [DiscoverState, (patch: Partial<DiscoverState>) => void, string] {
  const search = useSearch()
  const [, navigate] = useLocation()
  const state = useMemo(() => parseDiscoverUrl(search), [search])
  useEffect(() => {
    rememberSearch(formatDiscoverUrl(state))
    carryRange(state.range)
  }, [state])
  const latest = useRef(state)
  latest.current = state
  const update = useCallback(
    (patch: Partial<DiscoverState>) => {
      const next = { ...latest.current, ...patch }
      // Two changes in one moment must not undo each other.
      latest.current = next
      const query = formatDiscoverUrl(next)
      navigate(query === '' ? '/discover' : `/discover?${query}`)
    },
    [navigate],
  )
  return [state, update, search]
}
