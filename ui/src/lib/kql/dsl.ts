// A KQL tree to Elasticsearch's query DSL. The forms are the ones that Kibana
// sends, less the `should` with a single clause that it wraps around each leaf.

import { type Node, parseKql, type Value } from './parse'

export type Query = Record<string, unknown>

/** KQL text to query DSL; throws KqlError. */
export function kqlToQuery(text: string): Query {
  return toQuery(parseKql(text))
}

function toQuery(node: Node): Query {
  switch (node.kind) {
    case 'all':
      return { match_all: {} }
    case 'and':
      return { bool: { filter: node.children.map(toQuery) } }
    case 'or':
      return { bool: { should: node.children.map(toQuery), minimum_should_match: 1 } }
    case 'not':
      return { bool: { must_not: [toQuery(node.child)] } }
    case 'nested':
      return {
        nested: { path: node.path, query: toQuery(prefixed(node.child, node.path)), score_mode: 'none' },
      }
    case 'range':
      return { range: { [plain(node.field)]: { [node.operator]: scalar(node.value) } } }
    case 'is':
      return is(node.field, node.value)
  }
}

function is(field: Value | null, value: Value): Query {
  if (field === null || field.kind === 'wildcard') return inFields(field, value)
  if (value.kind === 'phrase') return { match_phrase: { [field.text]: value.text } }
  if (value.kind === 'literal') return { match: { [field.text]: scalar(value) } }
  if (matchesAnything(value)) return { exists: { field: field.text } }
  return { query_string: { fields: [field.text], query: luceneWildcard(value) } }
}

/** A value in every field, or in those whose name fits a pattern. */
function inFields(field: Value | null, value: Value): Query {
  const fields = field === null || matchesAnything(field) ? {} : { fields: [plain(field)] }
  if (value.kind === 'wildcard') {
    if (matchesAnything(value) && field === null) return { match_all: {} }
    return { query_string: { ...fields, query: luceneWildcard(value) } }
  }
  const type = value.kind === 'phrase' ? 'phrase' : 'best_fields'
  return { multi_match: { type, query: value.text, lenient: true, ...fields } }
}

function matchesAnything(value: Value): boolean {
  return value.kind === 'wildcard' && value.parts.every(part => part === '')
}

function plain(value: Value): string {
  return value.kind === 'wildcard' ? value.parts.join('*') : value.text
}

/**
 * Unquoted true and false are booleans. Numbers stay text, which the server
 * reads by the field's type: JSON numbers would round 64-bit integers.
 */
function scalar(value: Value): string | boolean {
  if (value.kind === 'literal' && (value.text === 'true' || value.text === 'false'))
    return value.text === 'true'
  return plain(value)
}

function luceneWildcard(value: Value & { kind: 'wildcard' }): string {
  return value.parts.map(escapeLucene).join('*')
}

/** Escapes what has a meaning in query_string, spaces included. */
function escapeLucene(text: string): string {
  return text.replace(/[+\-=&|!(){}[\]^"~*?:\\/\s<>]/g, '\\$&')
}

function prefixed(node: Node, path: string): Node {
  const name = (field: Value): Value =>
    field.kind === 'wildcard'
      ? { kind: 'wildcard', parts: [`${path}.${field.parts[0] ?? ''}`, ...field.parts.slice(1)] }
      : { ...field, text: `${path}.${field.text}` }
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, children: node.children.map(child => prefixed(child, path)) }
    case 'not':
      return { kind: 'not', child: prefixed(node.child, path) }
    case 'is':
      return { ...node, field: node.field === null ? null : name(node.field) }
    case 'range':
      return { ...node, field: name(node.field) }
    case 'nested':
      return { kind: 'nested', path: `${path}.${node.path}`, child: prefixed(node.child, path) }
    case 'all':
      return node
  }
}
