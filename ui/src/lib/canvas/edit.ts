// Changes of a workpad, each a new one: elements added, moved through the layers, copied, removed; pages likewise.

import { type Element, newElement, newId, type Page, type Place, type Workpad } from './model'

export const withPage = (workpad: Workpad, id: string, change: (page: Page) => Page): Workpad => ({
  ...workpad,
  pages: workpad.pages.map(p => (p.id === id ? change(p) : p)),
})

const withElements = (workpad: Workpad, page: string, change: (elements: Element[]) => Element[]): Workpad =>
  withPage(workpad, page, p => ({ ...p, elements: change(p.elements) }))

export const addElements = (workpad: Workpad, page: string, added: readonly Element[]): Workpad =>
  withElements(workpad, page, elements => [...elements, ...added])

export const removeElements = (workpad: Workpad, ids: ReadonlySet<string>): Workpad => ({
  ...workpad,
  pages: workpad.pages.map(p => ({ ...p, elements: p.elements.filter(e => !ids.has(e.id)) })),
})

export const changeElement = (workpad: Workpad, id: string, change: Partial<Element>): Workpad => ({
  ...workpad,
  pages: workpad.pages.map(p => ({
    ...p,
    elements: p.elements.map(e => (e.id === id ? { ...e, ...change } : e)),
  })),
})

export const placeElements = (workpad: Workpad, places: ReadonlyMap<string, Place>): Workpad => ({
  ...workpad,
  pages: workpad.pages.map(p => ({
    ...p,
    elements: p.elements.map(e => {
      const place = places.get(e.id)
      return place ? { ...e, place } : e
    }),
  })),
})

export type Layer = 'top' | 'up' | 'down' | 'bottom'

/** Brings elements over or under the others of their page; among themselves they keep their order. */
export const moveLayer = (workpad: Workpad, page: string, ids: ReadonlySet<string>, to: Layer): Workpad =>
  withElements(workpad, page, elements => {
    const chosen = elements.filter(e => ids.has(e.id))
    const others = elements.filter(e => !ids.has(e.id))
    if (to === 'top') return [...others, ...chosen]
    if (to === 'bottom') return [...chosen, ...others]
    const out = [...elements]
    const order = to === 'up' ? out.map((_, i) => out.length - 1 - i) : out.map((_, i) => i)
    for (const at of order) {
      const next = to === 'up' ? at + 1 : at - 1
      const [one, other] = [out[at], out[next]]
      if (!one || !other || !ids.has(one.id) || ids.has(other.id)) continue
      out[at] = other
      out[next] = one
    }
    return out
  })

/** Copies with ids of their own, a little beside where they were taken from. */
export const copiesOf = (elements: readonly Element[], by: number): Element[] =>
  elements.map(e => ({
    ...newElement(e.expression, { ...e.place, left: e.place.left + by, top: e.place.top + by }),
    filter: e.filter,
    kept: e.kept,
  }))

export function addPage(workpad: Workpad, page: Page, after: string): Workpad {
  const at = workpad.pages.findIndex(p => p.id === after)
  return { ...workpad, pages: workpad.pages.toSpliced(at < 0 ? workpad.pages.length : at + 1, 0, page) }
}

/** The last page of a workpad stays. */
export const removePage = (workpad: Workpad, id: string): Workpad =>
  workpad.pages.length === 1 ? workpad : { ...workpad, pages: workpad.pages.filter(p => p.id !== id) }

export function movePage(workpad: Workpad, id: string, step: 1 | -1): Workpad {
  const at = workpad.pages.findIndex(p => p.id === id)
  const page = workpad.pages[at]
  const to = at + step
  if (!page || to < 0 || to >= workpad.pages.length) return workpad
  return { ...workpad, pages: workpad.pages.toSpliced(at, 1).toSpliced(to, 0, page) }
}

export const copyOfPage = (page: Page): Page => ({
  ...page,
  id: newId('page'),
  elements: copiesOf(page.elements, 0),
})
