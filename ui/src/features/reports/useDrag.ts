// Moving and sizing by pointer: what is held is shown at once, and becomes a change when it is let go.

import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react'
import { type Guide, type Handle, moved, resized, snapMove, snapResize } from '../../lib/canvas/geometry'
import type { Element, Place } from '../../lib/canvas/model'

interface Held {
  kind: 'move' | Handle
  start: { x: number; y: number }
  elements: readonly Element[]
  others: readonly Place[]
}

export interface Preview {
  places: ReadonlyMap<string, Place>
  guides: readonly Guide[]
}

interface Options {
  zoom: number
  page: { width: number; height: number }
  onPlaces: (places: ReadonlyMap<string, Place>) => void
}

/** Pixels of the screen within which something is caught. */
const REACH = 6
/** A press that moves less is a press. */
const STILL = 3

export function useDrag({ zoom, page, onPlaces }: Options) {
  const held = useRef<Held | null>(null)
  const [preview, setPreview] = useState<Preview | null>(null)
  const latest = useRef<Preview | null>(null)

  const begin = useCallback(
    (event: PointerEvent, kind: Held['kind'], elements: readonly Element[], others: readonly Element[]) => {
      if (event.button !== 0 || elements.length === 0) return
      event.currentTarget.setPointerCapture(event.pointerId)
      held.current = {
        kind,
        start: { x: event.clientX, y: event.clientY },
        elements,
        others: others.map(e => e.place),
      }
    },
    [],
  )
  const show = (next: Preview | null) => {
    latest.current = next
    setPreview(next)
  }
  const move = (event: PointerEvent) => {
    const now = held.current
    if (!now) return
    const [px, py] = [event.clientX - now.start.x, event.clientY - now.start.y]
    if (latest.current === null && Math.hypot(px, py) < STILL) return
    const by = { dx: px / zoom, dy: py / zoom }
    // With Alt, nothing is caught.
    const reach = event.altKey ? 0 : REACH / zoom
    if (now.kind === 'move') {
      // With Shift, along one direction only.
      if (event.shiftKey) by[Math.abs(by.dx) > Math.abs(by.dy) ? 'dy' : 'dx'] = 0
      const places = now.elements.map(e => e.place)
      const { dx, dy, guides } = snapMove(places, now.others, page, by, reach)
      return show({ places: new Map(now.elements.map(e => [e.id, moved(e.place, dx, dy)])), guides })
    }
    const [element] = now.elements
    if (!element) return
    const to = event.shiftKey
      ? { place: resized(element.place, now.kind, by.dx, by.dy, true), guides: [] }
      : snapResize(element.place, now.kind, now.others, page, by, reach)
    show({ places: new Map([[element.id, to.place]]), guides: to.guides })
  }
  const drop = () => {
    if (held.current && latest.current) onPlaces(latest.current.places)
    held.current = null
    show(null)
  }
  /** Escape lets go without a change. */
  useEffect(() => {
    const cancel = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || latest.current === null) return
      event.stopPropagation()
      held.current = null
      latest.current = null
      setPreview(null)
    }
    addEventListener('keydown', cancel, true)
    return () => removeEventListener('keydown', cancel, true)
  }, [])
  return { preview, begin, move, drop }
}
