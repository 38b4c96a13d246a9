// The state of the page: what the URL says, what the server answered, and how they meet.

import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { chooseBreakdown, chooseColumns, chooseTimeField, placesOf } from '../../lib/fields'
import { choosePattern, fitsPattern, type IndexInfo, patternsOf } from '../../lib/indexpatterns'
import { QueryError } from '../../lib/queryerror'
import { countPresent } from '../../lib/source'
import { resolveRange } from '../../lib/time/range'
import { useNow } from '../../shell/useNow'
import { useSettings } from '../../state/settings'
import { useBefore, useDeployments } from './periods'
import {
  type AskedRange,
  hasDocuments,
  type SavedView,
  type Subject,
  useEvents,
  useFields,
  useFreshness,
  useIndices,
  useNewest,
  useOverview,
  useViews,
} from './queries'
import { conditions } from './request'
import { useArrivals } from './useArrivals'
import { useDiscoverUrl } from './useDiscoverUrl'

/** Beyond this many rows scrolling is no way to look for anything. */
const MAX_ROWS = 100_000

export function useDiscover(maxBars: number) {
  const [state, update, search] = useDiscoverUrl()
  const [busy, setBusy] = useState(false)
  const { now, refresh } = useNow(
    search,
    typeof state.refreshMode === 'number' ? state.refreshMode : null,
    busy,
  )
  const client = useQueryClient()
  const retry = useCallback(() => {
    // What failed may be the list of indices or the fields, which a new search alone does not ask for.
    void client.refetchQueries({ type: 'active', predicate: query => query.state.status === 'error' })
    refresh()
  }, [client, refresh])

  const indices = useIndices()
  const freshness = useFreshness(hasDocuments(indices.data))
  const patterns = useMemo(
    () => patternsOf(indices.data ?? [], freshness.data),
    [indices.data, freshness.data],
  )
  const viewsQuery = useViews()
  const views = viewsQuery.data ?? EMPTY
  const chosen = useChosen(
    freshness.isPending || viewsQuery.isPending
      ? null
      : (firstOf(views, indices.data ?? []) ?? choosePattern(patterns, now)),
  )
  const index = state.index ?? chosen
  const fieldsQuery = useFields(index)
  const fields = fieldsQuery.data ?? EMPTY
  const timeField = useMemo(() => {
    const named = views.find(v => v.pattern === index)?.timeField
    return fields.some(f => f.name === named && f.kind === 'date') ? (named ?? null) : chooseTimeField(fields)
  }, [fields, views, index])

  const { query, language, filters } = state
  const read = useMemo(
    () => readConditions({ query, language, filters }, fields),
    [query, language, filters, fields],
  )
  const place = useMemo((): Subject | null => {
    return index === null || timeField === null ? null : { index, timeField, conditions: NO_CONDITIONS }
  }, [index, timeField])
  const subject = useMemo((): Subject | null => {
    return place === null || read instanceof QueryError ? null : { ...place, conditions: read }
  }, [place, read])
  useArrivals(state.refreshMode === 'live' ? subject : null, busy, refresh)
  const range = useMemo((): AskedRange | null => {
    const resolved = resolveRange(state.range, now)
    return resolved && { ...resolved, askedAt: now }
  }, [state.range, now])

  // While a person reads further down, the rows stand still and what comes meanwhile is counted.
  const [away, setAway] = useState(false)
  const [resumed, setResumed] = useState(0)
  const resume = useCallback(() => {
    setAway(false)
    setResumed(n => n + 1)
  }, [])
  const paused = away && state.refreshMode !== null
  const held = useHeld(range, paused, search)
  const events = useEvents(subject, held, state.sort)
  const stackField = state.breakdown === 'auto' ? chooseBreakdown(fields) : state.breakdown
  const stack = useMemo(() => {
    const field = fields.find(f => f.name === stackField)
    return field && index !== null ? placesOf(field, index) : EMPTY
  }, [fields, stackField, index])
  const overview = useOverview(subject, range, stack, maxBars, paused && held ? held.to : null)
  const before = useBefore(subject, range, maxBars, state.previous)
  // After the count, which is waited for.
  const deployments = useDeployments(overview.isSuccess ? place : null, range, fields)
  const fetching = events.isFetching || overview.isFetching
  if (fetching !== busy) setBusy(fetching)

  // A search that fails leaves what it would have replaced.
  const listId = `${search} ${index ?? ''} ${resumed}`
  const [eventsData, rowsOfAnother] = useKept(events, listId)
  const [overviewData, countOfAnother] = useKept(overview, listId)
  const { rows: most, columns: standard } = useSettings()
  const rows = useMemo(
    () => (eventsData?.pages.flatMap(p => p.events) ?? []).slice(0, most ?? MAX_ROWS),
    [eventsData, most],
  )
  const first = eventsData?.pages[0]?.events
  const present = useMemo(() => countPresent((first ?? []).map(e => e.flat)), [first])
  const automatic = useMemo(() => chooseColumns(present), [present])
  const empty = overviewData?.total === 0 && !overview.isPlaceholderData
  const newest = useNewest(subject, empty)
  const arrived = newest.data?.matching ?? null
  useEffect(() => {
    // Something came into a time that held nothing, such as demo data still being written.
    const current = empty && arrived !== null ? resolveRange(state.range, Date.now()) : null
    if (current && arrived !== null && arrived >= current.from && arrived <= current.to) refresh()
  }, [empty, arrived, state.range, refresh])

  return {
    state,
    update,
    now,
    refresh,
    /** Asks again for whatever failed. */
    retry,
    range,
    indices,
    patterns,
    views,
    index,
    fields,
    fieldsQuery,
    timeField,
    fault: read instanceof QueryError ? read : null,
    /** The same search without its conditions. */
    place,
    subject,
    events,
    rows,
    /** How many rows are loaded at most. */
    maxRows: most ?? MAX_ROWS,
    present,
    columns: state.columns ?? standard ?? automatic,
    overview,
    /** The last answer to this search, also when a refresh of it has failed. */
    overviewData,
    /**
     * Whether what is shown answers the search before this one. What is repeated all the time does not fade each time.
     */
    staleRows: rowsOfAnother || (events.isPlaceholderData && state.refreshMode === null),
    staleCount: countOfAnother || (overview.isPlaceholderData && state.refreshMode === null),
    /** The period before, while it is shown. */
    before: state.previous ? (before.data ?? null) : null,
    deployments: deployments.data ?? EMPTY,
    stackField: stack.length === 0 ? null : stackField,
    empty,
    newest,
    fetching,
    paused,
    setAway,
    resume,
    /** Changes with what is searched and when the person goes back to the newest, not with the passing of time. */
    listId,
    error: indices.error ?? fieldsQuery.error ?? events.error ?? overview.error,
  }
}

export type Discover = ReturnType<typeof useDiscover>

const EMPTY: never[] = []

/** The pattern of the default data view, if there is something in it. */
function firstOf(views: SavedView[], indices: IndexInfo[]): string | null {
  const first = views.find(v => v.first)
  return first && indices.some(i => i.docs > 0 && fitsPattern(i.name, first.pattern)) ? first.pattern : null
}
const NO_CONDITIONS = { filter: [], must_not: [] }

function readConditions(...parts: Parameters<typeof conditions>) {
  try {
    return conditions(...parts)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

/** The first value that is not null: what was chosen stays chosen while other data overtakes it. */
function useChosen<T>(value: T | null): T | null {
  const [chosen, setChosen] = useState(value)
  if (chosen === null && value !== null) setChosen(value)
  return chosen ?? value
}

/**
 * What a query answered, and whether that was to another search; while it fails, what was answered last, to whichever
 * search.
 */
function useKept<T>(
  query: { data: T | undefined; isPlaceholderData: boolean; isError: boolean },
  key: string,
): [T | undefined, boolean] {
  const [kept, setKept] = useState<{ data: T | undefined; key: string }>({ data: undefined, key })
  const { data, isPlaceholderData } = query
  if (data !== undefined && !isPlaceholderData && (kept.data !== data || kept.key !== key))
    setKept({ data, key })
  const shown = data ?? (kept.key === key || query.isError ? kept.data : undefined)
  return [shown, isPlaceholderData && kept.key !== key]
}

/** The last value from before `hold`; a changed `key` lets go of it. */
function useHeld<T>(value: T, hold: boolean, key: string): T {
  const [held, setHeld] = useState({ value, key })
  const current = hold && held.key === key ? held.value : value
  if (held.value !== current || held.key !== key) setHeld({ value: current, key })
  return current
}
