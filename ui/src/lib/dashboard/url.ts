// What a link to a dashboard reproduces beside what is saved: the time, the search, filters, the choice of each control.

import type { TimeRange } from '../time/range'
import type { Millis } from '../time/units'
import { readFilter, type VisFilter } from '../vis/filter'
import { asJson, asList, asNumber, parseObject } from '../vis/json'
import type { VisQuery } from '../vis/model'
import type { ControlChoice } from './model'

/** Null takes what the dashboard is saved with. */
export interface DashboardState {
  range: TimeRange | null
  /** 0 asks again only on demand. */
  refresh: Millis | null
  query: VisQuery | null
  filters: VisFilter[] | null
  choices: Record<string, ControlChoice>
  /** Nothing but the data. */
  full: boolean
  /** The panel that fills the page; null for none. */
  panel: string | null
}

export function parseDashboardUrl(search: string): DashboardState {
  const params = new URLSearchParams(search)
  const [from, to] = [params.get('from'), params.get('to')]
  const query = params.get('q')
  const refresh = /^(\d{1,6})s?$/.exec(params.get('refresh') ?? '')
  return {
    range: from && to ? { from, to } : null,
    refresh: refresh ? Number(refresh[1]) * 1000 : null,
    query: query === null ? null : { query, language: params.get('lang') === 'lucene' ? 'lucene' : 'kuery' },
    filters: params.has('f') ? params.getAll('f').flatMap(text => readFilter(parseObject(text)) ?? []) : null,
    choices: Object.fromEntries(
      [...params].flatMap(([name, value]) => {
        const choice = name.startsWith('c.') ? readChoice(value) : null
        return choice === null ? [] : [[name.slice(2), choice]]
      }),
    ),
    full: params.get('full') === '1',
    panel: params.get('panel'),
  }
}

export function formatDashboardUrl(state: DashboardState): string {
  const params = new URLSearchParams()
  if (state.range !== null) {
    params.set('from', state.range.from)
    params.set('to', state.range.to)
  }
  if (state.refresh !== null) params.set('refresh', `${state.refresh / 1000}s`)
  if (state.query !== null) {
    params.set('q', state.query.query)
    if (state.query.language === 'lucene') params.set('lang', 'lucene')
  }
  if (state.filters !== null) {
    for (const filter of state.filters) params.append('f', JSON.stringify(filter))
    // No filter at all is something else than those that are saved.
    if (state.filters.length === 0) params.set('f', '')
  }
  for (const [id, choice] of Object.entries(state.choices)) params.set(`c.${id}`, JSON.stringify(choice))
  if (state.full) params.set('full', '1')
  if (state.panel !== null) params.set('panel', state.panel)
  return params.toString().replace(/%(2A|3A|2F|2C|40|21)/g, code => decodeURIComponent(code))
}

function readChoice(text: string): ControlChoice | null {
  const read = asJson(parseObject(text))
  if (read.kind === 'options')
    return { kind: 'options', values: asList(read.values).map(String), exclude: read.exclude === true }
  if (read.kind === 'range') return { kind: 'range', from: asNumber(read.from), to: asNumber(read.to) }
  return null
}

/** The address of a dashboard that is not saved yet. */
export const NEW = 'new'

const ROOT = '/dashboards/'

/** The id in the path of a dashboard's address; it may have slashes, escaped or not. */
export function dashboardOf(path: string): string {
  const id = path.slice(ROOT.length)
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

export const dashboardUrl = (id: string, state?: DashboardState): string => {
  const query = state ? formatDashboardUrl(state) : ''
  return `${ROOT}${encodeURIComponent(id)}${query === '' ? '' : `?${query}`}`
}
