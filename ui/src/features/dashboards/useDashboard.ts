// The state of one dashboard: what is saved, what the person has changed, and what the URL narrows down.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useSearch } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import { type Dashboard, isEmptyChoice, newDashboard } from '../../lib/dashboard/model'
import { controlFilter } from '../../lib/dashboard/narrow'
import { queryErrorOf } from '../../lib/queryerror'
import { DEFAULT_RANGE, isRelative, resolveRange, type TimeRange } from '../../lib/time/range'
import { zoneName } from '../../lib/time/zone'
import type { VisFilter } from '../../lib/vis/filter'
import { queryClauses } from '../../lib/vis/query'
import { rememberRange } from '../../state/recent'
import { type Narrowing, useSavedDashboard } from './queries'
import { type DashboardState, dashboardUrl, parseDashboardUrl } from './url'

/** What a person can take back. */
export interface Undo {
  text: string
  before: Dashboard
}

const EMPTY = newDashboard()

export function useDashboard(id: string | null) {
  const saved = useSavedDashboard(id)
  const stored = id === null ? EMPTY : (saved.data?.dashboard ?? EMPTY)
  const [draft, setDraft] = useState<Dashboard | null>(null)
  const [undo, setUndo] = useState<Undo | null>(null)
  const dashboard = draft ?? stored
  const latest = useRef(dashboard)
  latest.current = dashboard

  const edit = useCallback((change: (dashboard: Dashboard) => Dashboard, undoText?: string) => {
    const before = latest.current
    const after = change(before)
    latest.current = after
    setDraft(after)
    setUndo(undoText === undefined ? null : { text: undoText, before })
  }, [])
  const takeBack = useCallback(() => {
    setUndo(one => {
      if (one) setDraft(one.before)
      return null
    })
  }, [])
  const discard = useCallback(() => {
    setDraft(null)
    setUndo(null)
  }, [])

  // A page that is left with changes asks first.
  const changed = draft !== null
  useEffect(() => {
    if (!changed) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [changed])

  const search = useSearch()
  const url = useMemo(() => parseDashboardUrl(search), [search])
  const latestUrl = useRef(url)
  latestUrl.current = url
  const update = useCallback(
    (patch: Partial<DashboardState>) => {
      const next = { ...latestUrl.current, ...patch }
      // Two changes in one moment must not undo each other.
      latestUrl.current = next
      navigate(dashboardUrl(id ?? 'new', next))
    },
    [id],
  )

  const range = url.range ?? dashboard.range ?? DEFAULT_RANGE
  const refreshMillis = url.refresh === null ? dashboard.refresh : url.refresh || null
  const query = url.query ?? dashboard.query
  const filters = url.filters ?? dashboard.filters
  const controls = useMemo(
    () => dashboard.controls.map(c => ({ ...c, chosen: url.choices[c.id] ?? c.chosen })),
    [dashboard.controls, url.choices],
  )
  const { now, refresh } = useMoment(search, refreshMillis)
  const fault = useMemo(() => queryErrorOf(() => void queryClauses(query)), [query])
  const narrowing = useMemo((): Narrowing | null => {
    const resolved = resolveRange(range, now)
    if (resolved === null || fault !== null) return null
    const chosen = controls.flatMap(c => controlFilter(c) ?? [])
    const all: VisFilter[] = [...filters, ...chosen]
    return { range: resolved, askedAt: now, query, filters: all, timeZone: zoneName() }
  }, [range, now, fault, query, filters, controls])

  const changeRange = useCallback(
    (changedRange: TimeRange) => {
      rememberRange(changedRange)
      update({ range: changedRange, ...(isRelative(changedRange) ? {} : { refresh: 0 }) })
    },
    [update],
  )
  return {
    saved,
    dashboard,
    edit,
    undo,
    takeBack,
    discard,
    changed,
    url,
    update,
    range,
    changeRange,
    refreshMillis,
    query,
    fault,
    filters,
    controls,
    narrowing,
    now,
    refresh,
    narrowed: controls.some(c => !isEmptyChoice(c.chosen)) || filters.length > 0 || query.query !== '',
  }
}

export type DashboardPageState = ReturnType<typeof useDashboard>

/** The moment that "now" means: it moves with the URL, on demand, and every so often while the page is seen. */
function useMoment(search: string, every: number | null) {
  const [moment, setMoment] = useState(() => ({ now: Date.now(), search }))
  const refresh = useCallback(() => setMoment(m => ({ ...m, now: Date.now() })), [])
  if (moment.search !== search) setMoment({ now: Date.now(), search })
  useEffect(() => {
    if (every === null) return
    const timer = setInterval(
      () => {
        if (!document.hidden) refresh()
      },
      Math.max(1000, every),
    )
    return () => clearInterval(timer)
  }, [every, refresh])
  return { now: moment.now, refresh }
}
