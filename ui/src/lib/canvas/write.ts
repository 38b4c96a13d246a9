// The model as Kibana 8 saves it.

import type { Reference } from '../savedobjects'
import type { Json } from '../vis/json'
import { isExpression, parseExpression, printExpression } from './expression'
import type { Element, Page, Workpad } from './model'
import { TIME_VARIABLES } from './read'

const LIBRARY: Record<string, string> = {
  savedLens: 'lens',
  savedSearch: 'search',
  savedVisualization: 'visualization',
}

export function writeWorkpad(workpad: Workpad): { attributes: Json; references: Reference[] } {
  const references: Reference[] = [...workpad.kept.references]
  const { name, width, height, pages, assets, colors, css, variables, range, refresh, kept } = workpad
  const now = new Date().toISOString()
  const time = [
    ...(range === null
      ? []
      : [
          { name: TIME_VARIABLES.from, type: 'string', value: range.from },
          { name: TIME_VARIABLES.to, type: 'string', value: range.to },
        ]),
    ...(refresh === null ? [] : [{ name: TIME_VARIABLES.refresh, type: 'number', value: refresh }]),
  ]
  return {
    attributes: {
      ...kept.attributes,
      name,
      width,
      height,
      page: 0,
      pages: pages.map(page => writePage(page, references)),
      assets: Object.fromEntries(assets.map(a => [a.id, { ...a.kept, id: a.id, value: a.value }])),
      colors,
      css,
      variables: [...variables, ...time],
      isWriteable: true,
      '@timestamp': now,
    },
    references,
  }
}

const writePage = ({ id, background, elements, kept }: Page, references: Reference[]): Json => ({
  transition: {},
  groups: [],
  ...kept,
  id,
  style: { background: background ?? '#FFF' },
  elements: elements.map(element => writeElement(element, references)),
})

function writeElement({ id, place, expression, filter, kept }: Element, references: Reference[]): Json {
  const { parent, ...others } = kept
  return {
    ...others,
    id,
    position: { ...place, parent: typeof parent === 'string' ? parent : null },
    expression: withReferences(id, expression, references),
    ...(filter !== null && { filter }),
  }
}

/** Ids of the library become names of references, so that exports carry what they stand for. */
function withReferences(element: string, text: string, references: Reference[]): string {
  try {
    const expression = parseExpression(text)
    let changed = false
    for (const call of expression.calls) {
      const type = Object.hasOwn(LIBRARY, call.name) ? LIBRARY[call.name] : undefined
      if (type === undefined) continue
      for (const arg of call.args) {
        if ((arg.name ?? 'id') !== 'id' || isExpression(arg.value)) continue
        const name = `${call.name}.id`
        references.push({ name: `${element}:${name}`, type, id: String(arg.value) })
        arg.name = 'id'
        arg.value = name
        changed = true
      }
    }
    return changed ? printExpression(expression) : text
  } catch {
    // What cannot be read refers to nothing, and is kept as it is.
    return text
  }
}
