// Documents as rows: their time, their level and the columns that tell most about them.

import { texts } from '../../texts/vis'
import { type LogEvent, toEvent } from '../events'
import { cellOf, chooseColumns, columnTitle, SUMMARY } from '../fields'
import { isFilterValue } from '../filters'
import { countPresent, flatten, valueText } from '../source'
import { phraseFilter } from './filter'
import { formatValue } from './format'
import { asList, asText } from './json'
import type { VisRequest } from './request'
import type { Cell, Column, Row } from './table'

export interface Hit {
  index: string
  id: string
  source: Record<string, unknown>
  sort: unknown[]
}

/** More would need scrolling sideways. */
const MAX_COLUMNS = 12

export function documentRows(request: VisRequest, hits: readonly Hit[]): { columns: Column[]; rows: Row[] } {
  const { timeField } = request.context
  const events = hits.map(hit => eventOf(hit, timeField))
  const present = countPresent(events.map(e => e.flat))
  const asked = asList(request.vis.params.columns)
    .map(name => asText(name))
    .filter(name => name !== '')
  const names = asked.length > 0 ? asked.slice(0, MAX_COLUMNS) : chooseColumns(present)
  const shown = [...(timeField === null ? [] : [timeField]), ...names.filter(n => n !== timeField)]
  return {
    columns: shown.map(name => column(name, name === timeField)),
    rows: events.map(event => ({ event, cells: shown.map(name => cell(event, name, timeField)) })),
  }
}

/** The time is the field's own, whatever the documents are sorted by. */
function eventOf(hit: Hit, timeField: string | null): LogEvent {
  const value = timeField === null ? undefined : flatten(hit.source).get(timeField)
  const at = typeof value === 'number' ? value : Date.parse(String(value))
  return toEvent(Number.isNaN(at) ? hit : { ...hit, sort: [at] })
}

const column = (name: string, time: boolean): Column => ({
  id: name,
  name: time ? texts.time : columnTitle(name),
  kind: 'field',
  agg: null,
  schema: 'metric',
  format: time ? { kind: 'date', step: 0 } : { kind: 'text' },
  step: null,
  additive: false,
})

function cell(event: LogEvent, name: string, timeField: string | null): Cell {
  if (name === timeField)
    return { value: event.at, text: formatValue(event.at, { kind: 'date', step: 0 }), filter: null }
  if (name === SUMMARY) {
    const { text, error } = event.summary
    const both = error === null ? text : `${text} · ${error}`
    return { value: both, text: both, filter: null }
  }
  const { field, value } = cellOf(name, event.flat)
  const filter = isFilterValue(value) ? phraseFilter(field, value) : null
  return { value: typeof value === 'number' ? value : valueText(value), text: valueText(value), filter }
}
