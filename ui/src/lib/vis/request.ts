// A visualization as a search: its buckets inside each other, its metrics inside the last.

import { texts } from '../../texts/vis'
import type { Level } from './buckets/bucket'
import { resolveField } from './buckets/bucket'
import { filterRows, rowQuery } from './buckets/filters'
import { isAutomatic } from './buckets/histogram'
import { BUCKETS } from './buckets/table'
import type { VisContext } from './context'
import { VisError } from './error'
import { type Leaf, leavesOf } from './expr'
import { asNumber, asText, entryOf, type Json } from './json'
import { type MetricColumn, metricColumns } from './metrics'
import { enabledAggs, isDocuments, type Vis } from './model'
import { conditionsQuery } from './query'
import { type Back, named, shiftedContext, termsOf } from './shift'

export interface SearchBody {
  query: Json
  size: number
  track_total_hits: true
  aggs?: Json
  sort?: unknown[]
}

export interface VisRequest {
  body: SearchBody
  vis: Vis
  context: VisContext
  /** Outermost first; none for documents. */
  levels: Level[]
  metrics: MetricColumn[]
  notes: string[]
}

/** Types that need no search. */
export const needsSearch = (vis: Vis): boolean =>
  !['controls', 'markdown', 'region_map', 'unsupported'].includes(vis.type)

/** Throws VisError for what cannot be asked for and QueryError for a query that cannot be read. */
export function buildRequest(vis: Vis, context: VisContext): VisRequest {
  return isDocuments(vis.type) ? documentsRequest(vis, context) : aggregationsRequest(vis, context)
}

function queryOf(vis: Vis, context: VisContext, more: Json[] = []): Json {
  const { range, timeField } = context
  const time = range === null || timeField === null ? null : { field: timeField, range }
  const query = conditionsQuery(
    time,
    [context.query, vis.search.query],
    [...context.filters, ...vis.search.filter],
  )
  if (more.length === 0) return query
  const bool = query.bool as { filter: Json[] }
  return { bool: { ...bool, filter: [...bool.filter, ...more] } }
}

function aggregationsRequest(vis: Vis, context: VisContext): VisRequest {
  const metrics = metricColumns(vis, context)
  const scope = { vis, context, metrics }
  const levels = enabledAggs(vis, 'segment', 'group', 'split', 'bucket').map(agg => {
    const kind = entryOf(BUCKETS, agg.type)
    if (!kind) throw new VisError(texts.thereAreNoBuckets(agg.type), agg.id)
    return kind.level(agg, scope)
  })
  return {
    body: aggregationsBody(vis, context, levels, leavesAt(metrics, undefined)),
    vis,
    context,
    levels,
    metrics,
    notes: [...vis.notes, ...levels.flatMap(l => l.notes)],
  }
}

const leavesAt = (metrics: readonly MetricColumn[], shift: string | undefined): Leaf[] =>
  metrics.flatMap(m => leavesOf(m.expr)).filter(l => l.shift === shift)

function aggregationsBody(
  vis: Vis,
  context: VisContext,
  levels: readonly Level[],
  leaves: readonly Leaf[],
): SearchBody {
  const aggs = nest(levels, leaves, vis.params.showMetricsAtAllLevels === true)
  const overall = wantsOverall(vis) && levels.length > 0 ? aggsOf(leaves) : {}
  const all = { ...overall, ...aggs }
  return {
    query: queryOf(vis, context),
    size: 0,
    track_total_hits: true,
    ...(Object.keys(all).length > 0 && { aggs: all }),
  }
}

/** The earlier times that metrics are of, each once. */
export const shiftsOf = ({ metrics }: VisRequest): string[] => [
  ...new Set(metrics.flatMap(m => leavesOf(m.expr)).flatMap(l => l.shift ?? [])),
]

/** The same question of an earlier time, about the values that were found now (`answer`). */
export function shiftedBody(request: VisRequest, shift: string, back: Back, answer: Json): SearchBody {
  const { vis, context } = request
  const earlier = shiftedContext(context, back)
  const { levels, metrics } = aggregationsRequest(vis, earlier)
  const about = levels.map((level, depth) => named(level, termsOf(request.levels, depth, answer)))
  return aggregationsBody(vis, earlier, about, leavesAt(metrics, shift))
}

/** A gauge in percent is a share of everything. */
export const wantsOverall = (vis: Vis): boolean => {
  const style = vis.params.gauge ?? vis.params.metric
  const percent = typeof style === 'object' && style !== null && (style as Json).percentageMode === true
  return percent && ['gauge', 'goal', 'metric'].includes(vis.type)
}

const aggsOf = (leaves: readonly Leaf[]): Json =>
  Object.fromEntries(leaves.flatMap(l => (l.aggregation === null ? [] : [[l.name, l.aggregation]])))

function nest(levels: readonly Level[], leaves: readonly Leaf[], everywhere: boolean): Json {
  const [outer, ...inner] = levels
  if (!outer) return aggsOf(leaves)
  const within = {
    ...aggsOf(everywhere ? [...outer.needs, ...leaves] : outer.needs),
    ...nest(inner, leaves, everywhere),
  }
  const aggs = Object.keys(within).length === 0 ? {} : { aggs: within }
  const { agg, aggregation, beside } = outer
  return {
    [agg.id]: { ...aggregation, ...aggs },
    ...(beside && { [beside.name]: { ...beside.aggregation, ...aggs } }),
  }
}

/** A search for the span of the fields whose histograms choose their width by it, or null when there are none. */
export function boundsRequest(vis: Vis, context: VisContext): SearchBody | null {
  const automatic = enabledAggs(vis, 'segment', 'group', 'split', 'bucket').filter(isAutomatic)
  if (automatic.length === 0) return null
  const aggs = automatic.flatMap(agg => {
    const { field } = resolveField(agg, context)
    return [
      [`${agg.id}-min`, { min: { field } }],
      [`${agg.id}-max`, { max: { field } }],
    ]
  })
  return { query: queryOf(vis, context), size: 0, track_total_hits: true, aggs: Object.fromEntries(aggs) }
}

export function readBounds(vis: Vis, aggregations: Json): NonNullable<VisContext['bounds']> {
  const value = (name: string) => asNumber((aggregations[name] as Json | undefined)?.value) ?? 0
  const automatic = vis.aggs.filter(isAutomatic)
  return Object.fromEntries(
    automatic.map(({ id }) => [id, { min: value(`${id}-min`), max: value(`${id}-max`) }]),
  )
}

/** As many as a person scrolls through in a panel. */
const MAX_DOCUMENTS = 500
const DOCUMENTS = 50

/** The newest documents, those that one of the filters matches if there are any. */
function documentsRequest(vis: Vis, context: VisContext): VisRequest {
  const hits = enabledAggs(vis, 'metric').find(a => a.type === 'top_hits')?.params ?? vis.params
  const matching = enabledAggs(vis, 'segment', 'group', 'split', 'bucket')
    .filter(a => a.type === 'filters')
    .map(agg => {
      const should = filterRows(agg).map(row => rowQuery(agg, row))
      return should.length === 1 ? (should[0] as Json) : { bool: { should, minimum_should_match: 1 } }
    })
  const sortField = asText(hits.sortField) || (context.timeField ?? '_doc')
  const order = hits.sortOrder === 'asc' ? 'asc' : 'desc'
  const sort = sortField === '_doc' ? ['_doc'] : [{ [sortField]: { order, unmapped_type: 'date' } }]
  return {
    body: {
      query: queryOf(vis, context, matching),
      size: Math.min(MAX_DOCUMENTS, Math.max(1, asNumber(hits.size) ?? DOCUMENTS)),
      track_total_hits: true,
      sort,
    },
    vis,
    context,
    levels: [],
    metrics: [],
    notes: vis.notes,
  }
}
