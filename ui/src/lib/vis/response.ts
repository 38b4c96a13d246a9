// The answer of a search as a table. The only place that knows how buckets lie inside each other.

import { texts } from '../../texts/vis'
import type { BucketValue } from './buckets/bucket'
import { collapsed } from './collapse'
import { documentRows, type Hit } from './documents'
import { evaluate, type Value } from './expr'
import { formatValue } from './format'
import { isJson, type Json } from './json'
import { isDocuments } from './model'
import { type VisRequest, wantsOverall } from './request'
import type { Cell, Column, Row, Table } from './table'

/** What is read of an answer; the client's `SearchResponse` has this shape. */
export interface VisAnswer {
  total: { value: number; exact: boolean } | null
  hits: readonly Hit[]
  aggregations: Json
  missing: readonly string[]
}

export function readResponse(request: VisRequest, answer: VisAnswer): Table {
  const total = answer.total?.value ?? null
  const notes = [...request.notes, ...answer.missing.map(reason => texts.partOfTheData(reason))]
  if (isDocuments(request.vis.type)) {
    return { ...documentRows(request, answer.hits), total, overall: null, notes }
  }
  const root = rootOf(answer)
  const paths = walk(request, root)
  const columns = columnsOf(request)
  const { values, left } = metricValues(request, paths)
  const table: Table = {
    columns: columns.map(c => c.column),
    rows: paths.map((path, row) => rowOf(columns, path, at => values[at]?.[row] ?? null)),
    total,
    overall: wantsOverall(request.vis)
      ? request.metrics.map(m => evaluate(m.expr, [root], () => [[0]])[0] ?? null)
      : null,
    notes: left ? [...notes, texts.ofOtherOnlyTheCount] : notes,
  }
  return collapsed(request.vis, table)
}

/** Everything that was found, as a bucket. */
export const rootOf = (answer: VisAnswer): Json => ({
  ...answer.aggregations,
  doc_count: answer.total?.value ?? 0,
})

/** The buckets from the outermost to the innermost; shorter where one holds none and partial rows are shown. */
type Path = BucketValue[]

/** A thousand series of a hundred points: more is no chart and no table that anyone reads. */
const MAX_ROWS = 100_000

function walk(request: VisRequest, root: Json): Path[] {
  const { levels, vis } = request
  if (levels.length === 0) return [[{ key: '', text: '', filter: null, raw: root }]]
  const partial = vis.params.showPartialRows === true
  const out: Path[] = []
  const visit = (path: Path, within: Json) => {
    const level = levels[path.length]
    if (!level) return void out.push(path)
    const answer = within[level.agg.id]
    const beside = level.beside ? within[level.beside.name] : undefined
    const buckets = isJson(answer) ? level.read(answer, isJson(beside) ? beside : null) : []
    if (buckets.length === 0 && partial && path.length > 0) out.push(path)
    for (const bucket of buckets) if (out.length < MAX_ROWS) visit([...path, bucket], bucket.raw)
  }
  visit([], root)
  return out
}

/** Where a column takes its cell from: a bucket of the path, or a metric at a depth of it. */
interface Source {
  column: Column
  from: { kind: 'bucket'; level: number } | { kind: 'metric'; at: number }
}

function columnsOf(request: VisRequest): Source[] {
  const { levels, metrics, vis } = request
  const buckets = levels.map(
    ({ agg, name, format, step }, level): Source => ({
      column: { id: agg.id, name, kind: 'bucket', agg, schema: agg.schema, format, step, additive: false },
      from: { kind: 'bucket', level },
    }),
  )
  const measured = (depth: number): Source[] =>
    metrics.map(({ id, agg, name, format, additive }, at) => ({
      column: { id, name, kind: 'metric', agg, schema: agg.schema, format, step: null, additive },
      from: { kind: 'metric', at: depth * metrics.length + at },
    }))
  if (vis.params.showMetricsAtAllLevels !== true) return [...buckets, ...measured(depths(request) - 1)]
  return buckets.flatMap((bucket, level) => [bucket, ...measured(level)])
}

const depths = (request: VisRequest): number => Math.max(1, request.levels.length)

/** A column of values per depth and metric. */
function metricValues(request: VisRequest, paths: readonly Path[]): { values: Value[][]; left: boolean } {
  const { metrics, vis } = request
  const all = vis.params.showMetricsAtAllLevels === true
  const deepest = depths(request) - 1
  let found: number[][] | null = null
  const series = () => {
    found ??= seriesOf(request, paths)
    return found
  }
  const values: Value[][] = []
  let left = false
  for (let depth = 0; depth <= deepest; depth++) {
    if (!all && depth < deepest) {
      values.push(...metrics.map(() => []))
      continue
    }
    const buckets = paths.map(path => path[all ? depth : path.length - 1]?.raw ?? {})
    for (const metric of metrics) {
      const column = evaluate(metric.expr, buckets, series)
      left ||= paths.some((path, row) => path.at(-1)?.others === true && column[row] === null)
      values.push(column)
    }
  }
  return { values, left }
}

/** The rows of each series, along the last level that is a scale, or the last one there is. */
function seriesOf({ levels }: VisRequest, paths: readonly Path[]): number[][] {
  const scale = levels.findLastIndex(l => l.step !== null || l.agg.type === 'date_histogram')
  const axis = scale >= 0 ? scale : levels.length - 1
  const groups = new Map<string, number[]>()
  for (const [row, path] of paths.entries()) {
    const name = JSON.stringify(path.map((b, level) => (level === axis ? null : b.text)))
    const rows = groups.get(name)
    if (rows) rows.push(row)
    else groups.set(name, [row])
  }
  return [...groups.values()]
}

function rowOf(columns: readonly Source[], path: Path, metric: (at: number) => Value): Row {
  return { cells: columns.map(({ column, from }) => cellOf(column, from, path, metric)) }
}

function cellOf(column: Column, from: Source['from'], path: Path, metric: (at: number) => Value): Cell {
  if (from.kind === 'metric') return new MetricCell(metric(from.at), column)
  const bucket = path[from.level]
  return bucket ? new BucketCell(bucket, column) : { value: null, text: '', filter: null }
}

// Texts and filters are made when they are asked for: a chart of thousands of cells shows few of them.

class MetricCell implements Cell {
  readonly filter = null

  constructor(
    readonly value: Value,
    private readonly column: Column,
  ) {}

  get text() {
    return formatValue(this.value, this.column.format)
  }
}

class BucketCell implements Cell {
  constructor(
    private readonly bucket: BucketValue,
    private readonly column: Column,
  ) {}

  get value() {
    return this.bucket.key
  }

  get text() {
    const { format } = this.column
    return format.kind === 'date' ? formatValue(this.bucket.key, format) : this.bucket.text
  }

  get filter() {
    return this.bucket.filter
  }

  get point() {
    return this.bucket.point
  }
}
