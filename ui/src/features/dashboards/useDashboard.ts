// The state of one dashboard: what is saved, what the person has changed, and what the URL narrows down.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { panelControls } from '../../lib/dashboard/controls'
import { type Control, type Dashboard, isEmptyChoice, newDashboard } from '../../lib/dashboard/model'
import { controlFilter } from '../../lib/dashboard/narrow'
import { type DashboardState, dashboardUrl, NEW, parseDashboardUrl } from '../../lib/dashboard/url'
import { queryErrorOf } from '../../lib/queryerror'
import { rebase } from '../../lib/rebase'
import { isRelative, resolveRange, type TimeRange } from '../../lib/time/range'
import { zoneName } from '../../lib/time/zone'
import type { VisFilter } from '../../lib/vis/filter'
import { queryClauses } from '../../lib/vis/query'
import { useNow } from '../../shell/useNow'
import { type Draft, readDraft, writeDraft } from '../../state/drafts'
import { navigate, useSearch } from '../../state/navigate'
import { carriedRange } from '../../state/places'
import { rememberRange } from '../../state/recent'
import { type Narrowing, useCharts, useSavedDashboard } from './queries'

/** What a person can take back. */
export interface Undo {
  text: string
  before: Dashboard
}

const EMPTY = newDashboard()

/** What the editor of charts leaves behind on its way back. */
function arrivalOf(): { panel: string | null } | null {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('arrived' in state)) return null
  return { panel: typeof state.arrived === 'string' ? state.arrived : null }
}

export function useDashboard(id: string | null) {
  const saved = useSavedDashboard(id)
  const stored = id === null ? EMPTY : (saved.data?.dashboard ?? EMPTY)
  const [draft, setDraft] = useState(() => readDraft(id ?? NEW))
  const [arrival] = useState(arrivalOf)
  useEffect(() => {
    // Whoever comes back later has not come from the editor.
    if (arrival !== null) history.replaceState(null, '')
  }, [arrival])
  const [returned, setReturned] = useState(draft !== null && arrival === null)
  const [undo, setUndo] = useState<Undo | null>(null)
  const dashboard = draft?.dashboard ?? stored
  // A draft is saved over the version that it was made from, and over no newer one.
  const version = draft ? draft.version : (saved.data?.key?.version ?? null)
  const latest = useRef({ dashboard, version })
  latest.current = { dashboard, version }
  const latestDraft = useRef(draft)

  const put = useCallback(
    (next: Draft | null) => {
      // At once: the page can be left before it is drawn again.
      writeDraft(id ?? NEW, next)
      if (next) latest.current = next
      latestDraft.current = next
      setDraft(next)
    },
    [id],
  )
  const edit = useCallback(
    (change: (dashboard: Dashboard) => Dashboard, undoText?: string) => {
      const { dashboard: before, version } = latest.current
      put({ dashboard: change(before), version })
      setUndo(undoText === undefined ? null : { text: undoText, before })
    },
    [put],
  )
  const takeBack = useCallback(() => {
    if (undo) put({ dashboard: undo.before, version: latest.current.version })
    setUndo(null)
  }, [undo, put])
  const discard = useCallback(() => {
    put(null)
    setUndo(null)
    setReturned(false)
  }, [put])

  /**
   * What was changed and is saved now is no change any more; what was changed since, while the save was on its way,
   * becomes a change of what is saved. Tells whether there is such.
   */
  const settled = (saved: Dashboard, key: { id: string; version: string }): boolean => {
    const now = latestDraft.current
    if (now === null || now === draft) {
      discard()
      return false
    }
    const next = { dashboard: rebase(now.dashboard, dashboard, saved), version: key.version }
    if (key.id === id) put(next)
    else {
      writeDraft(key.id, next)
      discard()
    }
    return true
  }

  // Another page of this program keeps the draft; the browser's tab, when it is closed, asks first.
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
      navigate(dashboardUrl(id ?? NEW, next))
    },
    [id],
  )

  /** Goes to what was saved of this page; its address keeps what was narrowed down since. */
  const goOn = (savedId: string, state: DashboardState, changed: boolean) => {
    navigate(dashboardUrl(savedId, rebase(latestUrl.current, url, state)), {
      // Whoever goes on changing has not come back to an old draft.
      ...(changed && { state: { arrived: null } }),
    })
  }

  // Where it was on arrival, so that Back leads there also after another time was chosen.
  const [carried] = useState(carriedRange)
  const range = url.range ?? dashboard.range ?? carried
  const refreshMillis = url.refresh === null ? dashboard.refresh : url.refresh || null
  const query = url.query ?? dashboard.query
  const filters = url.filters ?? dashboard.filters
  const { charts, error: chartsError } = useCharts(dashboard.panels)
  const chosenOf = useCallback(
    (control: Control) => ({ ...control, chosen: url.choices[control.id] ?? control.chosen }),
    [url.choices],
  )
  const controls = useMemo(() => dashboard.controls.map(chosenOf), [dashboard.controls, chosenOf])
  const inPanels = useMemo(
    () => [...charts].flatMap(([panel, vis]) => panelControls(panel, vis)).map(chosenOf),
    [charts, chosenOf],
  )
  // A choice of a control that has not come yet is not to be asked without it.
  const known = [...controls, ...inPanels]
  const early =
    charts.size < dashboard.panels.length &&
    Object.keys(url.choices).some(id => !known.some(c => c.id === id))
  const { now, refresh } = useNow(search, refreshMillis)
  const fault = useMemo(() => queryErrorOf(() => void queryClauses(query)), [query])
  const narrowing = useMemo((): Narrowing | null => {
    const resolved = resolveRange(range, now)
    if (resolved === null || fault !== null || early) return null
    const chosen = [...controls, ...inPanels].flatMap(c => controlFilter(c) ?? [])
    const all: VisFilter[] = [...filters, ...chosen]
    return { range: resolved, askedAt: now, query, filters: all, timeZone: zoneName() }
  }, [range, now, fault, query, filters, controls, inPanels, early])

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
    settled,
    goOn,
    changed,
    /** The changes are from an earlier visit. */
    returned,
    /** Where one has come from the editor of charts: the panel that was edited, or null for none. */
    arrival,
    version,
    url,
    update,
    range,
    changeRange,
    refreshMillis,
    query,
    fault,
    filters,
    controls,
    /** Those that stand in panels. */
    inPanels,
    charts,
    chartsError,
    narrowing,
    now,
    refresh,
    narrowed: known.some(c => !isEmptyChoice(c.chosen)) || filters.length > 0 || query.query !== '',
  }
}

export type DashboardPageState = ReturnType<typeof useDashboard>
