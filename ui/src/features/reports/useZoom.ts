import { type RefObject, useLayoutEffect, useState } from 'react'

/** A factor, or as wide as there is room. */
export type Zoom = number | 'fit'

export const ZOOMS: readonly Zoom[] = ['fit', 0.25, 0.5, 0.75, 1, 1.5, 2, 4]

const MARGIN = 56

/** The factor that pages are drawn with. In a slide show a whole page fits. */
export function useZoom(
  room: RefObject<HTMLElement | null>,
  page: { width: number; height: number },
  wanted: Zoom,
  full: boolean,
): number {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = room.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => {
      const { width = 0, height = 0 } = entry?.contentRect ?? {}
      setSize({ width, height })
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [room])
  if (size.width === 0) return 1
  if (full) return Math.min(size.width / page.width, size.height / page.height)
  if (wanted !== 'fit') return wanted
  return Math.min(2, Math.max(0.1, (size.width - MARGIN) / page.width))
}
