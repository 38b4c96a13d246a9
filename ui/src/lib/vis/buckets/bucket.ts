// What every bucket aggregation gives: the aggregation to ask for, and the reading of its answer.

import { texts } from '../../../texts/vis'
import type { FilterValue } from '../../filters'
import type { VisContext } from '../context'
import { VisError } from '../error'
import type { Leaf } from '../expr'
import type { VisFilter } from '../filter'
import type { ValueFormat } from '../format'
import { asList, asText, type Json } from '../json'
import type { MetricColumn } from '../metrics'
import type { Vis, VisAgg } from '../model'

export interface Scope {
  vis: Vis
  context: VisContext
  metrics: readonly MetricColumn[]
}

export interface BucketValue {
  /** What is compared and sorted by. */
  key: string | number
  text: string
  /** The documents of the bucket; null where no filter can say it. */
  filter: VisFilter | null
  /** The bucket itself, which holds its sub-aggregations. */
  raw: Json
  /** Where it stands on the earth. */
  point?: { lat: number; lon: number }
  /** What the limit of the terms leaves out: only its count is known. */
  others?: true
}

/** One level of nesting. */
export interface Level {
  agg: VisAgg
  name: string
  format: ValueFormat
  aggregation: Json
  /** An aggregation beside it, whose bucket is read together with the others. */
  beside?: { name: string; aggregation: Json }
  /** Metrics that it is ordered by, which must be asked for at this level. */
  needs: Leaf[]
  /** The width of its buckets where they stand on a scale: milliseconds for dates. */
  step: number | null
  read: (answer: Json, beside: Json | null) => BucketValue[]
  notes: string[]
}

export interface BucketKind {
  label: string
  field: 'none' | 'any' | 'number' | 'date' | 'ip' | 'geo'
  level: (agg: VisAgg, scope: Scope) => Level
}

/**
 * The field to aggregate on: the keyword sub-field of a text, and the field itself where a `.keyword` is asked of what is one
 * already.
 */
export function resolveField(
  agg: VisAgg,
  context: Pick<VisContext, 'fields'>,
): { field: string; note: string | null } {
  const asked = asText(agg.params.field)
  if (asked === '') throw new VisError(texts.aFieldHasToBePicked, agg.id)
  const own = context.fields.find(f => f.name === asked)
  if (own) return { field: own.aggregateOn ?? asked, note: null }
  const base = asked.replace(/\.keyword$/, '')
  const found = context.fields.find(f => f.name === base)
  if (base !== asked && found?.kind === 'keyword') return { field: base, note: texts.isRead(asked, base) }
  return { field: asked, note: null }
}

/** A custom label, or what the aggregation is called by itself. */
export const nameOf = (agg: VisAgg, otherwise: string): string => asText(agg.params.customLabel) || otherwise

export const listOf = (answer: Json): Json[] =>
  asList(answer.buckets).filter((b): b is Json => typeof b === 'object' && b !== null)

/** What a filter compares with: booleans and dates come as numbers, with their text beside. */
export function filterValue(bucket: Json): FilterValue {
  const { key, key_as_string: text } = bucket
  if (text === 'true' || text === 'false') return text === 'true'
  if (typeof text === 'string') return text
  return typeof key === 'number' ? key : String(key)
}
