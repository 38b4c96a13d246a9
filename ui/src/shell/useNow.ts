import { useCallback, useEffect, useState } from 'react'
import type { EpochMillis, Millis } from '../lib/time/units'

/**
 * The moment that "now" means. It stands still, so that all searches of a page
 * agree, and moves when the state in the URL changes, on demand, and every so
 * often (null for never). A hidden page does not move, nor one whose last search still runs.
 */
export function useNow(
  search: string,
  every: Millis | null,
  busy = false,
): { now: EpochMillis; refresh: () => void } {
  const [moment, setMoment] = useState(() => ({ now: Date.now(), search }))
  const refresh = useCallback(() => setMoment(m => ({ ...m, now: Date.now() })), [])
  if (moment.search !== search) setMoment({ now: Date.now(), search })
  useEffect(() => {
    if (every === null || busy) return
    const timer = setInterval(
      () => {
        if (!document.hidden) refresh()
      },
      Math.max(LEAST_MILLIS, every),
    )
    return () => clearInterval(timer)
  }, [every, busy, refresh])
  return { now: moment.now, refresh }
}

const LEAST_MILLIS = 1000
