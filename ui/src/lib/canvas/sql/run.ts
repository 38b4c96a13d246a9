// A query of SQL as one search, or some where there are many groups.

import { texts } from '../../../texts/canvas'
import type { Field } from '../../fields'
import type { Query } from '../../kql/dsl'
import { asJson, asList, type Json } from '../../vis/json'
import type { VisAnswer } from '../../vis/response'
import { tableOfDocuments } from '../documents'
import type { Env } from '../env'
import { CanvasError } from '../error'
import type { Cell, ColumnType, Datatable } from '../values'
import { fieldOf, queryOf } from './condition'
import type { Aggregate, Key, Scalar, Selected, SqlQuery } from './query'

const GROUPS_PER_SEARCH = 1000
const MAX_GROUPS = 10_000
export const MAX_DOCUMENTS = 10_000

/** Answers at most `count` rows. `clauses` hold beside the conditions of the query. */
export async function runSql(
  query: SqlQuery,
  clauses: readonly Query[],
  count: number,
  env: Env,
): Promise<Datatable> {
  const fields = await env.fields(query.index)
  const filter = [...clauses, ...(query.where ? [queryOf(query.where, fields)] : [])]
  const most = Math.min(query.limit ?? count, count)
  const leaves = (query.columns ?? []).flatMap(c => leavesOf(c.of))
  const body = { query: { bool: { filter } } }
  const plan: Plan = { query, fields, body, most, env }
  if (query.groups.length === 0 && leaves.length === 0) return documents(plan)
  if (query.columns === null) throw new CanvasError(texts.sqlThatGroupsNames)
  return grouped(plan, query.columns)
}

interface Plan {
  query: SqlQuery
  fields: readonly Field[]
  body: Json
  most: number
  env: Env
}

function leavesOf(scalar: Scalar): Aggregate[] {
  switch (scalar.kind) {
    case 'aggregate':
      return [scalar.aggregate]
    case 'operator':
      return [...leavesOf(scalar.left), ...leavesOf(scalar.right)]
    case 'round':
      return leavesOf(scalar.of)
    default:
      return []
  }
}

async function documents({ query, fields, body, most, env }: Plan): Promise<Datatable> {
  const columns = query.columns?.map(c => {
    if (c.of.kind !== 'key' || c.of.key.kind !== 'column')
      throw new CanvasError(texts.theColumnOfSqlIsComputed(c.name))
    return { name: c.name, field: c.of.key.name }
  })
  const sort = query.order.map(({ by, down }) => {
    const named = typeof by === 'string' ? by : by.kind === 'key' ? by.key.name : ''
    const column = columns?.find(c => c.name === named)?.field ?? columns?.[Number(named) - 1]?.field ?? named
    return { [fieldOf(column, fields)]: { order: down ? 'desc' : 'asc', unmapped_type: 'keyword' } }
  })
  const size = Math.min(most, MAX_DOCUMENTS)
  const answer = await env.search(query.index, {
    ...body,
    size,
    track_total_hits: false,
    ...(columns && { _source: columns.map(c => c.field) }),
    ...(sort.length > 0 && { sort }),
  })
  noteMissing(answer, env)
  const table = tableOfDocuments(
    answer.hits.map(h => asJson(h.source)),
    columns?.map(c => c.field) ?? null,
    fields,
  )
  return columns
    ? { ...table, columns: table.columns.map((c, at) => ({ ...c, name: columns[at]?.name ?? c.name })) }
    : table
}

async function grouped(plan: Plan, columns: readonly Selected[]): Promise<Datatable> {
  const { query, fields } = plan
  const read = new Map<Aggregate, string>()
  const aggs: Json = {}
  const order = query.order.flatMap(({ by }) => (typeof by === 'string' ? [] : leavesOf(by)))
  for (const leaf of [...columns.flatMap(c => leavesOf(c.of)), ...order]) {
    const name = `a${read.size}`
    read.set(leaf, name)
    const body = bodyOf(leaf, fields)
    if (body) aggs[name] = body
  }
  for (const { name, of } of columns)
    if (of.kind === 'key' && !query.groups.some(k => sameKey(k, of.key)))
      throw new CanvasError(texts.theColumnOfSqlIsNotGrouped(name))
  const buckets = query.groups.length === 0 ? [await total(plan, aggs)] : await groups(plan, aggs)
  const cellOf = (scalar: Scalar, bucket: Json): Cell => evaluate(scalar, bucket, read, query.groups)
  const rows = buckets.map(bucket => ({
    cells: columns.map(c => cellOf(c.of, bucket)),
    keys: query.order.map(({ by }): Cell => {
      if (typeof by !== 'string') return cellOf(by, bucket)
      const column = columns.find(c => c.name === by) ?? columns[Number(by) - 1]
      if (!column) throw new CanvasError(texts.orderByOfSqlNames(by))
      return cellOf(column.of, bucket)
    }),
  }))
  if (query.order.length > 0) rows.sort((a, b) => compare(a.keys, b.keys, query.order))
  return {
    type: 'datatable',
    columns: columns.map(c => ({ name: c.name, type: typeOfScalar(c.of, fields) })),
    rows: rows.slice(0, plan.most).map(r => r.cells),
  }
}

const sameKey = (a: Key, b: Key) => JSON.stringify(a) === JSON.stringify(b)

async function total({ query, body, env }: Plan, aggs: Json): Promise<Json> {
  const answer = await env.search(query.index, { ...body, size: 0, track_total_hits: true, aggs })
  noteMissing(answer, env)
  return { ...answer.aggregations, doc_count: answer.total?.value ?? 0 }
}

async function groups({ query, fields, body, env }: Plan, aggs: Json): Promise<Json[]> {
  const sources = query.groups.map((key, at) => ({ [`k${at}`]: sourceOf(key, fields, env.timeZone) }))
  const out: Json[] = []
  let after: unknown
  do {
    const composite = { size: GROUPS_PER_SEARCH, sources, ...(after !== undefined && { after }) }
    const answer = await env.search(query.index, {
      ...body,
      size: 0,
      track_total_hits: false,
      aggs: { groups: { composite, aggs } },
    })
    noteMissing(answer, env)
    const { buckets, after_key } = asJson(answer.aggregations.groups)
    const found = asList(buckets).map(asJson)
    out.push(...found)
    after = found.length < GROUPS_PER_SEARCH ? undefined : after_key
  } while (after !== undefined && out.length < MAX_GROUPS)
  if (after !== undefined) env.note(texts.thereAreMoreThanGroups(MAX_GROUPS))
  return out
}

function sourceOf(key: Key, fields: readonly Field[], timeZone: string): Json {
  const field = fieldOf(key.name, fields)
  if (key.kind === 'column') return { terms: { field } }
  const { kind, interval } = key.step
  if (kind === 'number') return { histogram: { field, interval } }
  return { date_histogram: { field, [`${kind}_interval`]: interval, time_zone: timeZone } }
}

function bodyOf(aggregate: Aggregate, fields: readonly Field[]): Json | null {
  const inner = metricOf(aggregate, fields)
  const where = 'where' in aggregate ? aggregate.where : null
  if (where === null) return inner
  return { filter: queryOf(where, fields), ...(inner && { aggs: { v: inner } }) }
}

function metricOf(aggregate: Aggregate, fields: readonly Field[]): Json | null {
  if (aggregate.name === null) return null
  const field = fieldOf(aggregate.name, fields)
  switch (aggregate.kind) {
    case 'count':
      return { value_count: { field } }
    case 'distinct':
      return { cardinality: { field } }
    case 'percentile':
      return { percentiles: { field, percents: [aggregate.percent] } }
    default:
      return { [aggregate.kind]: { field } }
  }
}

function evaluate(scalar: Scalar, bucket: Json, read: Map<Aggregate, string>, groups: readonly Key[]): Cell {
  switch (scalar.kind) {
    case 'number':
      return scalar.value
    case 'key': {
      const at = groups.findIndex(k => sameKey(k, scalar.key))
      const value = asJson(bucket.key)[`k${at}`]
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? value
        : null
    }
    case 'aggregate':
      return readAggregate(scalar.aggregate, bucket, read.get(scalar.aggregate) ?? '')
    case 'round': {
      const value = evaluate(scalar.of, bucket, read, groups)
      return typeof value === 'number' ? Number(value.toFixed(Math.min(scalar.digits, 12))) : null
    }
    case 'operator': {
      const left = evaluate(scalar.left, bucket, read, groups)
      const right = evaluate(scalar.right, bucket, read, groups)
      if (typeof left !== 'number' || typeof right !== 'number') return null
      const value = OPERATORS[scalar.operator](left, right)
      return Number.isFinite(value) ? value : null
    }
  }
}

const OPERATORS = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
}

function readAggregate(aggregate: Aggregate, bucket: Json, name: string): Cell {
  const where = 'where' in aggregate ? aggregate.where : null
  const within = where === null ? bucket : asJson(bucket[name])
  if (aggregate.kind === 'count' && aggregate.name === null) return numberOf(within.doc_count)
  const answer = asJson(where === null ? bucket[name] : within.v)
  if (aggregate.kind === 'percentile') return numberOf(Object.values(asJson(answer.values))[0])
  return numberOf(answer.value)
}

const numberOf = (value: unknown): Cell =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

function typeOfScalar(scalar: Scalar, fields: readonly Field[]): ColumnType {
  const isDate = (name: string | null) => fields.find(f => f.name === name)?.kind === 'date'
  if (scalar.kind === 'key') {
    if (scalar.key.kind === 'histogram') return scalar.key.step.kind === 'number' ? 'number' : 'date'
    const kind = fields.find(f => f.name === scalar.key.name)?.kind
    return kind === 'date' || kind === 'number' || kind === 'boolean' ? kind : 'string'
  }
  const bound =
    scalar.kind === 'aggregate' && (scalar.aggregate.kind === 'min' || scalar.aggregate.kind === 'max')
  return bound && isDate(scalar.aggregate.name) ? 'date' : 'number'
}

function compare(a: readonly Cell[], b: readonly Cell[], order: SqlQuery['order']): number {
  for (const [at, { down }] of order.entries()) {
    const found = compareCells(a[at] ?? null, b[at] ?? null)
    if (found !== 0) return down ? -found : found
  }
  return 0
}

/** What has no value comes first, as SQL has it. */
export function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b))
}

export function noteMissing(answer: VisAnswer, env: Env) {
  for (const reason of answer.missing) env.note(texts.partOfTheData(reason))
}
