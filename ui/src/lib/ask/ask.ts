// A question in plain language as a search: its KQL, its time, and how the answer is shown. It is a grammar over the fields and values of the
// view, so that the same question has the same answer everywhere, and nothing leaves the page.

import type { TimeRange } from '../time/range'
import type { EpochMillis } from '../time/units'
import type { VisAgg, VisType } from '../vis/model'
import type { World } from './nouns'
import type { Measure } from './phrases'
import { type Phrase, type Question, readQuestion } from './read'
import { errors, nameKql } from './values'

export type { KnownValue, World } from './nouns'
export type { Phrase } from './read'

export interface Chart {
  type: VisType
  aggs: VisAgg[]
  params: Record<string, unknown>
}

export interface Answer {
  /** What narrows the events down; empty for all. */
  kql: string
  /** Null where the question names no time. */
  range: TimeRange | null
  /** How the events are listed, where there is no chart. */
  sort: { field: string; order: 'asc' | 'desc' } | null
  breakdown: string | null
  /** What is drawn; null for a list of events. */
  chart: Chart | null
  /** The answer in words: "sum of tokens_used by user_id". */
  shows: string
  /** The question's phrases in their order; those without a meaning were not understood. */
  phrases: Phrase[]
}

/** The answer to a question; null when nothing of it is understood. */
export function ask(text: string, world: World, now: EpochMillis): Answer | null {
  const question = readQuestion(text, world, now)
  const { phrases, conditions, range, top } = question
  if (!phrases.some(p => p.meaning !== null && p.meaning !== 'not')) return null
  const kql = conditions.map(c => c.kql).join(' and ')
  const chart = chartOf(question, world)
  const sorted = chart === null && top !== null && question.measured !== null
  const breakdown = chart === null ? (question.by[0] ?? null) : null
  const sort = sorted ? { field: question.measured as string, order: top?.order ?? 'desc' } : null
  return {
    kql,
    range: question.compare.length > 0 ? hull(question) : range,
    sort,
    breakdown,
    chart,
    shows: chart
      ? chartWords(question)
      : `events${sort ? `, the ${sort.order === 'desc' ? 'greatest' : 'least'} ${sort.field} first` : ''}${breakdown ? `, by ${breakdown}` : ''}`,
    phrases,
  }
}

/** Both times of a comparison, and what is between them. */
function hull({ compare }: Question): TimeRange {
  const [a, b] = compare.map(c => c.range)
  const older = a && b && isBefore(b, a) ? b : (a as TimeRange)
  const newer = older === a ? (b as TimeRange) : (a as TimeRange)
  return { from: older.from, to: newer.to }
}

/** Date math of one unit: further back is before; what has no offset is now. */
const isBefore = (a: TimeRange, b: TimeRange) => back(a.from) > back(b.from)
const back = (bound: string) => {
  const [, count = '0', unit = 's'] = /^now-(\d+)([smhdwMy])/.exec(bound) ?? []
  return (
    Number(count) * ({ s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, M: 2_592_000, y: 31_536_000 }[unit] ?? 1)
  )
}

const DEFAULT_SIZE = 10
const SERIES = 5

function chartOf(q: Question, world: World): Chart | null {
  const { measure, interval, by } = q
  if (measure === null || (measure !== 'count' && measure !== 'error_rate' && q.measured === null))
    return null
  // The slowest requests are listed, the slowest tools are drawn.
  if (q.top !== null && by.length === 0 && interval === null) return null
  const metric = metricOf(measure, q.measured, world)
  if (metric === null) return null
  const sortable = metric.type !== 'formula' && metric.type !== 'percentiles'
  const terms = (id: string, field: string, schema: VisAgg['schema'], size: number) =>
    agg(id, 'terms', schema, {
      field,
      size,
      order: q.top?.order ?? 'desc',
      orderBy: sortable
        ? '1'
        : metric.type === 'percentiles'
          ? `1.${(metric.params.percents as number[])[0]}`
          : '_count',
    })
  const size = q.top?.size ?? DEFAULT_SIZE
  if (q.compare.length > 0)
    return comparison(q, metric, world, by[0] === undefined ? [] : [terms('3', by[0], 'segment', size)])
  if (interval !== null && world.timeField !== null) {
    const axis = agg('2', 'date_histogram', 'segment', { field: world.timeField, interval, min_doc_count: 0 })
    const groups = by.slice(0, 1).map(field => terms('3', field, 'group', q.top?.size ?? SERIES))
    const bars = measure === 'count' || measure === 'sum'
    return { type: bars ? 'histogram' : 'line', params: {}, aggs: [metric, ...groups, axis] }
  }
  const [first, second] = by
  if (first === undefined) return { type: 'metric', params: {}, aggs: [metric] }
  if (second === undefined)
    return { type: 'horizontal_bar', params: {}, aggs: [metric, terms('2', first, 'segment', size)] }
  return {
    type: 'table',
    params: { perPage: 20 },
    aggs: [metric, terms('2', first, 'bucket', size), terms('3', second, 'bucket', size)],
  }
}

/** A bar for each time; broken down, a group of bars for each value. */
function comparison(q: Question, metric: VisAgg, world: World, axis: VisAgg[]): Chart | null {
  if (world.timeField === null) return null
  const name = nameKql(world.timeField)
  // A range whose bounds round to the same unit ends with it.
  const end = (to: string) => (to === 'now' ? '' : ` and ${name} <= "${to}"`)
  const filters = q.compare.map(({ label, range }) => ({
    label,
    input: { query: `${name} >= "${range.from}"${end(range.to)}`, language: 'kuery' },
  }))
  const schema = axis.length > 0 ? 'group' : 'segment'
  return { type: 'histogram', params: {}, aggs: [metric, ...axis, agg('2', 'filters', schema, { filters })] }
}

function metricOf(measure: Measure, field: string | null, world: World): VisAgg | null {
  switch (measure) {
    case 'count':
      return agg('1', 'count', 'metric')
    case 'unique':
      return agg('1', 'cardinality', 'metric', { field })
    case 'median':
    case 'p90':
    case 'p95':
    case 'p99':
      return agg('1', 'percentiles', 'metric', {
        field,
        percents: [measure === 'median' ? 50 : Number(measure.slice(1))],
      })
    case 'error_rate': {
      const bad = errors(world)
      const quoted = bad?.kql.replace(/[\\']/g, '\\$&')
      return (
        bad &&
        agg('1', 'formula', 'metric', {
          formula: `count(kql='${quoted}') / count()`,
          format: 'percent',
          customLabel: 'Error rate',
        })
      )
    }
    default:
      return agg('1', measure, 'metric', { field })
  }
}

const agg = (id: string, type: string, schema: VisAgg['schema'], params: VisAgg['params'] = {}): VisAgg => ({
  id,
  enabled: true,
  type,
  schema,
  params,
})

const NAMES: Record<Measure, string> = {
  count: 'number of events',
  sum: 'sum of',
  avg: 'average of',
  min: 'least',
  max: 'greatest',
  median: 'median of',
  p90: '90th percentile of',
  p95: '95th percentile of',
  p99: '99th percentile of',
  unique: 'number of different',
  error_rate: 'share of errors',
}

function chartWords(q: Question): string {
  const measure = q.measure ?? 'count'
  const what =
    measure === 'count' || measure === 'error_rate' ? NAMES[measure] : `${NAMES[measure]} ${q.measured}`
  const by = q.by.slice(0, 2).join(' and ')
  const top =
    by === ''
      ? ''
      : ` by ${by}${q.top ? `, ${q.top.order === 'desc' ? 'the greatest' : 'the least'} ${q.top.size ?? DEFAULT_SIZE}` : ''}`
  const step =
    q.interval === null ? '' : q.interval === 'auto' ? ' over time' : `, one for each ${q.interval}`
  const times = q.compare.map(c => c.label).join(' and ')
  return `${what}${top}${step}${times && `, ${times} side by side`}`
}
