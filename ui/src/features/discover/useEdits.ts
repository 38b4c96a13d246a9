import { useMemo } from 'react'
import { addFilter, exists, is, isFilterValue, pinnedOf, words } from '../../lib/filters'
import type { Discover } from './useDiscover'

/** The changes to the search that any part of the page can ask for. */
export function useEdits({ state, update, columns }: Discover) {
  const { filters } = state
  return useMemo(
    () => ({
      filter: (field: string, value: unknown, negated: boolean) => {
        if (isFilterValue(value)) update({ filters: addFilter(filters, is(field, value, negated)) })
      },
      filterWords: (field: string, text: string, negated: boolean) =>
        update({
          filters: addFilter(filters, words(field, text, negated)),
          ...(!negated && { tab: 'events' as const }),
        }),
      /** The events that have none of these texts. */
      filterWithoutWords: (field: string, texts: readonly string[]) =>
        update({
          filters: texts.reduce((all, text) => addFilter(all, words(field, text, true)), filters),
          tab: 'events',
        }),
      filterExists: (field: string) => update({ filters: addFilter(filters, exists(field)) }),
      toggleColumn: (field: string) =>
        update({
          columns: columns.includes(field) ? columns.filter(c => c !== field) : insertColumn(columns, field),
        }),
      clearConditions: () => update({ query: '', filters: pinnedOf(filters) }),
    }),
    [filters, columns, update],
  )
}

export type Edits = ReturnType<typeof useEdits>

/** Before the last column, which is the wide one. */
function insertColumn(columns: string[], field: string): string[] {
  return columns.length === 0 ? [field] : columns.toSpliced(columns.length - 1, 0, field)
}
