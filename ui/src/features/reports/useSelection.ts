// What is chosen on the pages of a report, and what is done with it.

import { type KeyboardEvent, useCallback, useState } from 'react'
import {
  addElements,
  copiesOf,
  type Layer,
  moveLayer,
  placeElements,
  removeElements,
} from '../../lib/canvas/edit'
import { type Alignment, aligned, distributed, moved, resized } from '../../lib/canvas/geometry'
import type { Element, Place } from '../../lib/canvas/model'
import { texts } from '../../texts/reports'
import { elementKey } from './useKeys'
import type { Report } from './useReport'

/** Copied elements are for all reports of this tab. */
let clipboard: readonly Element[] = []

const NONE: ReadonlySet<string> = new Set()

/** `pageId` is the page that is worked on. */
export function useSelection(report: Report, pageId: string) {
  const { workpad, edit } = report
  const [ids, setIds] = useState<ReadonlySet<string>>(NONE)
  const [said, setSaid] = useState('')
  const page = workpad.pages.find(p => p.id === pageId)
  const holder = workpad.pages.find(p => p.elements.some(e => ids.has(e.id))) ?? page
  const chosen = workpad.pages.flatMap(p => p.elements.filter(e => ids.has(e.id)))

  const place = useCallback(
    (places: ReadonlyMap<string, Place>, gesture: string | null = null) => {
      edit(w => placeElements(w, places), gesture)
      const [first] = places.values()
      if (first && places.size === 1)
        setSaid(
          texts.fromTheLeft(
            Math.round(first.left),
            Math.round(first.top),
            Math.round(first.width),
            Math.round(first.height),
          ),
        )
      else if (first) setSaid(texts.elementsMoved(places.size))
    },
    [edit],
  )
  const eachPlace = (change: (place: Place) => Place, gesture: string | null = null) => {
    if (chosen.length > 0) place(new Map(chosen.map(e => [e.id, change(e.place)])), gesture)
  }
  const add = (elements: readonly Element[], to = holder?.id ?? pageId) => {
    edit(w => addElements(w, to, elements))
    setIds(new Set(elements.map(e => e.id)))
  }
  const remove = () => {
    if (ids.size === 0) return
    edit(w => removeElements(w, ids))
    setIds(NONE)
    setSaid(ids.size === 1 ? texts.removed : texts.elementsRemoved(ids.size))
  }
  const copy = () => {
    if (chosen.length === 0) return
    clipboard = chosen
    setSaid(chosen.length === 1 ? texts.copied : texts.elementsCopied(chosen.length))
  }
  const layer = (to: Layer) => {
    if (holder) edit(w => moveLayer(w, holder.id, ids, to))
  }
  const align = (how: Alignment) => {
    const places = aligned(
      chosen.map(e => e.place),
      how,
      workpad,
    )
    place(new Map(chosen.flatMap((e, at) => (places[at] ? [[e.id, places[at]] as const] : []))))
  }
  const distribute = (axis: 'x' | 'y') => {
    const places = distributed(
      chosen.map(e => e.place),
      axis,
    )
    place(new Map(chosen.flatMap((e, at) => (places[at] ? [[e.id, places[at]] as const] : []))))
  }
  const onKey = (event: KeyboardEvent) =>
    elementKey(event, {
      nudge: (dx, dy) => eachPlace(p => moved(p, dx, dy), `nudge ${[...ids].join()}`),
      grow: (dx, dy) =>
        eachPlace(p => resized({ ...p, angle: 0 }, { x: 1, y: 1 }, dx, dy), `grow ${[...ids].join()}`),
      remove,
      letGo: () => setIds(NONE),
      layer,
    })
  return {
    ids,
    chosen,
    said,
    select: setIds,
    place,
    add,
    remove,
    copy,
    cut: () => {
      copy()
      remove()
    },
    paste: () => clipboard.length > 0 && add(copiesOf(clipboard, 10), pageId),
    duplicate: () => chosen.length > 0 && add(copiesOf(chosen, 10)),
    all: () => page && setIds(new Set(page.elements.map(e => e.id))),
    layer,
    align,
    distribute,
    onKey,
  }
}

export type Selection = ReturnType<typeof useSelection>
