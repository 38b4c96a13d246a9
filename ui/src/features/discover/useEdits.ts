import { useMemo } from 'react'
import type { LogEvent } from '../../lib/events'
import { addFilter, exists, is, isFilterValue } from '../../lib/filters'
import { absoluteRange } from '../../lib/time/range'
import { HOUR, SECOND } from '../../lib/time/units'
import type { Discover } from './useDiscover'

/** How much to show before and after an event, and for the story it belongs to. */
const AROUND = 30 * SECOND
const STORY = HOUR

/** The changes to the search that any part of the page can ask for. */
export function useEdits({ state, update, columns }: Discover) {
  const { filters } = state
  return useMemo(
    () => ({
      filter: (field: string, value: unknown, negated: boolean) => {
        if (isFilterValue(value)) update({ filters: addFilter(filters, is(field, value, negated)) })
      },
      filterExists: (field: string) => update({ filters: addFilter(filters, exists(field)) }),
      toggleColumn: (field: string) =>
        update({
          columns: columns.includes(field) ? columns.filter(c => c !== field) : insertColumn(columns, field),
        }),
      clearConditions: () => update({ query: '', filters: [] }),
      around: (event: LogEvent) =>
        update({
          query: '',
          filters: [],
          range: absoluteRange(event.at - AROUND, event.at + AROUND),
          refreshMode: null,
        }),
      follow: (field: string, value: string, event: LogEvent) =>
        update({
          query: '',
          filters: [is(field, value)],
          range: absoluteRange(event.at - STORY, event.at + STORY),
          refreshMode: null,
        }),
    }),
    [filters, columns, update],
  )
}

export type Edits = ReturnType<typeof useEdits>

/** Before the last column, which is the wide one. */
function insertColumn(columns: string[], field: string): string[] {
  return columns.length === 0 ? [field] : columns.toSpliced(columns.length - 1, 0, field)
}
