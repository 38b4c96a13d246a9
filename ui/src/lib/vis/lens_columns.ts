// The columns of a Lens layer: buckets and metrics, whose operations are written as aggregations or formulas.

import { texts } from '../../texts/vis'
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
    /** Begins the names of its aggregations, where other layers may have columns of the same ids. */
    private readonly prefix = '',
  ) {}

  get(id: string): LensColumn | null {
    const raw = entryOf(this.columns, id)
    if (!isJson(raw)) return null
    const bucketed =
      raw.isBucketed === true ||
      ['date_histogram', 'terms', 'filters', 'range'].includes(asText(raw.operationType))
    const agg = this.prefix + id.replace(/[^\w-]/g, '_')
    return { id, agg, label: asText(raw.label, id), bucketed, raw }
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
      case 'terms': {
        const others = asList(params.secondaryFields).map(f => asText(f))
        const { orderBy, orderAgg, ...terms } = this.termsParams(field, params)
        const order = { orderBy, ...(orderAgg !== undefined && { orderAgg }) }
        if (others.length > 0)
          return {
            type: 'multi_terms',
            params: { fields: [field, ...others], size: terms.size, order: terms.order, ...order, ...named },
          }
        return { type: 'terms', params: { ...terms, ...order, ...named } }
      }
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
        throw new VisError(texts.bucketsByAreNotKnown(asText(raw.operationType)))
    }
  }

  private termsParams(field: string, params: Json): Json {
    const by = asJson(params.orderBy)
    if (by.type === 'rare') throw new VisError(texts.itWantsRareValues)
    const column = by.type === 'column' ? this.get(asText(by.columnId)) : null
    const own = by.type === 'custom' && isJson(params.orderAgg) ? params.orderAgg : column?.raw
    const agg = own === undefined ? null : this.orderAgg(own, asText(by.columnId))
    const values = (name: string) => {
      const list = asList(params[name]).map(String)
      if (list.length === 0) return {}
      return { [name]: params[`${name}IsRegex`] === true ? list[0] : list }
    }
    return {
      field,
      size: asNumber(params.size) ?? 5,
      order: params.orderDirection === 'asc' ? 'asc' : 'desc',
      orderBy: by.type === 'alphabetical' ? '_key' : (column?.agg ?? (agg === null ? '_count' : 'custom')),
      ...(agg !== null && { orderAgg: agg }),
      ...values('include'),
      ...values('exclude'),
      otherBucket: params.otherBucket === true,
      missingBucket: params.missingBucket === true,
    }
  }

  /** What values are ordered by may be a column that no chart shows. Null for what only the browser can compute. */
  private orderAgg(raw: Json, id: string): Written | null {
    const column = { id, agg: id, label: asText(raw.label, id), bucketed: false, raw }
    try {
      return this.metric(column)
    } catch (error) {
      if (error instanceof VisError) return null
      throw error
    }
  }

  metric(column: LensColumn): Written {
    const { raw, label } = column
    const params = asJson(raw.params)
    const field = asText(raw.sourceField)
    const shared = {
      ...(raw.customLabel === true || raw.operationType === 'formula' ? { customLabel: label } : {}),
      ...(isJson(params.format) && { format: params.format }),
    }
    const operation = asText(raw.operationType)
    const plain = entryOf(PLAIN, operation)
    const narrowed =
      (isJson(raw.filter) && readQuery(raw.filter).query !== '') ||
      TIMED.some(name => asText(raw[name]) !== '') ||
      asText(raw.timeScale) !== ''
    if (operation === 'formula') return { type: 'formula', params: { ...formulaParams(raw), ...shared } }
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

  /** A column as a formula, with those that it is made of. */
  private formula({ raw, label }: LensColumn, depth: number): string {
    if (depth > MAX_DEPTH) throw new VisError(texts.itsColumnsReferInACircle)
    const operation = asText(raw.operationType)
    const params = asJson(raw.params)
    if (operation === 'formula') return asText(params.formula)
    if (operation === 'static_value') return String(asNumber(params.value) ?? 0)
    if (OVER.includes(operation)) {
      const of = this.get(asText(asList(raw.references)[0]))
      if (!of) throw new VisError(texts.isMadeOfAColumn(label))
      const window = operation === 'moving_average' ? [`window=${asNumber(params.window) ?? 5}`] : []
      const inner = [this.formula(of, depth + 1), ...window, ...timeArguments(raw)]
      return perUnit(raw, `${operation}(${inner.join(', ')})`)
    }
    const field = asText(raw.sourceField)
    const named = [
      ...(operation === 'percentile' ? [`percentile=${asNumber(params.percentile) ?? 95}`] : []),
      ...(operation === 'percentile_rank' ? [`value=${asNumber(params.value) ?? 0}`] : []),
      ...filterArgument(raw.filter),
      ...timeArguments(raw),
    ]
    const on = field === '' || field === '___records___' ? [] : [quoteField(field)]
    if (!FORMULA_OPERATIONS.includes(operation)) throw new VisError(texts.isNotKnown(operation))
    return perUnit(raw, `${operation}(${[...on, ...named].join(', ')})`)
  }
}

/** What Lens says of the time of a column, and formulas of that of a function. */
const TIMED = ['timeShift', 'reducedTimeRange'] as const

const timeArguments = (raw: Json): string[] =>
  TIMED.flatMap(name => {
    const text = asText(raw[name])
    return text === '' ? [] : [`${name === 'timeShift' ? 'shift' : name}=${quote(text)}`]
  })

/** A value per unit of time instead of per bucket. */
const perUnit = (raw: Json, formula: string): string => {
  const unit = asText(raw.timeScale)
  return unit === '' ? formula : `normalize_by_unit(${formula}, unit=${quote(unit)})`
}

/** A formula with what holds for all of it. */
function formulaParams(raw: Json): Json {
  const formula = perUnit(raw, asText(asJson(raw.params).formula))
  const timed = TIMED.flatMap(name => (asText(raw[name]) === '' ? [] : [[name, asText(raw[name])]]))
  const narrowed = isJson(raw.filter) && readQuery(raw.filter).query !== ''
  return { formula, ...Object.fromEntries(timed), ...(narrowed && { filter: raw.filter }) }
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
