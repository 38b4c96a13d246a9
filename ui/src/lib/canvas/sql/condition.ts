// A condition of SQL as a query of a search.

import type { Field } from '../../fields'
import type { Query } from '../../kql/dsl'
import type { Condition } from './query'

/** A field as a search compares and aggregates it: a text by its keyword. */
export function fieldOf(name: string, fields: readonly Field[]): string {
  return fields.find(f => f.name === name)?.aggregateOn ?? name
}

const BOUNDS = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' } as const

export function queryOf(condition: Condition, fields: readonly Field[]): Query {
  const exactly = (name: string, value: unknown): Query => {
    const field = fields.find(f => f.name === name)
    return field?.kind === 'text' && field.aggregateOn === null
      ? { match_phrase: { [name]: value } }
      : { term: { [fieldOf(name, fields)]: value } }
  }
  switch (condition.kind) {
    case 'and':
      return { bool: { filter: condition.parts.map(p => queryOf(p, fields)) } }
    case 'or':
      return { bool: { should: condition.parts.map(p => queryOf(p, fields)), minimum_should_match: 1 } }
    case 'not':
      return { bool: { must_not: [queryOf(condition.of, fields)] } }
    case 'compare': {
      const { name, operator, value } = condition
      if (operator === '=') return exactly(name, value)
      // SQL leaves out what has no value, also where it asks for another one.
      if (operator === '!=')
        return { bool: { filter: [{ exists: { field: name } }], must_not: [exactly(name, value)] } }
      return { range: { [fieldOf(name, fields)]: { [BOUNDS[operator]]: value } } }
    }
    case 'in':
      return { terms: { [fieldOf(condition.name, fields)]: condition.values } }
    case 'like': {
      const pattern = condition.pattern
        .replace(/[\\*?]/g, c => `\\${c}`)
        .replaceAll('%', '*')
        .replaceAll('_', '?')
      return { wildcard: { [fieldOf(condition.name, fields)]: { value: pattern } } }
    }
    case 'exists':
      return { exists: { field: condition.name } }
    case 'match':
      return { match: { [condition.name]: condition.text } }
    case 'query':
      return { query_string: { query: condition.text } }
  }
}
