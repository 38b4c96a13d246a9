// Panels on the grid: none over another, and none higher up than it must be pushed.

import { COLUMNS, type Panel, type Place } from './model'

export const LEAST_WIDTH = 6
export const LEAST_HEIGHT = 4

const overlap = (a: Place, b: Place) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

/** A place on the grid: not beyond its edges, not too small to be of use. */
export function fit(place: Place): Place {
  const w = Math.min(COLUMNS, Math.max(LEAST_WIDTH, place.w))
  return {
    w,
    h: Math.max(LEAST_HEIGHT, place.h),
    x: Math.min(COLUMNS - w, Math.max(0, place.x)),
    y: Math.max(0, place.y),
  }
}

/** Puts one panel at a place; those in its way move down, and what has room above it moves up. */
export function movePanel(panels: readonly Panel[], id: string, to: Place): Panel[] {
  const place = fit(to)
  return settle(
    panels.map(p => (p.id === id ? { ...p, place } : p)),
    id,
  )
}

/** Takes overlaps and gaps away, `first` having its place before the others. */
export function settle(panels: readonly Panel[], first: string | null = null): Panel[] {
  const order = [...panels].sort(
    (a, b) =>
      a.place.y - b.place.y || Number(b.id === first) - Number(a.id === first) || a.place.x - b.place.x,
  )
  const settled = new Map<string, Place>()
  const pinned = panels.find(p => p.id === first)
  const set: Place[] = []
  for (const panel of order) {
    let place = panel.place
    // What is held stays where the hand has it until the others have found their places.
    const others = pinned && panel.id !== first && !settled.has(pinned.id) ? [...set, pinned.place] : set
    while (others.some(o => overlap(o, place))) place = { ...place, y: place.y + 1 }
    while (place.y > 0) {
      const up = { ...place, y: place.y - 1 }
      if (others.some(o => overlap(o, up))) break
      place = up
    }
    set.push(place)
    settled.set(panel.id, place)
  }
  return panels.map(p => {
    const place = settled.get(p.id) ?? p.place
    return place.x === p.place.x && place.y === p.place.y && place.w === p.place.w && place.h === p.place.h
      ? p
      : { ...p, place }
  })
}

/** The first free place of a size, from the top. */
export function freePlace(panels: readonly Panel[], w: number, h: number): Place {
  const bottom = panels.reduce((y, p) => Math.max(y, p.place.y + p.place.h), 0)
  for (let y = 0; y <= bottom; y++)
    for (let x = 0; x + w <= COLUMNS; x++) {
      const place = { x, y, w, h }
      if (!panels.some(p => overlap(p.place, place))) return place
    }
  return { x: 0, y: bottom, w, h }
}

/** In the order that people read them, which is also the order of the keyboard. */
export const readingOrder = (panels: readonly Panel[]): Panel[] =>
  [...panels].sort((a, b) => a.place.y - b.place.y || a.place.x - b.place.x)
