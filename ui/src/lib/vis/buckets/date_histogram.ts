// Buckets of time, in every form in which Kibana has written their width.

import { texts } from '../../../texts/vis'
import { chooseInterval, fixedInterval } from '../../time/interval'
import { DAY, type EpochMillis, HOUR, MINUTE, type Millis, SECOND } from '../../time/units'
import { maxBars, type VisContext } from '../context'
import { rangeFilter } from '../filter'
import { asJson, asNumber, asText, entryOf, type Json } from '../json'
import { isXY, type Vis, type VisAgg } from '../model'
import { bucketOffset } from '../shift'
import { type BucketKind, type BucketValue, listOf, nameOf, resolveField } from './bucket'

const UNITS: Record<string, Millis> = {
  ms: 1,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  M: 30 * DAY,
  q: 91 * DAY,
  y: 365 * DAY,
}

const WORDS: Record<string, string> = {
  millisecond: 'ms',
  second: 's',
  minute: 'm',
  hour: 'h',
  day: 'd',
  week: 'w',
  month: 'M',
  quarter: 'q',
  year: 'y',
}

/** More buckets than any screen has columns: wider ones are drawn instead. */
const MAX_BUCKETS = 2000

export interface Interval {
  /** `calendar_interval` or `fixed_interval`. */
  kind: 'calendar' | 'fixed'
  text: string
  /** The length, of months and years on average. */
  millis: Millis
}

/** The width of the buckets; null lets the server choose, for data whose span is not known. */
export function intervalOf(
  agg: VisAgg,
  context: VisContext,
): { interval: Interval | null; note: string | null } {
  const { range, width } = context
  const auto = range === null ? null : exact(chooseInterval(range.to - range.from, maxBars(width)))
  const asked = readInterval(agg.params)
  if (asked === null || range === null) return { interval: asked ?? auto, note: null }
  if ((range.to - range.from) / asked.millis <= MAX_BUCKETS) return { interval: asked, note: null }
  const wider = exact(chooseInterval(range.to - range.from, MAX_BUCKETS / 4))
  return {
    interval: wider,
    note: texts.bucketsOfWouldBeMore(asked.text, MAX_BUCKETS, wider.text),
  }
}

/** A day has 23 hours now and then, so that one is always a day of the calendar. */
const exact = (millis: Millis): Interval =>
  millis === DAY
    ? { kind: 'calendar', text: '1d', millis }
    : { kind: 'fixed', text: fixedInterval(millis), millis }

/** Null for `auto` and for what cannot be read. */
function readInterval(params: Json): Interval | null {
  const { interval, calendar_interval, fixed_interval } = params
  const asked = asText(fixed_interval) || asText(calendar_interval) || asText(interval)
  const text = asked === 'custom' ? asText(params.customInterval) : asked
  const [, digits, plain, word = ''] = /^(\d{0,6})\s*(?:(ms|[smhdwMqy])|([a-z]{3,12}?)s?)$/.exec(text) ?? []
  const unit = plain ?? entryOf(WORDS, word)
  if (unit === undefined) return null
  const count = Math.max(1, Number(digits || 1))
  const millis = (UNITS[unit] ?? DAY) * count
  const calendar = count === 1 && ['d', 'w', 'M', 'q', 'y'].includes(unit)
  if (calendar) return { kind: 'calendar', text: `1${unit}`, millis }
  // Several weeks, months or years are no interval of the server's; days are.
  const fixed = ['w', 'M', 'q', 'y'].includes(unit) ? `${millis / DAY}d` : `${count}${unit}`
  return { kind: 'fixed', text: fixed, millis }
}

/** Buckets of nothing are drawn as such on an axis; a table lists what there is. */
function leastCount(agg: VisAgg, vis: Vis): number {
  if (isXY(vis.type) || vis.type === 'heatmap') return 0
  return asNumber(agg.params.min_doc_count) ?? 1
}

export const dateHistogram: BucketKind = {
  label: texts.dateHistogram,
  field: 'date',
  level: (agg, { vis, context }) => {
    const asked = asText(agg.params.field) || context.timeField
    const { field, note } = resolveField({ ...agg, params: { ...agg.params, field: asked } }, context)
    const chosen = intervalOf(agg, context)
    const step = chosen.interval?.millis ?? null
    return {
      agg,
      name: nameOf(agg, chosen.interval ? texts.per(field, wordsOf(chosen.interval)) : field),
      format: { kind: 'date', step: step ?? 0, ...patternOf(agg) },
      aggregation: request(field, chosen.interval, leastCount(agg, vis), context),
      needs: [],
      step,
      read: answer => dropPartial(agg, context, step, readDates(field, step, answer)),
      notes: [note, chosen.note].filter(n => n !== null),
    }
  },
}

/** Kibana 4 and 5 keep a pattern as a text, later versions as a format with params. */
function patternOf(agg: VisAgg): { pattern?: string } {
  const { format } = agg.params
  const pattern = typeof format === 'string' ? format : asText(asJson(asJson(format).params).pattern)
  return pattern === '' ? {} : { pattern: pattern.slice(0, MAX_PATTERN) }
}

const MAX_PATTERN = 80

function request(field: string, interval: Interval | null, least: number, context: VisContext): Json {
  const zone = { time_zone: context.timeZone }
  if (interval === null) return { auto_date_histogram: { field, buckets: maxBars(context.width), ...zone } }
  const bounds = least === 0 && context.range !== null && field === context.timeField
  const offset = bucketOffset(context.shiftedBy, interval.millis, interval.kind === 'calendar')
  return {
    date_histogram: {
      field,
      [`${interval.kind}_interval`]: interval.text,
      ...zone,
      min_doc_count: least,
      ...(offset > 0 && { offset: `${offset}ms` }),
      ...(bounds && { extended_bounds: { min: context.range?.from, max: (context.range?.to ?? 1) - 1 } }),
    },
  }
}

function readDates(field: string, step: Millis | null, answer: Json): BucketValue[] {
  const buckets = listOf(answer)
  const keys = buckets.map(b => asNumber(b.key) ?? 0)
  const least = Math.min(...keys.slice(1).map((key, at) => key - (keys[at] ?? 0)))
  const length = step ?? (Number.isFinite(least) ? least : DAY)
  return buckets.map((raw, at) => {
    const key = keys[at] ?? 0
    const next = keys[at + 1]
    // The next bucket begins where this one ends, unless empty ones between them are left out.
    const end = next !== undefined && next - key < 1.2 * length ? next : key + length
    return new DateBucket(field, key, end, raw)
  })
}

/** Its text and its filter are made when they are asked for: there may be thousands of buckets, and of one or two a person wants the documents. */
class DateBucket implements BucketValue {
  constructor(
    private readonly field: string,
    readonly key: EpochMillis,
    private readonly end: EpochMillis,
    readonly raw: Json,
  ) {}

  get text() {
    return asText(this.raw.key_as_string, String(this.key))
  }

  get filter() {
    const bounds = { gte: new Date(this.key).toISOString(), lt: new Date(this.end).toISOString() }
    return rangeFilter(this.field, { ...bounds, format: 'strict_date_optional_time' })
  }
}

/** Buckets that begin before the range or end after it count less than the others, which some charts must not show. */
function dropPartial(
  agg: VisAgg,
  { range }: VisContext,
  step: Millis | null,
  values: BucketValue[],
): BucketValue[] {
  if (agg.params.drop_partials !== true || range === null || step === null) return values
  return values.filter(({ key }) => Number(key) >= range.from && Number(key) + step <= range.to + 1)
}

const NAMES: [(count: number) => string, Millis][] = [
  [texts.years, 365 * DAY],
  [texts.months, 30 * DAY],
  [texts.weeks, 7 * DAY],
  [texts.days, DAY],
  [texts.hours, HOUR],
  [texts.minutes, MINUTE],
  [texts.seconds, SECOND],
]

/** "minute", "30 seconds". */
export function wordsOf(interval: Interval): string {
  const found = NAMES.find(([, millis]) => interval.millis >= millis && interval.millis % millis === 0)
  if (!found) return texts.milliseconds(String(interval.millis))
  const count = interval.millis / found[1]
  return found[0](count)
}
