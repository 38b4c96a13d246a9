// Where elements stand: moved, sized, lined up, and caught by the lines of others.

import { texts } from '../../texts/canvas'
import { LIMITS, type Place } from './model'

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** The upright box around a place that may be turned. */
export function boundsOf({ left, top, width, height, angle }: Place): Box {
  const turn = (angle * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(turn)), Math.abs(Math.sin(turn))]
  const [w, h] = [width * cos + height * sin, width * sin + height * cos]
  const [x, y] = [left + width / 2, top + height / 2]
  return { left: x - w / 2, top: y - h / 2, right: x + w / 2, bottom: y + h / 2 }
}

export function unionOf(places: readonly Place[]): Box | null {
  if (places.length === 0) return null
  const boxes = places.map(boundsOf)
  return {
    left: Math.min(...boxes.map(b => b.left)),
    top: Math.min(...boxes.map(b => b.top)),
    right: Math.max(...boxes.map(b => b.right)),
    bottom: Math.max(...boxes.map(b => b.bottom)),
  }
}

export const moved = (place: Place, dx: number, dy: number): Place => ({
  ...place,
  left: place.left + dx,
  top: place.top + dy,
})

/** A line of the page that something was caught by: `x` is upright. */
export interface Guide {
  axis: 'x' | 'y'
  at: number
  from: number
  to: number
}

interface Catch {
  by: number
  guides: Guide[]
}

const edgesOf = (box: Box, axis: 'x' | 'y'): number[] =>
  axis === 'x'
    ? [box.left, (box.left + box.right) / 2, box.right]
    : [box.top, (box.top + box.bottom) / 2, box.bottom]

/** The least shift that brings an edge or the middle of `box` onto one of the others'. */
function caught(box: Box, others: readonly Box[], axis: 'x' | 'y', reach: number, edges: number[]): Catch {
  let by: number | null = null
  for (const other of others)
    for (const to of edgesOf(other, axis))
      for (const edge of edges)
        if (Math.abs(to - edge) <= reach && (by === null || Math.abs(to - edge) < Math.abs(by)))
          by = to - edge
  if (by === null) return { by: 0, guides: [] }
  const guides = new Map<number, Guide>()
  for (const other of others)
    for (const to of edgesOf(other, axis)) {
      if (!edges.some(edge => Math.abs(edge + (by as number) - to) < 0.01)) continue
      const [from, end] =
        axis === 'x'
          ? [Math.min(box.top, other.top), Math.max(box.bottom, other.bottom)]
          : [Math.min(box.left, other.left), Math.max(box.right, other.right)]
      const known = guides.get(to)
      guides.set(to, {
        axis,
        at: to,
        from: Math.min(from, known?.from ?? from),
        to: Math.max(end, known?.to ?? end),
      })
    }
  return { by, guides: [...guides.values()] }
}

export interface Snapped {
  dx: number
  dy: number
  guides: Guide[]
}

/** A move that is caught by the edges and middles of the other elements and of the page. */
export function snapMove(
  moving: readonly Place[],
  others: readonly Place[],
  page: { width: number; height: number },
  by: { dx: number; dy: number },
  reach: number,
): Snapped {
  const before = unionOf(moving)
  const union = unionOf(moving.map(p => moved(p, by.dx, by.dy)))
  if (before === null || union === null) return { ...by, guides: [] }
  const lines = [{ left: 0, top: 0, right: page.width, bottom: page.height }, ...others.map(boundsOf)]
  const x = caught(union, lines, 'x', reach, edgesOf(union, 'x'))
  const y = caught(union, lines, 'y', reach, edgesOf(union, 'y'))
  // Whole pixels where nothing catches.
  const dx = x.guides.length > 0 ? by.dx + x.by : Math.round(union.left) - before.left
  const dy = y.guides.length > 0 ? by.dy + y.by : Math.round(union.top) - before.top
  return { dx, dy, guides: [...x.guides, ...y.guides] }
}

/** Which edges a handle moves: -1 the left or upper, 1 the right or lower, 0 none. */
export interface Handle {
  x: -1 | 0 | 1
  y: -1 | 0 | 1
}

export const HANDLES: readonly (Handle & { name: string })[] = [
  { x: -1, y: -1, name: texts.upperLeftCorner },
  { x: 0, y: -1, name: texts.upperEdge },
  { x: 1, y: -1, name: texts.upperRightCorner },
  { x: 1, y: 0, name: texts.rightEdge },
  { x: 1, y: 1, name: texts.lowerRightCorner },
  { x: 0, y: 1, name: texts.lowerEdge },
  { x: -1, y: 1, name: texts.lowerLeftCorner },
  { x: -1, y: 0, name: texts.leftEdge },
]

/** Sizes by a drag of a handle, in pixels of the page; the edges across from the handle stay where they are, also of what is turned. */
export function resized(place: Place, handle: Handle, dx: number, dy: number, keepRatio = false): Place {
  const turn = (place.angle * Math.PI) / 180
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  // The drag as the element sees it.
  const along = dx * cos + dy * sin
  const across = -dx * sin + dy * cos
  const least = LIMITS.leastElement
  let width = handle.x === 0 ? place.width : Math.max(least, place.width + handle.x * along)
  let height = handle.y === 0 ? place.height : Math.max(least, place.height + handle.y * across)
  if (keepRatio) {
    const grown =
      handle.y === 0
        ? width / place.width
        : handle.x === 0
          ? height / place.height
          : Math.max(width / place.width, height / place.height)
    width = Math.max(least, place.width * grown)
    height = Math.max(least, place.height * grown)
  }
  // The middle moves by half of what was added at the handle's side.
  const shift = { x: (handle.x * (width - place.width)) / 2, y: (handle.y * (height - place.height)) / 2 }
  const middle = {
    x: place.left + place.width / 2 + shift.x * cos - shift.y * sin,
    y: place.top + place.height / 2 + shift.x * sin + shift.y * cos,
  }
  return { ...place, left: middle.x - width / 2, top: middle.y - height / 2, width, height }
}

/** Sizes with the moved edges caught; what is turned is not caught, as its edges are not upright. */
export function snapResize(
  place: Place,
  handle: Handle,
  others: readonly Place[],
  page: { width: number; height: number },
  by: { dx: number; dy: number },
  reach: number,
): { place: Place; guides: Guide[] } {
  const free = resized(place, handle, by.dx, by.dy)
  if (place.angle !== 0) return { place: free, guides: [] }
  const box = boundsOf(free)
  const lines = [{ left: 0, top: 0, right: page.width, bottom: page.height }, ...others.map(boundsOf)]
  const edge = { x: handle.x < 0 ? box.left : box.right, y: handle.y < 0 ? box.top : box.bottom }
  const x = handle.x === 0 ? { by: 0, guides: [] } : caught(box, lines, 'x', reach, [edge.x])
  const y = handle.y === 0 ? { by: 0, guides: [] } : caught(box, lines, 'y', reach, [edge.y])
  const dx = x.guides.length > 0 ? by.dx + x.by : by.dx + Math.round(edge.x) - edge.x
  const dy = y.guides.length > 0 ? by.dy + y.by : by.dy + Math.round(edge.y) - edge.y
  return { place: resized(place, handle, dx, dy), guides: [...x.guides, ...y.guides] }
}

export type Alignment = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom'

/** Lines places up with each other, or a single one with the page. */
export function aligned(
  places: readonly Place[],
  how: Alignment,
  page: { width: number; height: number },
): Place[] {
  const to =
    places.length === 1 ? { left: 0, top: 0, right: page.width, bottom: page.height } : unionOf(places)
  if (to === null) return []
  return places.map(place => {
    const [dx, dy] = shiftTo(boundsOf(place), to, how)
    return moved(place, dx, dy)
  })
}

function shiftTo(box: Box, to: Box, how: Alignment): [number, number] {
  switch (how) {
    case 'left':
      return [to.left - box.left, 0]
    case 'right':
      return [to.right - box.right, 0]
    case 'center':
      return [(to.left + to.right - box.left - box.right) / 2, 0]
    case 'top':
      return [0, to.top - box.top]
    case 'bottom':
      return [0, to.bottom - box.bottom]
    case 'middle':
      return [0, (to.top + to.bottom - box.top - box.bottom) / 2]
  }
}

/** The same gap between all; fewer than three stay. */
export function distributed(places: readonly Place[], axis: 'x' | 'y'): Place[] {
  if (places.length < 3) return [...places]
  const [start, end] = axis === 'x' ? (['left', 'right'] as const) : (['top', 'bottom'] as const)
  const order = places
    .map((place, at) => ({ at, box: boundsOf(place) }))
    .sort((a, b) => a.box[start] - b.box[start])
  const first = order[0] as (typeof order)[number]
  const whole = Math.max(...order.map(o => o.box[end])) - first.box[start]
  const filled = order.reduce((sum, o) => sum + o.box[end] - o.box[start], 0)
  const gap = (whole - filled) / (order.length - 1)
  const out = [...places]
  let next = first.box[start]
  for (const { at, box } of order) {
    const by = next - box[start]
    out[at] = axis === 'x' ? moved(places[at] as Place, by, 0) : moved(places[at] as Place, 0, by)
    next += box[end] - box[start] + gap
  }
  return out
}

/** From the top to the bottom and from the left to the right, as a person reads a page. */
export const readingOrder = <T extends { place: Place }>(elements: readonly T[]): T[] =>
  elements.toSorted((a, b) => a.place.top - b.place.top || a.place.left - b.place.left)
