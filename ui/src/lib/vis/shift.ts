// A metric of an earlier time beside that of now: a search of its own whose buckets are laid beside those they are compared with.

import { texts } from '../../texts/vis'
import { resolveBound } from '../time/datemath'
import type { ResolvedRange } from '../time/range'
import { DAY, type EpochMillis, type Millis } from '../time/units'
import type { Level } from './buckets/bucket'
import { listOf } from './buckets/bucket'
import type { VisContext } from './context'
import { asJson, asList, asNumber, isJson, type Json } from './json'

/** The moment that one of the range is compared with. */
export type Back = (at: EpochMillis) => EpochMillis

/** What Lens writes: `1d`, `previous` (the range before this one), `startAt(2026-01-31)` and `endAt(…)`. Null for anything else. */
export function readShift(text: string, range: ResolvedRange): Back | null {
  const trimmed = text.trim()
  if (trimmed === 'previous') return at => at - (range.to - range.from)
  const [, anchor, date = ''] = /^(startAt|endAt)\(([^()]{4,40})\)$/.exec(trimmed) ?? []
  if (anchor !== undefined) {
    const asked = resolveBound(date, range.to, 'down')
    if (asked === null) return null
    const away = (anchor === 'startAt' ? range.from : range.to) - asked
    return at => at - away
  }
  const length = /^(\d{1,5})\s?([smhdwMy])$/.exec(trimmed)
  if (!length) return null
  // Days and longer follow the calendar of the chosen time zone.
  return at => resolveBound(`now-${length[1]}${length[2]}`, at, 'down') ?? at
}

/** The context of the earlier time. */
export function shiftedContext(context: VisContext, back: Back): VisContext {
  const { range } = context
  if (range === null) return context
  return {
    ...context,
    range: { ...range, from: back(range.from), to: back(range.to) },
    shiftedBy: range.from - back(range.from),
  }
}

/** How far the bounds of buckets move with the time, so that each earlier bucket has one that it is compared with. */
export function bucketOffset(shiftedBy: Millis | undefined, step: Millis, calendar: boolean): Millis {
  // Buckets of months and more begin where they do.
  if (shiftedBy === undefined || step > 7 * DAY || (calendar && shiftedBy % DAY === 0)) return 0
  return ((-shiftedBy % step) + step) % step
}

/** Under what a bucket holds the earlier one. */
export const shiftKey = (text: string): string => texts.shift(text)

/** An answer whose buckets hold the earlier ones that they are compared with. */
export function withShifted(
  levels: readonly Level[],
  now: Json,
  before: Json,
  text: string,
  back: Back,
): Json {
  const [level, ...inner] = levels
  const out: Json = { ...now, [shiftKey(text)]: before }
  if (!level) return out
  for (const name of [level.agg.id, ...(level.beside ? [level.beside.name] : [])]) {
    const [here, there] = [now[name], asJson(before[name])]
    if (!isJson(here)) continue
    if (!Array.isArray(here.buckets)) {
      out[name] = withShifted(inner, here, there, text, back)
      continue
    }
    const find = finder(level, listOf(there), back)
    const buckets = listOf(here).map((bucket, at) => {
      const found = find(bucket, at)
      return found === undefined ? bucket : withShifted(inner, bucket, found, text, back)
    })
    out[name] = { ...here, buckets }
  }
  return out
}

type Find = (bucket: Json, at: number) => Json | undefined

function finder({ agg, step }: Level, buckets: readonly Json[], back: Back): Find {
  if (agg.type === 'filters') return (_, at) => buckets[at]
  if (agg.type !== 'date_histogram') {
    const known = new Map(buckets.map(b => [JSON.stringify(b.key), b]))
    return bucket => known.get(JSON.stringify(bucket.key))
  }
  const keys = buckets.map(b => asNumber(b.key) ?? 0)
  const half = (step ?? DAY) / 2
  let from = 0
  return bucket => {
    const wanted = back(asNumber(bucket.key) ?? 0)
    while (from < keys.length && (keys[from] ?? 0) < wanted - half) from++
    // Of two that are as near, the later one begins where the other ends.
    return Math.abs((keys[from] ?? Number.POSITIVE_INFINITY) - wanted) <= half ? buckets[from] : undefined
  }
}

/** The values of a level in an answer, which an earlier search is asked for by name, whatever came first then. Null if they are not texts. */
export function termsOf(levels: readonly Level[], depth: number, answer: Json): string[] | null {
  const out = new Set<string>()
  const visit = (within: Json, at: number): boolean =>
    listOf(asJson(within[levels[at]?.agg.id ?? ''])).every(bucket => {
      if (at < depth) return visit(bucket, at + 1)
      if (typeof bucket.key === 'string') out.add(bucket.key)
      return typeof bucket.key === 'string'
    })
  return visit(answer, 0) && out.size > 0 ? [...out] : null
}

/** The terms of a level by name instead of by order. */
export function named(level: Level, terms: readonly string[] | null): Level {
  const own = level.aggregation.terms
  if (!isJson(own) || terms === null || asList(own.include).length > 0) return level
  const { order: _, include: __, exclude: ___, ...rest } = own
  return { ...level, needs: [], aggregation: { terms: { ...rest, include: terms, size: terms.length } } }
}
