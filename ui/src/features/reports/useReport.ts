// The state of one report: what is saved, what the person has changed and can take back, and what the address adds.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { begin, changed, type History, redone, undone } from '../../lib/canvas/history'
import { newWorkpad, type Workpad } from '../../lib/canvas/model'
import { rebase } from '../../lib/rebase'
import { isRelative, type TimeRange } from '../../lib/time/range'
import { navigate, useSearch } from '../../state/navigate'
import { carriedRange } from '../../state/places'
import { rememberRange } from '../../state/recent'
import { useMoment, useSavedReport } from './queries'
import { parseReportUrl, type ReportState, reportUrl } from './url'

/** The address of a report that is not saved yet. */
export const NEW = 'new'

interface Draft {
  history: History<Workpad>
  /** The version that was changed; null for a report that was never saved. */
  version: string | null
}

/** Changes outlive the page, for as long as the browser's tab is not closed. */
const drafts = new Map<string, Draft>()

/** Begins a report that is not saved yet, such as one of a template. */
export function startReport(workpad: Workpad) {
  drafts.set(NEW, { history: changed(begin(newWorkpad()), workpad, null), version: null })
}

export function useReport(id: string) {
  const saved = useSavedReport(id === NEW ? null : id)
  const [fresh] = useState(newWorkpad)
  const [draft, setDraft] = useState(() => drafts.get(id) ?? null)
  const stored = saved.data?.workpad ?? fresh
  const current = draft ?? { history: begin(stored), version: saved.data?.version ?? null }
  const latest = useRef(current)
  latest.current = current
  const latestDraft = useRef(draft)

  const put = useCallback(
    (next: Draft | null) => {
      // At once: the page can be left before it is drawn again.
      if (next) drafts.set(id, next)
      else drafts.delete(id)
      if (next) latest.current = next
      latestDraft.current = next
      setDraft(next)
    },
    [id],
  )
  /** Changes of one gesture are taken back together. */
  const edit = useCallback(
    (change: (workpad: Workpad) => Workpad, gesture: string | null = null) => {
      const { history, version } = latest.current
      put({ history: changed(history, change(history.present), gesture), version })
    },
    [put],
  )
  const step = useCallback(
    (take: (history: History<Workpad>) => History<Workpad>) => {
      const { history, version } = latest.current
      put({ history: take(history), version })
    },
    [put],
  )
  const undo = useCallback(() => step(undone), [step])
  const redo = useCallback(() => step(redone), [step])
  const discard = useCallback(() => put(null), [put])

  /** What was changed is saved now; what was changed since, while the save was on its way, becomes a change of what is saved. Tells whether there is such. */
  const settled = (saved: Workpad, key: { id: string; version: string }): boolean => {
    const now = latestDraft.current
    if (now === null || now === draft) {
      discard()
      return false
    }
    const present = rebase(now.history.present, current.history.present, saved)
    const next = { history: changed(begin(saved), present, null), version: key.version }
    if (key.id === id) put(next)
    else {
      drafts.set(key.id, next)
      discard()
    }
    return true
  }

  const dirty = draft !== null && draft.history.past.length > 0
  useEffect(() => {
    if (!dirty) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [dirty])

  const search = useSearch()
  const url = useMemo(() => parseReportUrl(search), [search])
  const latestUrl = useRef(url)
  latestUrl.current = url
  const update = useCallback(
    (patch: Partial<ReportState>, replace = false) => {
      const next = { ...latestUrl.current, ...patch }
      // Two changes in one moment must not undo each other.
      latestUrl.current = next
      navigate(reportUrl(id, next), { replace })
    },
    [id],
  )
  const workpad = current.history.present
  const [carried] = useState(carriedRange)
  const range = url.range ?? workpad.range ?? carried
  const every = url.refresh === null ? workpad.refresh : url.refresh || null
  const [now, setNow] = useState(() => Date.now())
  const refresh = useCallback(() => setNow(Date.now()), [])
  useEffect(() => {
    if (every === null) return
    const timer = setInterval(() => !document.hidden && refresh(), Math.max(1000, every))
    return () => clearInterval(timer)
  }, [every, refresh])
  const moment = useMoment(range, now)
  const changeRange = useCallback(
    (next: TimeRange) => {
      rememberRange(next)
      setNow(Date.now())
      update({ range: next, ...(isRelative(next) ? {} : { refresh: 0 }) })
    },
    [update],
  )
  return {
    saved,
    workpad,
    edit,
    undo,
    redo,
    canUndo: current.history.past.length > 0,
    canRedo: current.history.future.length > 0,
    discard,
    settled,
    changed: dirty,
    version: current.version,
    url,
    update,
    range,
    changeRange,
    every,
    refresh,
    now,
    moment,
  }
}

export type Report = ReturnType<typeof useReport>
