// The columns of a Lens layer: buckets and metrics, whose operations are written as aggregations or formulas.

import { VisError } from './error'
import { quote, quoteField } from './formula/quote'
import { asJson, asList, asNumber, asText, entryOf, isJson, type Json } from './json'
import type { VisAgg } from './model'
import { readQuery } from './read'

export interface LensColumn {
  id: string
  /** What its aggregation is called; Lens ids may hold anything. */
  agg: string
  label: string
  bucketed: boolean
  raw: Json
}

type Written = Pick<VisAgg, 'type' | 'params'>

/** Operations that are metrics of the same kind, when nothing narrows them down. */
const PLAIN: Record<string, string> = {
  average: 'avg',
  max: 'max',
  median: 'median',
  min: 'min',
  sum: 'sum',
  unique_count: 'cardinality',
}

/** Operations over another column, as functions of formulas. */
const OVER = [
  'cumulative_sum',
  'counter_rate',
  'differences',
  'moving_average',
  'overall_average',
  'overall_max',
  'overall_min',
  'overall_sum',
]

const MAX_DEPTH = 5

export class LensColumns {
  constructor(
    private readonly columns: Json,
    private readonly order: readonly string[],
  ) {}

  get(id: string): LensColumn | null {
    const raw = entryOf(this.columns, id)
    if (!isJson(raw)) return null
    const bucketed =
      raw.isBucketed === true ||
      ['date_histogram', 'terms', 'filters', 'range'].includes(asText(raw.operationType))
    return { id, agg: id.replace(/[^\w-]/g, '_'), label: asText(raw.label, id), bucketed, raw }
  }

  ordered(): LensColumn[] {
    const ids = [...this.order, ...Object.keys(this.columns).filter(id => !this.order.includes(id))]
    return ids.flatMap(id => this.get(id) ?? [])
  }

  /** A number that a column always is, or null. */
  constant(id: string): number | null {
    const column = this.get(id)
    return column?.raw.operationType === 'static_value' ? asNumber(asJson(column.raw.params).value) : null
  }

  /** Whether a bucket of this layer is cut as one of another. */
  sameBucket(id: string | undefined, other: LensColumns, otherId: string | undefined): boolean {
    if (id === undefined || otherId === undefined) return id === otherId
    const [a, b] = [this.get(id)?.raw, other.get(otherId)?.raw]
    const cut = (raw: Json | undefined) => [raw?.operationType, raw?.sourceField, raw?.params]
    return JSON.stringify(cut(a)) === JSON.stringify(cut(b))
  }

  bucket({ raw, label }: LensColumn): Written {
    const params = asJson(raw.params)
    const field = asText(raw.sourceField)
    const named = raw.customLabel === true ? { customLabel: label } : {}
    switch (raw.operationType) {
      case 'date_histogram':
        return {
          type: 'date_histogram',
          params: {
            field,
            interval: asText(params.interval, 'auto'),
            drop_partials: params.dropPartials === true,
            ...named,
          },
        }
      case 'terms':
        return { type: 'terms', params: { ...this.termsParams(field, params), ...named } }
      case 'filters':
        return {
          type: 'filters',
          params: {
            filters: asList(params.filters).map(f => ({
              input: readQuery(asJson(f).input),
              label: asText(asJson(f).label),
            })),
          },
        }
      case 'range': {
        if (params.type === 'range')
          return { type: 'range', params: { field, ranges: asList(params.ranges), ...named } }
        const bars = asNumber(params.maxBars)
        return {
          type: 'histogram',
          params: { field, interval: 'auto', ...(bars !== null && { maxBars: bars }), ...named },
        }
      }
      default:
        throw new VisError(`buckets by “${asText(raw.operationType)}” are not known.`)
    }
  }

  private termsParams(field: string, params: Json): Json {
    if (asList(params.secondaryFields).length > 0) throw new VisError('it groups by several fields at once.')
    const by = asJson(params.orderBy)
    if (by.type === 'rare' || by.type === 'significant') throw new VisError(`it wants ${by.type} values.`)
    const column = by.type === 'column' ? this.get(asText(by.columnId)) : null
    return {
      field,
      size: asNumber(params.size) ?? 5,
      order: params.orderDirection === 'asc' ? 'asc' : 'desc',
      orderBy: by.type === 'alphabetical' ? '_key' : (column?.agg ?? '_count'),
      otherBucket: params.otherBucket === true,
      missingBucket: params.missingBucket === true,
    }
  }

  metric(column: LensColumn): Written {
    const { raw, label } = column
    const params = asJson(raw.params)
    const field = asText(raw.sourceField)
    const shared = {
      ...(raw.customLabel === true || raw.operationType === 'formula' ? { customLabel: label } : {}),
      ...(isJson(params.format) && { format: asText(params.format.id) }),
    }
    const operation = asText(raw.operationType)
    const plain = entryOf(PLAIN, operation)
    const narrowed = isJson(raw.filter) && readQuery(raw.filter).query !== ''
    this.refuse(raw)
    if (!narrowed) {
      if (operation === 'count' && (field === '' || field === '___records___'))
        return { type: 'count', params: shared }
      if (operation === 'count') return { type: 'value_count', params: { field, ...shared } }
      if (plain) return { type: plain, params: { field, ...shared } }
      if (operation === 'percentile')
        return {
          type: 'percentiles',
          params: { field, percents: [asNumber(params.percentile) ?? 95], ...shared },
        }
      if (operation === 'last_value')
        return {
          type: 'top_hits',
          params: {
            field,
            size: 1,
            sortField: asText(params.sortField),
            sortOrder: 'desc',
            aggregate: 'concat',
            ...shared,
          },
        }
    }
    return { type: 'formula', params: { formula: this.formula(column, 0), ...shared, customLabel: label } }
  }

  private refuse(raw: Json) {
    if (asText(raw.timeShift) !== '')
      throw new VisError(`it is compared with ${asText(raw.timeShift)} before.`)
    if (asText(raw.reducedTimeRange) !== '') throw new VisError('it looks at a part of the time only.')
    if (asText(raw.timeScale) !== '')
      throw new VisError(`it is scaled to a value per ${asText(raw.timeScale)}.`)
  }

  /** A column as a formula, with those that it is made of. */
  private formula({ raw, label }: LensColumn, depth: number): string {
    if (depth > MAX_DEPTH) throw new VisError('its columns refer to each other in a circle.')
    const operation = asText(raw.operationType)
    const params = asJson(raw.params)
    if (operation === 'formula') return asText(params.formula)
    if (operation === 'static_value') return String(asNumber(params.value) ?? 0)
    this.refuse(raw)
    if (OVER.includes(operation)) {
      const of = this.get(asText(asList(raw.references)[0]))
      if (!of) throw new VisError(`“${label}” is made of a column that is missing.`)
      const window = operation === 'moving_average' ? `, window=${asNumber(params.window) ?? 5}` : ''
      return `${operation}(${this.formula(of, depth + 1)}${window})`
    }
    const field = asText(raw.sourceField)
    const named = [
      ...(operation === 'percentile' ? [`percentile=${asNumber(params.percentile) ?? 95}`] : []),
      ...(operation === 'percentile_rank' ? [`value=${asNumber(params.value) ?? 0}`] : []),
      ...filterArgument(raw.filter),
    ]
    const on = field === '' || field === '___records___' ? [] : [quoteField(field)]
    if (!FORMULA_OPERATIONS.includes(operation)) throw new VisError(`“${operation}” is not known.`)
    return `${operation}(${[...on, ...named].join(', ')})`
  }
}

const FORMULA_OPERATIONS = [
  'average',
  'count',
  'last_value',
  'max',
  'median',
  'min',
  'percentile',
  'percentile_rank',
  'standard_deviation',
  'sum',
  'unique_count',
]

/** A query as the argument of a function: none for an empty one. */
export function filterArgument(value: unknown): string[] {
  const { query, language } = readQuery(value)
  if (query.trim() === '') return []
  return [`${language === 'kuery' ? 'kql' : 'lucene'}=${quote(query)}`]
}
