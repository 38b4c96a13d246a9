// Where data comes from: documents, counts and SQL, narrowed down by the filters before them.

import { texts } from '../../../texts/canvas'
import type { Query } from '../../kql/dsl'
import { parseLucene } from '../../lucene/parse'
import { asJson } from '../../vis/json'
import { timeClause } from '../../vis/query'
import { tableOfDocuments } from '../documents'
import type { Env } from '../env'
import { CanvasError } from '../error'
import { fieldOf } from '../sql/condition'
import { parseSql } from '../sql/parse'
import { MAX_DOCUMENTS, noteMissing, runSql } from '../sql/run'
import { type FilterValue, isTyped, type Value } from '../values'
import type { Args, Func } from './func'

const DEFAULT_ROWS = 1000

const NO_GROUPS = texts.theFiltersOfTheWorkpad

const filters: Func = {
  unnamed: 'group',
  args: {
    group: { ignored: NO_GROUPS },
    ungrouped: { aliases: ['nogroup', 'nogroups'], ignored: NO_GROUPS },
  },
  run: () => ({ type: 'filter', timed: true, clauses: [] }),
}

/** What Kibana 8 writes in place of `filters`. */
const kibana: Func = { args: {}, run: () => ({ type: 'filter', timed: true, clauses: [] }) }

const selectFilter: Func = { ...filters, run: input => filterOf(input) }

const exactly: Func = {
  args: {
    column: { aliases: ['c', 'field'] },
    value: { aliases: ['v', 'val'] },
    filterGroup: { ignored: NO_GROUPS },
  },
  run: (input, args) => {
    const before = filterOf(input)
    const clause = { term: { [args.needText('column')]: args.needText('value') } }
    return { ...before, clauses: [...before.clauses, clause] }
  },
}

/** A time of its own for one element. */
const timefilter: Func = {
  args: {
    column: { aliases: ['field', 'c'] },
    from: { aliases: ['f', 'start'] },
    to: { aliases: ['t', 'end'] },
    filterGroup: { ignored: NO_GROUPS },
  },
  run: (input, args) => {
    const before = filterOf(input)
    const field = args.text('column') ?? '@timestamp'
    const bounds = { gte: args.text('from') ?? undefined, lte: args.text('to') ?? undefined }
    return { type: 'filter', timed: false, clauses: [...before.clauses, { range: { [field]: bounds } }] }
  },
}

function filterOf(input: Value): FilterValue {
  if (isTyped(input) && input.type === 'filter') return input
  return { type: 'filter', timed: false, clauses: [] }
}

async function clausesOf(input: Value, index: string, env: Env): Promise<Query[]> {
  const { timed, clauses } = filterOf(input)
  const field = timed ? await env.timeField(index) : null
  return [...(field === null ? [] : [timeClause(field, env.range)]), ...clauses]
}

/** Throws what is wrong with the text, at its place, before the server does. */
function luceneClauses(text: string | null): Query[] {
  const query = (text ?? '').trim()
  return query === '' || parseLucene(query) === null ? [] : [{ query_string: { query } }]
}

const indexOf = (args: Args) => args.text('index') || '*'
const QUERY = { aliases: ['q', 'query'] } as const
const META = texts.namesOfIndexAndDocument

const escount: Func = {
  unnamed: '_',
  args: { _: QUERY, index: { aliases: ['dataView'] } },
  run: async (input, args, env) => {
    const index = indexOf(args)
    const filter = [...(await clausesOf(input, index, env)), ...luceneClauses(args.text('_'))]
    const answer = await env.search(index, { query: { bool: { filter } }, size: 0, track_total_hits: true })
    noteMissing(answer, env)
    return answer.total?.value ?? 0
  },
}

const esdocs: Func = {
  unnamed: '_',
  args: {
    _: QUERY,
    index: { aliases: ['dataView'] },
    count: {},
    fields: {},
    sort: {},
    metaFields: { ignored: META },
  },
  run: async (input, args, env) => {
    const index = indexOf(args)
    const fields = await env.fields(index)
    const filter = [...(await clausesOf(input, index, env)), ...luceneClauses(args.text('_'))]
    const asked = args.number('count', DEFAULT_ROWS)
    if (asked > MAX_DOCUMENTS) env.note(texts.atMostDocumentsAreRead(MAX_DOCUMENTS))
    const names = listOf(args.text('fields'))
    const [by = '', direction = ''] = listOf(args.text('sort'))
    if (by !== '' && !/^(asc|desc|)$/i.test(direction))
      throw new CanvasError(texts.esdocsSortsAscOrDesc(direction))
    const order = direction.toLowerCase() === 'asc' ? 'asc' : 'desc'
    const answer = await env.search(index, {
      query: { bool: { filter } },
      size: Math.max(0, Math.min(asked, MAX_DOCUMENTS)),
      track_total_hits: false,
      ...(names.length > 0 && { _source: names }),
      ...(by !== '' && { sort: [{ [fieldOf(by, fields)]: { order, unmapped_type: 'keyword' } }] }),
    })
    noteMissing(answer, env)
    return tableOfDocuments(
      answer.hits.map(h => asJson(h.source)),
      names.length > 0 ? names : null,
      fields,
    )
  },
}

const listOf = (text: string | null) =>
  (text ?? '')
    .split(',')
    .map(t => t.trim())
    .filter(t => t !== '')

const essql: Func = {
  unnamed: '_',
  args: {
    _: QUERY,
    count: {},
    timezone: { aliases: ['tz'] },
    parameter: { aliases: ['param'] },
  },
  run: async (input, args, env) => {
    if (args.has('parameter')) throw new CanvasError(texts.parametersOfEssql)
    const query = parseSql(args.needText('_'))
    const timeZone = args.text('timezone') ?? env.timeZone
    const clauses = await clausesOf(input, query.index, env)
    return runSql(query, clauses, args.number('count', DEFAULT_ROWS), { ...env, timeZone })
  },
}

const MAX_CSV = 1_000_000

const csv: Func = {
  unnamed: 'data',
  args: { data: {}, delimiter: {}, newline: { aliases: ['newLine'] } },
  run: (_, args) => {
    const text = args.needText('data').slice(0, MAX_CSV)
    const [head = '', ...lines] = text.split(args.text('newline') || /\r?\n/).filter(l => l.trim() !== '')
    const cells = (line: string) =>
      line.split(args.text('delimiter') || ',').map(c => c.trim().replace(/^"(.*)"$/, '$1'))
    const names = cells(head)
    return {
      type: 'datatable',
      columns: names.map(name => ({ name, type: 'string' as const })),
      rows: lines.map(line => {
        const row = cells(line)
        return names.map((_, at) => row[at] ?? null)
      }),
    }
  },
}

export const SOURCES = { csv, escount, esdocs, essql, exactly, filters, kibana, selectFilter, timefilter }
