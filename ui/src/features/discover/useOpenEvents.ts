import { useCallback, useMemo, useState } from 'react'
import type { LogEvent } from '../../lib/events'

/** Which event is selected and which are open. Another search forgets both. */
export function useOpenEvents(rows: LogEvent[], listId: string) {
  const [state, setState] = useState({ listId, selected: null as string | null, opened: NONE })
  if (state.listId !== listId) setState({ listId, selected: null, opened: NONE })
  const { selected, opened } = state

  const select = useCallback((key: string) => setState(s => ({ ...s, selected: key })), [])
  const toggle = useCallback((key: string) => {
    setState(s => {
      const next = new Set(s.opened)
      if (!next.delete(key)) next.add(key)
      return { ...s, opened: next }
    })
  }, [])
  const closeAll = useCallback(() => setState(s => ({ ...s, opened: NONE })), [])
  const move = useCallback(
    (step: 1 | -1) => {
      setState(s => {
        const at = rows.findIndex(r => r.key === s.selected)
        const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)]
        return next ? { ...s, selected: next.key } : s
      })
    },
    [rows],
  )
  return useMemo(
    () => ({ selected, opened, select, toggle, closeAll, move }),
    [selected, opened, select, toggle, closeAll, move],
  )
}

export type OpenEvents = ReturnType<typeof useOpenEvents>

const NONE: ReadonlySet<string> = new Set()
