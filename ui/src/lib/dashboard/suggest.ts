// A dashboard from nothing but the fields of a data view, and how they are filled.

import { texts } from '../../texts/boards'
import { canAggregate, type Field } from '../fields'
import { LEVEL_FIELDS } from '../levels'
import type { DataViewInfo } from '../savedobjects'
import type { Vis } from '../vis/model'
import { newVis } from '../vis/model'
import { isMeasure, suggestions } from '../vis/suggest'
import { type Control, type Dashboard, emptyChoice, freshId } from './model'
import { addPanel, ownSource } from './panels'

/** How a field is filled: the share of documents that have it, from 0 to 1, and how many different values there are. */
export interface Filling {
  share: number
  values: number
}

/** As many fields as one search asks for. */
const ASKED = 32
const LEAST_SHARE = 0.05
/** More values than these are names of single things. */
const MOST_VALUES = 500

/** Parts of names that tell what people ask about first. */
const TELLING = [
  /(service|app|component|module|logger)/i,
  /(tool|endpoint|route|path|url|operation|action|event|method)/i,
  /(status|code|outcome|result|error)/i,
  /(model|version|environment|region)/i,
  /(host|pod|container|node|user|client)/i,
]

const plain = (name: string) => name.replace(/\.keyword$/, '')
const isLevel = ({ name }: Field) => LEVEL_FIELDS.includes(plain(name))
const rank = ({ name }: Field): number => {
  const at = TELLING.findIndex(part => part.test(name))
  return at < 0 ? TELLING.length : at
}
const isValue = ({ kind }: Field) => ['keyword', 'text', 'boolean', 'ip'].includes(kind)

/** The fields that are worth asking about: those whose names tell most first. */
export function candidates(fields: readonly Field[]): Field[] {
  const usable = fields.filter(f => (canAggregate(f) && f.aggregateOn !== null) || f.kind === 'geo')
  const values = usable
    .filter(isValue)
    .toSorted((a, b) => Number(isLevel(b)) - Number(isLevel(a)) || rank(a) - rank(b))
  const measures = usable.filter(isMeasure)
  const places = usable.filter(f => f.kind === 'geo')
  return [...places.slice(0, 2), ...measures.slice(0, 8), ...values].slice(0, ASKED)
}

/** The panels and controls that suit the data, beside what the dashboard has. */
export function suggestDashboard(
  dashboard: Dashboard,
  view: DataViewInfo,
  fields: readonly Field[],
  fillingOf: (field: Field) => Filling,
): Dashboard {
  const filled = candidates(fields).filter(f => fillingOf(f).share >= LEAST_SHARE)
  const values = filled.filter(f => {
    const { values: n } = fillingOf(f)
    return isValue(f) && n >= 2 && n <= MOST_VALUES
  })
  const level = values.find(isLevel) ?? null
  const others = values.filter(f => f !== level)
  const measures = filled.filter(isMeasure)
  const place = filled.find(f => f.kind === 'geo') ?? null
  const first = level ?? others[0] ?? null
  const { timeField } = view

  let out = dashboard
  const add = (vis: Vis | undefined, size: [number, number]) => {
    if (vis === undefined) return
    const whole = { ...vis, search: { ...vis.search, index: view.id } }
    out = addPanel(out, ownSource(whole), size).dashboard
  }
  const chart = (field: Field, type: Vis['type']) => suggestions(field, timeField).find(v => v.type === type)
  if (timeField !== null) {
    const date = fields.find(f => f.name === timeField)
    const overTime = first ? chart(first, 'histogram') : date && suggestions(date, timeField)[0]
    add(overTime, first ? [32, 13] : [48, 13])
  }
  if (first) add(chart(first, 'pie'), [16, 13])
  const spread = measures.slice(0, 2)
  for (const field of spread) add(suggestions(field, timeField)[0], [48 / spread.length, 13])
  const listed = others.filter(f => f !== first).slice(0, 3)
  for (const field of listed) add(chart(field, 'horizontal_bar'), [48 / listed.length, 13])
  if (place) add(suggestions(place, timeField)[0], [48, 16])
  add({ ...newVis('top_hits_table', [], { columns: [], size: 50 }), title: texts.newestDocuments }, [48, 15])

  const asked = [...(level ? [level] : []), ...others].slice(0, 3)
  for (const field of asked) {
    const control: Control = {
      id: freshId(out),
      kind: 'options',
      title: plain(field.name),
      field: field.aggregateOn ?? field.name,
      view: view.id === '' ? null : view.id,
      chosen: emptyChoice('options'),
    }
    out = { ...out, controls: [...out.controls, control] }
  }
  return { ...out, title: out.title || texts.overviewOf(view.name) }
}
