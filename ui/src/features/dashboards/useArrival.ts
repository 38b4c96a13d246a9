import { type RefObject, useEffect } from 'react'

/** Brings a panel that was edited elsewhere into view, with the keyboard where the edit began. */
export function useArrival(panel: RefObject<HTMLElement | null>, arrived: boolean) {
  useEffect(() => {
    if (!arrived) return
    panel.current?.scrollIntoView({ block: 'nearest' })
    panel.current?.querySelector('button')?.focus({ preventScroll: true })
  }, [panel, arrived])
}
