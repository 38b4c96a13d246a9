// What could be written at the cursor of a console text: methods, paths and parameters from the server's own route
// table, the members of a search, and the names of fields.

import { texts } from '../../texts/requests'
import { METHODS, type Token, tokenizeConsole } from './tokens'

export interface Endpoint {
  /** Variables in braces: /{index}/_search. */
  path: string
  methods: string[]
  params: string[]
  help: string
}

export interface Catalogue {
  endpoints: Endpoint[]
  commonParams: string[]
  queries: string[]
  aggregations: string[]
  /** Names of indices, which stand for {index}. */
  indices: string[]
  fields: { name: string; type: string }[]
}

export interface Candidate {
  insert: string
  label: string
  note?: string
  /** How far before the end of what is inserted the cursor goes. */
  back?: number
}

export interface ConsoleCompletion {
  start: number
  end: number
  candidates: Candidate[]
}

const SHOWN = 60

export function completeConsole(
  text: string,
  cursor: number,
  catalogue: Catalogue,
): ConsoleCompletion | null {
  const tokens = tokenizeConsole(text)
  const inside = tokens.find(t => t.start < cursor && (cursor < t.end || (cursor === t.end && touches(t))))
  if (inside?.kind === 'comment') return null
  const before = tokens.filter(t => t.end <= cursor && t !== inside)
  const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor)
  const methodAt = before.findLastIndex(t => t.kind === 'method')
  const method = before[methodAt]
  const onLine = /^[ \t]*[a-z]+[ \t]+/i.exec(line)
  if (method && onLine && method.end > cursor - line.length)
    return inPath(
      text,
      cursor,
      text.slice(method.start, method.end).toUpperCase(),
      onLine[0].length,
      line,
      catalogue,
    )
  const body = before.slice(methodAt + 1)
  if (/^[ \t]*[a-z]*$/i.test(line) && depthOf(text, body) === 0) return methods(cursor, line)
  if (!method || !body[0]) return null
  const path = body[0].kind === 'path' ? text.slice(body[0].start, body[0].end) : ''
  return inBody(text, cursor, inside, body.slice(path === '' ? 0 : 1), path, catalogue)
}

/** A closed text is not at its end; a name, a path or an open text goes on. */
const touches = (token: Token) =>
  token.kind === 'path' || token.kind === 'wrong' || token.kind === 'method' || token.kind === 'comment'

function methods(cursor: number, line: string): ConsoleCompletion {
  const typed = line.trimStart()
  const candidates = METHODS.slice(0, 5)
    .filter(m => m.startsWith(typed.toUpperCase()) && m !== typed)
    .map(m => ({ insert: `${m} `, label: m }))
  return { start: cursor - typed.length, end: cursor, candidates }
}

function inPath(
  text: string,
  cursor: number,
  method: string,
  pathStart: number,
  line: string,
  catalogue: Catalogue,
): ConsoleCompletion {
  const typed = line.slice(pathStart)
  const question = typed.indexOf('?')
  if (question >= 0) return inParams(cursor, typed, question, method, catalogue)
  const slash = typed.lastIndexOf('/')
  const prefix = typed.slice(slash + 1)
  const passed = typed
    .slice(0, slash + 1)
    .split('/')
    .filter(Boolean)
  const rest = /^[^\s?]*/.exec(text.slice(cursor))?.[0].length ?? 0
  const found = new Map<string, Candidate>()
  for (const endpoint of catalogue.endpoints) {
    if (!endpoint.methods.includes(method)) continue
    const parts = endpoint.path.split('/').filter(Boolean)
    const tail = parts.slice(passed.length)
    if (tail.length === 0 || !passed.every((p, i) => fits(p, parts[i]))) continue
    if (tail[0] === '{index}' && passed.length === 0) {
      for (const name of catalogue.indices)
        if (tail.length > 1 || !found.has(name))
          found.set(name, { insert: tail.length > 1 ? `${name}/` : name, label: name, note: texts.index })
      continue
    }
    const variable = tail.findIndex(isVariable)
    const literal = (variable < 0 ? tail : tail.slice(0, variable)).join('/')
    if (literal === '') continue
    const insert = variable < 0 ? literal : `${literal}/`
    const label = tail.join('/')
    if (!found.has(label)) found.set(label, { insert, label, note: endpoint.help })
  }
  return {
    start: cursor - prefix.length,
    end: cursor + rest,
    candidates: ranked([...found.values()], prefix),
  }
}

const isVariable = (part: string | undefined) => part?.startsWith('{') ?? false

/** Whether a written segment can stand for one of a template; names of indices do not begin with an underscore. */
function fits(written: string, part: string | undefined): boolean {
  if (part === undefined) return false
  return isVariable(part)
    ? part !== '{index}' || !written.startsWith('_') || written === '_all'
    : written === part
}

function inParams(
  cursor: number,
  typed: string,
  question: number,
  method: string,
  catalogue: Catalogue,
): ConsoleCompletion {
  const written = typed.slice(question + 1).split('&')
  const prefix = written.pop() ?? ''
  const parts = typed.slice(0, question).split('/').filter(Boolean)
  const named = catalogue.endpoints.filter(e => {
    const template = e.path.split('/').filter(Boolean)
    return (
      e.methods.includes(method) &&
      template.length === parts.length &&
      parts.every((p, i) => fits(p, template[i]))
    )
  })
  const used = new Set(written.map(p => p.split('=')[0]))
  const names = [...new Set([...named.flatMap(e => e.params), ...catalogue.commonParams])].filter(
    p => !used.has(p),
  )
  const candidates = prefix.includes('=')
    ? []
    : ranked(
        names.map(p => ({ insert: `${p}=`, label: p })),
        prefix,
      )
  return { start: cursor - prefix.length, end: cursor, candidates }
}

/** What begins with the prefix, then what holds it. */
function ranked(candidates: Candidate[], prefix: string): Candidate[] {
  const wanted = prefix.toLowerCase()
  const place = (c: Candidate) => c.label.toLowerCase().indexOf(wanted)
  return candidates
    .filter(c => place(c) >= 0 && c.insert !== prefix)
    .sort((a, b) => Math.sign(place(a)) - Math.sign(place(b)))
    .slice(0, SHOWN)
}

/** A container that is open at the cursor, and the key it stands under. */
interface Open {
  object: boolean
  key: string | null
}

interface Place {
  open: Open[]
  /** The key whose value is due, or null where a key or a list's member is. */
  key: string | null
}

function placeOf(text: string, body: Token[]): Place {
  const place: Place = { open: [], key: null }
  for (const token of body) {
    const part = text.slice(token.start, token.end)
    if (token.kind === 'key') place.key = part.replace(/^"+|"+$/g, '')
    else if (part === '{' || part === '[') {
      place.open.push({ object: part === '{', key: place.key })
      place.key = null
    } else if (part === '}' || part === ']') {
      place.open.pop()
      place.key = null
    } else if (part === ',') place.key = null
  }
  return place
}

const depthOf = (text: string, body: Token[]) => placeOf(text, body).open.length

function inBody(
  text: string,
  cursor: number,
  inside: Token | undefined,
  body: Token[],
  path: string,
  catalogue: Catalogue,
): ConsoleCompletion | null {
  const place = placeOf(text, body)
  const container = place.open.at(-1)
  if (!container) return null
  const start = inside?.start ?? cursor
  const prefix = text.slice(start, cursor).replace(/^"/, '')
  // Behind the cursor only what was being written: the closing quotation mark.
  const end = inside && inside.kind !== 'wrong' ? inside.end : cursor
  const colon = /^\s*:/.test(text.slice(end))
  if (container.object && place.key === null) {
    const keys = keysAt(place.open, path, catalogue)
    const candidates = keys.map(k => ({ ...k, ...keyText(k.label, k.value, colon) }))
    return { start, end, candidates: ranked(candidates, prefix) }
  }
  const values = valuesAt(place, catalogue).map(v => ({ ...v, insert: `"${v.label}"` }))
  return values.length === 0 ? null : { start, end, candidates: ranked(values, prefix) }
}

type Key = { label: string; note?: string; value: '' | '{}' | '[]' }

function keyText(name: string, value: Key['value'], colon: boolean): { insert: string; back?: number } {
  const key = JSON.stringify(name)
  if (colon) return { insert: key }
  return { insert: `${key}: ${value}`, back: value === '' ? 0 : 1 }
}

/** Where a clause stands below a key. */
const HOLDS_CLAUSE = new Set([
  'query',
  'filter',
  'must',
  'must_not',
  'should',
  'positive',
  'negative',
  'queries',
  'post_filter',
  'background_filter',
])
/** Clauses whose members are fields. */
const BY_FIELD = new Set([
  'term',
  'terms',
  'match',
  'match_phrase',
  'match_phrase_prefix',
  'match_bool_prefix',
  'range',
  'prefix',
  'wildcard',
  'regexp',
  'fuzzy',
  'intervals',
  'terms_set',
])
const AGGREGATIONS = new Set(['aggs', 'aggregations'])

const MEMBERS: Record<string, string> = {
  bool: 'filter[] must[] should[] must_not[] minimum_should_match boost',
  highlight: 'fields{} pre_tags[] post_tags[] fragment_size number_of_fragments',
  properties: '',
  mappings: 'properties{} dynamic runtime{} _source{}',
  template: 'mappings{} settings{} aliases{}',
}

/** Members of the whole body, by the end of the path. */
const BODIES: [RegExp, string][] = [
  [
    /_search|_async_search|_tail/,
    'query{} size from sort[] aggs{} _source fields[] track_total_hits highlight{} post_filter{} search_after[] collapse{} script_fields{} runtime_mappings{} pit{} rescore{} explain profile timeout min_score',
  ],
  [/_count|_delete_by_query|_validate/, 'query{}'],
  [/_update_by_query/, 'query{} script{} max_docs conflicts'],
  [/_update\//, 'doc{} doc_as_upsert upsert{} script{} scripted_upsert'],
  [/_reindex/, 'source{} dest{} script{} conflicts max_docs'],
  [/_index_template/, 'index_patterns[] template{} priority composed_of[] data_stream{} version _meta{}'],
  [/_component_template/, 'template{} version _meta{}'],
  [/_mapping/, 'properties{} dynamic runtime{}'],
  [/_ilm\/policy/, 'policy{}'],
  [/_ingest\/pipeline/, 'description processors[] on_failure[] version'],
  [/_aliases$/, 'actions[]'],
  [/_analyze/, 'analyzer text tokenizer filter[] field'],
  [/^\/?[^_/][^/]*\/?(\?|$)/, 'mappings{} settings{} aliases{}'],
]

function keysAt(open: Open[], path: string, catalogue: Catalogue): Key[] {
  const holder = keyOf(open, open.length - 1)
  const above = keyOf(open, open.length - 2)
  if (open.length === 1) return members(BODIES.find(([pattern]) => pattern.test(path))?.[1] ?? '')
  if (
    holder !== null &&
    BY_FIELD.has(holder) &&
    !(above !== null && AGGREGATIONS.has(keyOf(open, open.length - 3) ?? ''))
  )
    return catalogue.fields.map(f => ({ label: f.name, note: f.type, value: holder === 'range' ? '{}' : '' }))
  if (holder !== null && HOLDS_CLAUSE.has(holder))
    return catalogue.queries.map(q => ({ label: q, note: texts.query, value: '{}' }))
  if (above !== null && AGGREGATIONS.has(above))
    return [
      ...catalogue.aggregations.map(a => ({ label: a, note: texts.aggregation, value: '{}' as const })),
      { label: 'aggs', value: '{}' },
    ]
  if (above === 'range')
    return ['gte', 'gt', 'lte', 'lt', 'format', 'time_zone'].map(label => ({ label, value: '' }))
  if (above === 'properties')
    return members('type fields{} properties{} index doc_values copy_to analyzer ignore_above format')
  if (holder !== null && MEMBERS[holder] !== undefined) return members(MEMBERS[holder])
  // What the definition of an aggregation holds.
  if (AGGREGATIONS.has(keyOf(open, open.length - 3) ?? ''))
    return members(
      'field size order{} interval fixed_interval calendar_interval min_doc_count missing percents[]',
    )
  return []
}

/** The key above a container; a list stands for what it is listed under. */
function keyOf(open: Open[], at: number): string | null {
  for (let i = at; i >= 0; i--) {
    const one = open[i] as Open
    if (one.key !== null) return one.key
    if (i > 0 && !(open[i - 1] as Open).object) continue
    return null
  }
  return null
}

function members(list: string): Key[] {
  return list
    .split(' ')
    .filter(Boolean)
    .map(member => {
      const [, label = '', value = ''] = /^(\w+)(\{\}|\[\])?$/.exec(member) ?? []
      return { label, value: value as Key['value'] }
    })
}

const NAMES_FIELD = new Set([
  'field',
  'fields',
  'default_field',
  'copy_to',
  'docvalue_fields',
  '_source',
  'sort',
])
const TYPES =
  'keyword text long integer double float boolean date ip object nested geo_point flattened wildcard'

function valuesAt(place: Place, catalogue: Catalogue): { label: string; note?: string }[] {
  const key = place.key ?? keyOf(place.open, place.open.length - 1)
  if (key !== null && NAMES_FIELD.has(key))
    return catalogue.fields.map(f => ({ label: f.name, note: f.type }))
  const holder = keyOf(place.open, place.open.length - 2)
  if (key === 'type' && holder === 'properties') return TYPES.split(' ').map(label => ({ label }))
  return []
}
