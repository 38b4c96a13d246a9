// A bucket per value of a field: the most frequent, or those that a metric puts first.

import { texts } from '../../../texts/vis'
import { existsFilter, othersFilter, phraseFilter } from '../filter'
import { asJson, asNumber, asText, type Json } from '../json'
import { type MetricColumn, orderColumn } from '../metrics'
import type { VisAgg } from '../model'
import {
  type BucketKind,
  type BucketValue,
  filterValue,
  type Level,
  listOf,
  nameOf,
  resolveField,
  type Scope,
} from './bucket'

/** Kibana's default. */
const SIZE = 5

interface Order {
  by: Json
  needs: Level['needs']
  note: string | null
}

export const terms: BucketKind = {
  label: texts.terms,
  field: 'any',
  level: (agg, scope) => {
    const { field, note } = resolveField(agg, scope.context)
    const order = orderOf(agg, scope)
    const { include, exclude } = agg.params
    const missing = agg.params.missingBucket === true
    const own = {
      field,
      size: asNumber(agg.params.size) ?? SIZE,
      order: order.by,
      ...(typeof include === 'string' && include !== '' && { include }),
      ...(typeof exclude === 'string' && exclude !== '' && { exclude }),
    }
    return {
      agg,
      // The sub-field that counts is nothing that a person needs to know of.
      name: nameOf(agg, field.replace(/\.keyword$/, '')),
      format: { kind: 'text' },
      aggregation: { terms: own },
      ...(missing && { beside: { name: `${agg.id}-missing`, aggregation: { missing: { field } } } }),
      needs: order.needs,
      step: null,
      read: (answer, beside) => readTerms(agg, field, answer, beside),
      notes: [note, order.note].filter(n => n !== null),
    }
  },
}

export const significantTerms: BucketKind = {
  label: texts.significantTerms,
  field: 'any',
  level: (agg, scope) => {
    const { field, note } = resolveField(agg, scope.context)
    return {
      agg,
      name: nameOf(agg, texts.unusualValuesOf(field)),
      format: { kind: 'text' },
      aggregation: { significant_terms: { field, size: asNumber(agg.params.size) ?? 10 } },
      needs: [],
      step: null,
      read: answer => listOf(answer).map(b => term(field, b)),
      notes: note === null ? [] : [note],
    }
  },
}

/** What the buckets are ordered by: their count, their name, or a metric. */
export function orderOf(agg: VisAgg, { metrics, vis, context }: Scope): Order {
  const direction = agg.params.order === 'asc' ? 'asc' : 'desc'
  const asked = asText(agg.params.orderBy, '_count')
  if (asked === '_key' || asked === '_term') return { by: { _key: direction }, needs: [], note: null }
  const count: Order = { by: { _count: direction }, needs: [], note: null }
  if (asked === '_count') return count
  const metric =
    metrics.find(m => m.id === asked) ??
    metrics.find(m => m.agg.id === asked.split('.')[0]) ??
    orderColumn(agg, vis, context)
  const path = metric && pathOf(metric)
  if (!metric || path === undefined)
    return {
      ...count,
      note: texts.isOrderedByCount(nameOf(agg, asText(agg.params.field)), asked),
    }
  if (path === null) return count
  const needs = metric.expr.kind === 'leaf' ? [metric.expr.leaf] : []
  return { by: { [path]: direction }, needs, note: null }
}

/** The path of a metric's value in an order; null for the count, undefined for what the server does not compute itself. */
function pathOf(metric: MetricColumn): string | null | undefined {
  if (metric.expr.kind !== 'leaf' || metric.expr.leaf.shift !== undefined) return undefined
  const { name, aggregation } = metric.expr.leaf
  if (aggregation === null) return null
  // A bucket that is named without a value stands for its count.
  if ('filter' in aggregation) return 'aggs' in aggregation ? insideOf(name, asJson(aggregation.aggs)) : name
  if ('percentiles' in aggregation || 'percentile_ranks' in aggregation) {
    const suffix = metric.id.slice(metric.agg.id.length + 1)
    return `${name}.${suffix === '' ? '50' : suffix}`
  }
  if ('extended_stats' in aggregation) return `${name}.${metric.id.slice(metric.agg.id.length + 1)}`
  return 'top_hits' in aggregation ? undefined : name
}

const ORDERED = ['avg', 'cardinality', 'max', 'min', 'sum', 'value_count']

/** The path of the one value in a bucket, or undefined. */
function insideOf(name: string, aggs: Json): string | undefined {
  const [[inner, aggregation] = ['', null], ...others] = Object.entries(aggs)
  const simple = others.length === 0 && ORDERED.some(kind => kind in asJson(aggregation))
  return simple ? `${name}>${inner}` : undefined
}

function readTerms(agg: VisAgg, field: string, answer: Json, beside: Json | null): BucketValue[] {
  const values = listOf(answer).map(b => term(field, b))
  const missing = beside === null ? 0 : (asNumber(beside.doc_count) ?? 0)
  if (beside !== null && missing > 0) {
    const text = asText(agg.params.missingBucketLabel) || texts.missing
    values.push({ key: text, text, filter: existsFilter(field, true), raw: beside })
  }
  const others = asNumber(answer.sum_other_doc_count) ?? 0
  if (agg.params.otherBucket !== true || others <= 0) return values
  const text = asText(agg.params.otherBucketLabel) || texts.other
  const named = listOf(answer).map(b => filterValue(b))
  return [
    ...values,
    { key: text, text, filter: othersFilter(field, named), raw: { doc_count: others }, others: true },
  ]
}

function term(field: string, raw: Json): BucketValue {
  const value = filterValue(raw)
  const key = typeof raw.key === 'number' ? raw.key : String(raw.key)
  const text = asText(raw.key_as_string, String(raw.key))
  return { key, text, filter: phraseFilter(field, value), raw }
}
