// What controls and filters ask of every panel.

import type { VisFilter } from '../vis/filter'
import { rangeFilter } from '../vis/filter'
import type { VisQuery } from '../vis/model'
import { type Control, type Dashboard, isEmptyChoice } from './model'
import type { DashboardState } from './url'

/** A control's choice as a filter; null where nothing is chosen. */
export function controlFilter({ field, title, chosen }: Control): VisFilter | null {
  if (isEmptyChoice(chosen)) return null
  if (chosen.kind === 'range') {
    const bounds = {
      ...(chosen.from !== null && { gte: chosen.from }),
      ...(chosen.to !== null && { lte: chosen.to }),
    }
    return rangeFilter(field, bounds)
  }
  return {
    meta: {
      type: 'phrases',
      key: field,
      alias: `${title}: ${chosen.values.join(', ')}`,
      negate: chosen.exclude,
      disabled: false,
      params: chosen.values,
    },
    query: {
      bool: {
        should: chosen.values.map(value => ({ match_phrase: { [field]: value } })),
        minimum_should_match: 1,
      },
    },
  }
}

/** What a dashboard, looked at as its address says, asks of every panel. */
export function narrowingOf(
  { query, filters, controls }: Pick<Dashboard, 'query' | 'filters' | 'controls'>,
  at: DashboardState,
): { query: VisQuery; filters: VisFilter[] } {
  const chosen = controls.flatMap(c => controlFilter({ ...c, chosen: at.choices[c.id] ?? c.chosen }) ?? [])
  return { query: at.query ?? query, filters: [...(at.filters ?? filters), ...chosen] }
}

const sameQuery = (a: VisFilter, b: VisFilter) => JSON.stringify(a.query) === JSON.stringify(b.query)

/** Adds filters; one with the same query is replaced, so that in and out do not contradict each other. */
export function addFilters(filters: readonly VisFilter[], added: readonly VisFilter[]): VisFilter[] {
  const out = [...filters]
  for (const one of added) {
    const at = out.findIndex(f => sameQuery(f, one))
    if (at < 0) out.push(one)
    else out[at] = one
  }
  return out
}
