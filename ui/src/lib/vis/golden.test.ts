// Each file of testdata: a visualization, the search it becomes, an answer of the server to it, and the table that is read.
// REWRITE=1 writes the searches and tables anew; with ELKHORN_ES, the address of a server, the answers too.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Field } from '../fields'
import type { VisContext } from './context'
import { asJson, asList, type Json } from './json'
import { EMPTY_QUERY } from './model'
import { readVis } from './read'
import { boundsRequest, buildRequest, readBounds, type SearchBody } from './request'
import { readResponse, type VisAnswer } from './response'

const FOLDER = join(import.meta.dirname, 'testdata')
const REWRITE = process.env.REWRITE === '1'

interface Golden {
  about: string
  index: string
  attributes: Json
  context: Partial<VisContext>
  bounds?: { request: unknown; answer: Json }
  request?: unknown
  answer?: Json
  table?: unknown
}

const START = Date.UTC(2026, 0, 15, 9)

const field = (
  name: string,
  type: string,
  kind: Field['kind'],
  aggregateOn: string | null = name,
): Field => ({
  name,
  type,
  kind,
  searchable: true,
  aggregateOn,
  split: [],
})

const contextOf = (golden: Golden): VisContext => ({
  range: { from: START, to: START + 3_600_000 },
  timeField: '@timestamp',
  timeZone: 'UTC',
  query: EMPTY_QUERY,
  filters: [],
  width: 480,
  fields: [
    field('tool_name', 'keyword', 'keyword'),
    field('prompt_category', 'text', 'text', 'prompt_category.keyword'),
  ],
  ...golden.context,
})

/** The parts of an answer that are read, as the client hands them over. */
function answerOf(raw: Json): VisAnswer {
  const hits = asJson(raw.hits)
  return {
    total: { value: Number(asJson(hits.total).value), exact: true },
    hits: asList(hits.hits).map(h => {
      const { _index, _id, _source, sort } = asJson(h)
      return { index: String(_index), id: String(_id), source: asJson(_source), sort: asList(sort) }
    }),
    aggregations: asJson(raw.aggregations),
    missing: [],
  }
}

async function ask(golden: Golden, body: SearchBody): Promise<Json> {
  const url = `${process.env.ELKHORN_ES}/${golden.index}/_search`
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const { hits, aggregations } = (await response.json()) as Json
  return { hits, ...(aggregations !== undefined && { aggregations }) }
}

/** What JSON keeps of a value, so that both sides are alike. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('visualizations as searches, and answers as tables', () => {
  it.each(readdirSync(FOLDER).filter(name => name.endsWith('.json')))('%s', async name => {
    const path = join(FOLDER, name)
    const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden
    const record = REWRITE && process.env.ELKHORN_ES !== undefined
    const vis = readVis(golden.attributes)
    let context = contextOf(golden)
    const span = boundsRequest(vis, context)
    if (span !== null) {
      if (record) golden.bounds = { request: span, answer: await ask(golden, span) }
      expect(span).toEqual(golden.bounds?.request)
      context = { ...context, bounds: readBounds(vis, asJson(golden.bounds?.answer.aggregations)) }
    }
    const request = buildRequest(vis, context)
    if (record) golden.answer = await ask(golden, request.body)
    const { columns, rows, ...rest } = readResponse(request, answerOf(asJson(golden.answer)))
    const table = plain({
      columns: columns.map(c => `${c.kind} ${c.id}: ${c.name}`),
      // Moments as text depend on the zone of the machine.
      rows: rows.map(row =>
        row.cells.map((c, at) =>
          columns[at]?.format.kind === 'date' ? new Date(Number(c.value)).toISOString() : c.text,
        ),
      ),
      filter: rows[0]?.cells[0]?.filter?.query ?? null,
      ...rest,
    })
    if (REWRITE)
      writeFileSync(path, `${JSON.stringify({ ...golden, request: request.body, table }, null, 2)}\n`)
    else {
      expect(plain(request.body)).toEqual(golden.request)
      expect(table).toEqual(golden.table)
    }
  })
})
