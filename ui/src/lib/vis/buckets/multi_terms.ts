// A bucket per combination of values of several fields.

import { texts } from '../../../texts/vis'
import { VisError } from '../error'
import { customFilter, phraseFilter, visFilterClauses } from '../filter'
import { asList, asNumber, asText } from '../json'
import { type BucketKind, filterValue, listOf, nameOf, resolveField } from './bucket'
import { orderOf } from './terms'

/** Between the values of a combination. */
const JOINT = ' › '

export const multiTerms: BucketKind = {
  label: texts.combinationsOfValues,
  field: 'none',
  level: (agg, scope) => {
    const found = asList(agg.params.fields)
      .map(name => asText(name))
      .filter(name => name !== '')
      .map(field => resolveField({ ...agg, params: { field } }, scope.context))
    const fields = found.map(f => f.field)
    if (fields.length < 2) throw new VisError(texts.combinationsAreOfTwo, agg.id)
    const order = orderOf(agg, scope)
    return {
      agg,
      name: nameOf(agg, fields.join(JOINT)),
      format: { kind: 'text' },
      aggregation: {
        multi_terms: {
          terms: fields.map(field => ({ field })),
          size: asNumber(agg.params.size) ?? 10,
          order: order.by,
        },
      },
      needs: order.needs,
      step: null,
      read: answer =>
        listOf(answer).map(raw => {
          const values = asList(raw.key).map(key => filterValue({ key }))
          const text = values.map(String).join(JOINT)
          const { filter } = visFilterClauses(
            fields.flatMap((field, at) => (values[at] === undefined ? [] : phraseFilter(field, values[at]))),
          )
          return { key: text, text, filter: customFilter({ bool: { filter } }, text), raw }
        }),
      notes: [...found.map(f => f.note), order.note].filter(n => n !== null),
    }
  },
}
