import { useEffect, useRef, useState } from 'react'
import { tail } from '../../api/client'
import type { Millis } from '../../lib/time/units'
import type { Subject } from './queries'
import { boolQuery } from './request'

/** Under a steady stream the page searches again at most this often. */
const CALM: Millis = 1000
/** How long to wait before a stream that broke is taken up again. */
const RETRY: Millis = 2000

/**
 * Calls `refresh` when the server says that events came which match the subject; null does not listen. What comes
 * while a search runs, or while the page is hidden, is caught up with afterwards.
 */
export function useArrivals(subject: Subject | null, busy: boolean, refresh: () => void) {
  const [arrived, setArrived] = useState(0)
  useEffect(() => {
    if (subject === null) return
    const stop = new AbortController()
    void follow(subject, stop.signal, () => setArrived(n => n + 1))
    return () => stop.abort()
  }, [subject])

  const [hidden, setHidden] = useState(document.hidden)
  useEffect(() => {
    const look = () => setHidden(document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])

  const shown = useRef({ arrived: 0, at: 0 })
  useEffect(() => {
    if (busy || hidden || arrived === shown.current.arrived) return
    const timer = setTimeout(
      () => {
        shown.current = { arrived, at: Date.now() }
        refresh()
      },
      Math.max(0, shown.current.at + CALM - Date.now()),
    )
    return () => clearTimeout(timer)
  }, [arrived, busy, hidden, refresh])
}

/** Reads the stream until the signal ends it, again after it broke. */
async function follow(subject: Subject, signal: AbortSignal, onEvent: () => void) {
  const query = boolQuery(subject.conditions, null)
  let place: string | null = null
  while (!signal.aborted) {
    try {
      await tail(subject.index, query, place, signal, event => {
        // The first thing a stream says is where it begins: what came just before it is not yet on the page.
        if (event.name === 'hit' || place === null) onEvent()
        if (event.id !== '') place = event.id
      })
    } catch {
      // The searches of the page tell a server that is away; here it is only waited for.
    }
    await new Promise(resolve => setTimeout(resolve, RETRY))
  }
}
