// Saved workpads of Kibana 7 and 8 to the model. Nothing in them is taken for granted.

import { texts } from '../../texts/canvas'
import type { Reference, SavedObject } from '../savedobjects'
import { resolveRange, type TimeRange } from '../time/range'
import { asJson, asList, asNumber, asText, isJson, type Json } from '../vis/json'
import { readColour } from './colour'
import { call, type Expression, isExpression, parseExpression, printExpression } from './expression'
import { readDataUrl } from './image'
import {
  type Asset,
  DEFAULT_COLORS,
  type Element,
  LIMITS,
  newId,
  newPage,
  type Page,
  type Place,
  type Workpad,
} from './model'

/** Variables that hold the time a workpad is opened with. */
export const TIME_VARIABLES = { from: 'timeFrom', to: 'timeTo', refresh: 'refreshMillis' } as const

const READ_ATTRIBUTES = new Set([
  'name',
  'width',
  'height',
  'pages',
  'assets',
  'colors',
  'css',
  'variables',
  'page',
  'isWriteable',
  '@timestamp',
  '@created',
])

export function readWorkpad(object: Pick<SavedObject, 'attributes' | 'references'>): Workpad {
  const { attributes, references } = object
  const notes: string[] = []
  const pages = readPages(attributes.pages, references, notes)
  const css = asText(attributes.css)
  if (/:[^;{}]+[;}]/.test(css)) notes.push(texts.cssOfTheWorkpad)
  const all = readVariables(attributes.variables)
  const own = new Set<string>(Object.values(TIME_VARIABLES))
  const variable = (name: string) => all.find(v => v.name === name)?.value
  const every = asNumber(variable(TIME_VARIABLES.refresh))
  return {
    name: asText(attributes.name),
    width: sideOf(attributes.width, 1080),
    height: sideOf(attributes.height, 720),
    pages: pages.length > 0 ? pages : [newPage()],
    assets: readAssets(attributes.assets, notes),
    colors: coloursOf(attributes.colors),
    css,
    variables: all.filter(v => !own.has(v.name)),
    range: rangeOf(variable(TIME_VARIABLES.from), variable(TIME_VARIABLES.to)) ?? rangeOfFilters(pages),
    refresh: every !== null && every >= 1000 ? every : null,
    notes,
    kept: {
      attributes: Object.fromEntries(Object.entries(attributes).filter(([n]) => !READ_ATTRIBUTES.has(n))),
      references: references.filter(
        r => !pages.some(p => p.elements.some(e => r.name.startsWith(`${e.id}:`))),
      ),
    },
  }
}

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

const sideOf = (value: unknown, otherwise: number) =>
  Math.round(clamp(asNumber(value) ?? otherwise, LIMITS.leastSide, LIMITS.mostSide))

function coloursOf(value: unknown): string[] {
  const found = asList(value).flatMap(c => (typeof c === 'string' ? (readColour(c) ?? []) : []))
  return found.length > 0 ? found.slice(0, 60) : DEFAULT_COLORS
}

function readPages(value: unknown, references: readonly Reference[], notes: string[]): Page[] {
  const list = asList(value).filter(isJson)
  if (list.length > LIMITS.pages) notes.push(texts.onlyTheFirstPages(LIMITS.pages))
  const ids = new Set<string>()
  return list.slice(0, LIMITS.pages).map(page => {
    const { id, style, elements, ...kept } = page
    const all = asList(elements).filter(isJson)
    if (all.length > LIMITS.elements) notes.push(texts.onlyTheFirstElements(LIMITS.elements))
    return {
      id: fresh(id, 'page', ids),
      background: readColour(asText(asJson(style).background)),
      elements: all.slice(0, LIMITS.elements).map(element => readElement(element, references, ids)),
      kept,
    }
  })
}

/** An id that no other part of the workpad has. */
function fresh(id: unknown, prefix: 'page' | 'element', ids: Set<string>): string {
  const own = typeof id === 'string' && id !== '' && id.length <= 200 && !ids.has(id) ? id : newId(prefix)
  ids.add(own)
  return own
}

function readElement(element: Json, references: readonly Reference[], ids: Set<string>): Element {
  const { id, position, expression, filter, ...kept } = element
  const before = asText(id)
  const named = references.filter(r => before !== '' && r.name.startsWith(`${before}:`))
  return {
    id: fresh(id, 'element', ids),
    place: readPlace(asJson(position)),
    expression: withIds(asText(expression), named),
    filter: asText(filter) || null,
    kept: { ...kept, ...(asText(asJson(position).parent) !== '' && { parent: asJson(position).parent }) },
  }
}

/** Elements may stand partly outside of their page, as Kibana lets them. */
function readPlace(position: Json): Place {
  const far = LIMITS.mostSide * 2
  const at = (value: unknown) => clamp(asNumber(value) ?? 0, -far, far)
  const side = (value: unknown) => clamp(asNumber(value) ?? 100, LIMITS.leastElement, far)
  return {
    left: at(position.left),
    top: at(position.top),
    width: side(position.width),
    height: side(position.height),
    angle: (asNumber(position.angle) ?? 0) % 360,
  }
}

/** The names of references in an expression become the ids that they stand for. */
function withIds(text: string, references: readonly Reference[]): string {
  if (references.length === 0) return text
  let expression: Expression
  try {
    expression = parseExpression(text)
  } catch {
    return text
  }
  let changed = false
  for (const one of expression.calls)
    for (const arg of one.args) {
      const found = references.find(
        r =>
          arg.name === 'id' && !isExpression(arg.value) && r.name.replace(/^.*?:(l\d+_)?/, '') === arg.value,
      )
      if (!found) continue
      arg.value = found.id
      changed = true
    }
  return changed ? printExpression(expression) : text
}

function readAssets(value: unknown, notes: string[]): Asset[] {
  return Object.entries(asJson(value)).flatMap(([id, asset]) => {
    const { value: url, id: _, ...kept } = asJson(asset)
    if (typeof url === 'string' && readDataUrl(url) !== null) return [{ id, value: url, kept }]
    notes.push(texts.anImageOfTheWorkpad)
    return []
  })
}

function readVariables(value: unknown): Workpad['variables'] {
  return asList(value).flatMap(one => {
    const { name, type, value: held } = asJson(one)
    if (typeof name !== 'string' || name === '') return []
    if (typeof held !== 'string' && typeof held !== 'number' && typeof held !== 'boolean') return []
    return [{ name, type: asText(type, typeof held), value: held }]
  })
}

function rangeOf(from: unknown, to: unknown): TimeRange | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null
  return resolveRange({ from, to }, Date.now()) === null ? null : { from, to }
}

/** Kibana's workpads have their time in an element: `timefilter from="now-14d" to=now column=@timestamp`. */
function rangeOfFilters(pages: readonly Page[]): TimeRange | null {
  for (const { filter } of pages.flatMap(p => p.elements)) {
    if (filter === null) continue
    try {
      const found = parseExpression(filter).calls.find(c => c.name === 'timefilter')
      const bound = (name: string) => found?.args.find(a => a.name === name)?.value
      const range = rangeOf(bound('from'), bound('to') ?? 'now')
      if (range) return range
    } catch {
      // A filter that cannot be read is none.
    }
  }
  return null
}

/** The expression of something of the library. */
export const libraryExpression = (type: string, id: string): string | null => {
  const name = { visualization: 'savedVisualization', lens: 'savedLens', search: 'savedSearch' }[type]
  return name === undefined ? null : printExpression({ calls: [call(name, { id }), call('render')] })
}
