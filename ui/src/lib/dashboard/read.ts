// Saved dashboards of Kibana 7 and 8 to the model. The server has made references of what still older ones name inside.

import { texts } from '../../texts/boards'
import type { Reference, SavedObject } from '../savedobjects'
import type { TimeRange } from '../time/range'
import { readFilter } from '../vis/filter'
import { asJson, asList, asNumber, asText, entryOf, isJson, type Json, parseObject } from '../vis/json'
import { readQuery } from '../vis/read'
import { readSavedVis } from './by_value'
import {
  type Annotation,
  COLUMNS,
  type Control,
  type ControlChoice,
  type Dashboard,
  type Panel,
  type PanelSource,
  type Place,
} from './model'

const READ_ATTRIBUTES = new Set([
  'title',
  'description',
  'panelsJSON',
  'optionsJSON',
  'controlGroupInput',
  'kibanaSavedObjectMeta',
  'timeRestore',
  'timeFrom',
  'timeTo',
  'refreshInterval',
  'version',
  'hits',
])

export function readDashboard(object: Pick<SavedObject, 'attributes' | 'references'>): Dashboard {
  const { attributes, references } = object
  const notes: string[] = []
  const options = parsedOr(attributes.optionsJSON, 'optionsJSON', notes)
  const { annotations, ...otherOptions } = options
  const controls = readControls(asJson(attributes.controlGroupInput), references, notes)
  const source = readSource(attributes)
  const from = asText(attributes.timeFrom)
  const refresh = asJson(attributes.refreshInterval)
  const every = refresh.pause === true ? 0 : (asNumber(refresh.value) ?? 0)
  return {
    title: asText(attributes.title),
    description: asText(attributes.description),
    panels: readPanels(attributes.panelsJSON, references, notes),
    controls: controls.list,
    annotations: asList(annotations).flatMap(readAnnotation),
    ...source,
    range:
      attributes.timeRestore === true && from !== '' ? { from, to: asText(attributes.timeTo, 'now') } : null,
    refresh: every > 0 ? every : null,
    hideTitles: options.hidePanelTitles === true,
    notes,
    kept: {
      attributes: Object.fromEntries(
        Object.entries(attributes).filter(([name]) => !READ_ATTRIBUTES.has(name)),
      ),
      options: otherOptions,
      controls: controls.kept,
      references: references.filter(r => r.type === 'tag'),
    },
  }
}

function parsedOr(value: unknown, name: string, notes: string[]): Json {
  if (value === undefined || value === '') return {}
  const read = typeof value === 'string' ? parseObject(value) : isJson(value) ? value : null
  if (read === null) notes.push(texts.itsCannotBeRead(name))
  return read ?? {}
}

function readSource(attributes: Json): Pick<Dashboard, 'query' | 'filters'> {
  const text = asText(asJson(attributes.kibanaSavedObjectMeta).searchSourceJSON)
  const source = (text === '' ? null : parseObject(text)) ?? {}
  return { query: readQuery(source.query), filters: asList(source.filter).flatMap(f => readFilter(f) ?? []) }
}

function readPanels(value: unknown, references: readonly Reference[], notes: string[]): Panel[] {
  let list: unknown = value
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value)
    } catch {
      notes.push(texts.itsPanelsCannotBeRead)
      return []
    }
  }
  const taken = new Set<string>()
  return asList(list).flatMap((one, at): Panel[] => {
    if (!isJson(one)) return []
    let id = asText(one.panelIndex, asText(asJson(one.gridData).i, String(at + 1)))
    while (id === '' || taken.has(id)) id = `${id}_${at + 1}`
    taken.add(id)
    return [readPanel(one, id, at, references)]
  })
}

function readPanel(one: Json, id: string, at: number, references: readonly Reference[]): Panel {
  const {
    attributes,
    title,
    hidePanelTitles,
    timeRange,
    savedVis: _,
    ...config
  } = asJson(one.embeddableConfig)
  const range = readRange(timeRange)
  const named = asText(one.title, asText(title))
  return {
    id,
    place: readPlace(asJson(one.gridData), at),
    source: sourceOf(one, id, attributes, references),
    title: named === '' ? null : named,
    hideTitle: hidePanelTitles === true,
    range,
    config,
  }
}

/** What Kibana 9 calls kinds of panels whose objects kept their types. */
const NEW_NAMES: Record<string, string> = {
  discover_session: 'search',
  legacy_vis: 'visualization',
  vis: 'lens',
}

function sourceOf(one: Json, id: string, inside: unknown, references: readonly Reference[]): PanelSource {
  const written = asText(one.type, 'visualization')
  const type = entryOf(NEW_NAMES, written) ?? written
  const attributes = isJson(inside) ? inside : readSavedVis(asJson(one.embeddableConfig).savedVis)
  if (attributes !== null) {
    const prefix = `${id}:`
    const own = references
      .filter(r => r.name.startsWith(prefix))
      .map(r => ({ ...r, name: r.name.slice(prefix.length) }))
    const within = asList(attributes.references).flatMap(readReference)
    return { kind: 'own', type, attributes, references: own.length > 0 ? own : within }
  }
  const name = asText(one.panelRefName)
  const found =
    references.find(r => name !== '' && (r.name === `${id}:${name}` || r.name === name)) ??
    // From Kibana 8.19 on a panel does not say what its reference is called.
    references.find(r => r.name === `${id}:savedObjectRef`)
  if (found) return { kind: 'library', key: { type: found.type, id: found.id } }
  const direct = asText(one.id)
  return direct === '' ? { kind: 'lost', type } : { kind: 'library', key: { type, id: direct } }
}

function readReference(value: unknown): Reference[] {
  const { name, type, id } = asJson(value)
  return typeof type === 'string' && typeof id === 'string' ? [{ name: asText(name), type, id }] : []
}

/** Three to a row where no place is said. */
function readPlace(grid: Json, at: number): Place {
  const w = clamp(asNumber(grid.w) ?? 16, 1, COLUMNS)
  const x = clamp(asNumber(grid.x) ?? (at % 3) * 16, 0, COLUMNS - w)
  const y = clamp(asNumber(grid.y) ?? Math.floor(at / 3) * 12, 0, 100_000)
  return { x, y, w, h: clamp(asNumber(grid.h) ?? 12, 1, 1000) }
}

const clamp = (n: number, least: number, most: number) => Math.min(most, Math.max(least, Math.round(n)))

function readRange(value: unknown): TimeRange | null {
  const { from, to } = asJson(value)
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null
}

function readAnnotation(value: unknown): Annotation[] {
  const one = asJson(value)
  const index = asText(one.index)
  if (index === '') return []
  return [
    {
      id: asText(one.id, index),
      label: asText(one.label, texts.event),
      query: readQuery(one.query),
      index,
      timeField: asText(one.timeField, '@timestamp'),
      enabled: one.enabled !== false,
    },
  ]
}

function readControls(group: Json, references: readonly Reference[], notes: string[]) {
  const { panelsJSON, ...kept } = group
  const panels = parsedOr(panelsJSON, 'controlGroupInput', notes)
  const ordered = Object.entries(panels)
    .map(([id, panel]) => ({ id, panel: asJson(panel) }))
    .sort((a, b) => (asNumber(a.panel.order) ?? 0) - (asNumber(b.panel.order) ?? 0))
  const list = ordered.flatMap(({ id, panel }): Control[] => {
    const input = asJson(panel.explicitInput)
    const kind =
      panel.type === 'optionsListControl' ? 'options' : panel.type === 'rangeSliderControl' ? 'range' : null
    const field = asText(input.fieldName)
    if (kind === null || field === '') {
      notes.push(texts.aControlOfTheType(asText(panel.type, 'unknown')))
      return []
    }
    const linked = references.find(r => r.name.startsWith(`controlGroup_${id}:`))
    return [
      {
        id,
        kind,
        field,
        title: asText(input.title, field),
        view: linked?.id ?? (asText(input.dataViewId) || null),
        chosen: kind === 'options' ? readOptions(input) : readSpan(input),
      },
    ]
  })
  return { list, kept }
}

const readOptions = (input: Json): ControlChoice => ({
  kind: 'options',
  values: asList(input.selectedOptions).map(v => String(v)),
  exclude: input.exclude === true,
})

function readSpan(input: Json): ControlChoice {
  const [from, to] = asList(input.value).map(v => (v === '' ? null : asNumber(Number(v))))
  return { kind: 'range', from: from ?? null, to: to ?? null }
}
