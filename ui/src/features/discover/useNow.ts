import { useCallback, useEffect, useState } from 'react'
import type { EpochMillis, Millis } from '../../lib/time/units'

/**
 * The moment that "now" means. It stands still, so that all searches of a page
 * agree, and moves when the state in the URL changes, on demand, and with live
 * refresh. A hidden page does not move, nor one whose last search still runs.
 */
export function useNow(
  search: string,
  refreshMillis: Millis | null,
  busy: boolean,
): { now: EpochMillis; refresh: () => void } {
  const [moment, setMoment] = useState(() => ({ now: Date.now(), search }))
  const refresh = useCallback(() => setMoment(m => ({ ...m, now: Date.now() })), [])
  if (moment.search !== search) setMoment({ now: Date.now(), search })
  useEffect(() => {
    if (refreshMillis === null || busy) return
    const timer = setInterval(() => {
      if (!document.hidden) refresh()
    }, refreshMillis)
    return () => clearInterval(timer)
  }, [refreshMillis, busy, refresh])
  return { now: moment.now, refresh }
}
