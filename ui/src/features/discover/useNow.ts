import { useCallback, useEffect, useState } from 'react'
import type { EpochMillis } from '../../lib/time/units'
import type { RefreshMode } from './url'

/**
 * The moment that "now" means. It stands still, so that all searches of a page
 * agree, and moves when the state in the URL changes, on demand, and with live
 * refresh. A hidden page does not move, nor one whose last search still runs.
 */
export function useNow(
  search: string,
  refreshMode: RefreshMode,
  busy: boolean,
): { now: EpochMillis; refresh: () => void } {
  const [moment, setMoment] = useState(() => ({ now: Date.now(), search }))
  const refresh = useCallback(() => setMoment(m => ({ ...m, now: Date.now() })), [])
  if (moment.search !== search) setMoment({ now: Date.now(), search })
  useEffect(() => {
    if (typeof refreshMode !== 'number' || busy) return
    const timer = setInterval(() => {
      if (!document.hidden) refresh()
    }, refreshMode)
    return () => clearInterval(timer)
  }, [refreshMode, busy, refresh])
  return { now: moment.now, refresh }
}
