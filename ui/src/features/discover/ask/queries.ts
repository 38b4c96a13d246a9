// What a question needs to know of the events: the values of their fields.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { search } from '../../../api/client'
import { decodeBuckets } from '../../../api/schemas/search'
import type { World } from '../../../lib/ask/ask'
import { wordsOf } from '../../../lib/ask/words'
import { canAggregate, type Field } from '../../../lib/fields'
import type { Query } from '../../../lib/kql/dsl'
import type { Subject } from '../queries'

/** More fields and values than these make the question slow and its words ambiguous. */
const MAX_FIELDS = 40
const MAX_NUMBERS = 60
const MAX_VALUES = 50
/** Words that are looked up by themselves. */
const MAX_IDS = 3
const VALUES_MILLIS = 60_000

/** A word that looks like an id: it may be a value that is not among the most frequent ones. */
const isId = (word: string) => word.length > 3 && /[\d]/.test(word) && /[\p{L}_-]/u.test(word)

const depth = (field: Field) => field.name.split('.').length

/** The fields of a view with the values that a question can name; what it asks for is read of the last day, or of all where that has nothing. */
export function useWorld(place: Subject | null, fields: readonly Field[], question: string | null) {
  const ids = wordsOf(question ?? '')
    .filter(w => !w.quoted && isId(w.text))
    .slice(0, MAX_IDS)
    .map(w => w.typed)
  return useQuery({
    queryKey: ['ask', place?.index, place?.timeField, fields.length, ids],
    queryFn: async ({ signal }): Promise<World> => {
      const { index, timeField } = place as Subject
      const usable = fields.filter(f => canAggregate(f) && f.aggregateOn !== null)
      const named = usable
        .filter(f => f.kind === 'keyword' || f.kind === 'text')
        .sort((a, b) => depth(a) - depth(b))
        .slice(0, MAX_FIELDS)
      const numbers = usable.filter(f => f.kind === 'number').slice(0, MAX_NUMBERS)
      const aggs: Record<string, unknown> = {}
      named.forEach((f, i) => {
        aggs[`values_${i}`] = { terms: { field: f.aggregateOn, size: MAX_VALUES } }
        if (ids.length > 0)
          aggs[`ids_${i}`] = {
            filters: {
              filters: Object.fromEntries(ids.map(id => [id, { term: { [f.aggregateOn as string]: id } }])),
            },
          }
      })
      numbers.forEach((f, i) => {
        aggs[`numbers_${i}`] = { filters: { filters: { all: { exists: { field: f.name } } } } }
      })
      const of = (query: Query) => search(index, { query, size: 0, track_total_hits: true, aggs }, signal)
      const lately = await of({ range: { [timeField]: { gte: 'now-1d' } } })
      const { aggregations } = (lately.total?.value ?? 0) > 0 ? lately : await of({ match_all: {} })
      const values: World['values'][number][] = []
      const present = new Set(usable.filter(f => f.kind !== 'number' && !named.includes(f)).map(f => f.name))
      named.forEach((f, i) => {
        const on = f.aggregateOn as string
        for (const { keyText, count } of decodeBuckets(aggregations, `values_${i}`).buckets)
          values.push({ field: on, value: keyText, count })
        if (values.at(-1)?.field === on) present.add(f.name)
        if (ids.length === 0) return
        for (const { keyText: value, count } of decodeBuckets(aggregations, `ids_${i}`).buckets)
          if (count > 0 && !values.some(v => v.field === on && v.value === value))
            values.push({ field: on, value, count })
      })
      numbers.forEach((f, i) => {
        if ((decodeBuckets(aggregations, `numbers_${i}`).buckets[0]?.count ?? 0) > 0) present.add(f.name)
      })
      return { fields, timeField, values, present }
    },
    enabled: place !== null && question !== null,
    staleTime: VALUES_MILLIS,
    placeholderData: keepPreviousData,
  })
}
