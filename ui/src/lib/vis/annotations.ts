// What a chart over time marks of its own: moments that are written down, and those of documents that a query finds.

import { texts } from '../../texts/vis'
import { QueryError } from '../queryerror'
import { flatten } from '../source'
import { nearestToken } from './colours'
import type { VisContext } from './context'
import { VisError } from './error'
import { asJson, asList, asNumber, asText, type Json } from './json'
import type { Vis } from './model'
import { conditionsQuery } from './query'
import { readQuery } from './read'
import type { SearchBody } from './request'
import type { VisAnswer } from './response'
import type { Moment } from './table'

/**
 * One of `params.annotations`. `at` (and `end`) are dates or milliseconds; where there is none, `query` finds the documents whose
 * time is marked. A label may name their fields: `{{message}}`.
 */
export interface Annotation {
  label: string
  at?: string | number
  end?: string | number
  query?: Json
  /** A data view by id or pattern; the chart's own if there is none. */
  index?: string
  timeField?: string
  /** The page's search and filters do not narrow it down. */
  ignoresFilters?: boolean
  colour?: string
  style?: string
}

/** More marks than these would hide the chart. */
const MAX_MOMENTS = 60
const MAX_ANNOTATIONS = 20
const MAX_LABEL = 120

export async function findMoments(
  vis: Vis,
  index: string,
  context: VisContext,
  ask: (index: string, body: SearchBody) => Promise<VisAnswer>,
): Promise<Moment[]> {
  const asked = asList(vis.params.annotations).slice(0, MAX_ANNOTATIONS).map(asJson)
  const found = await Promise.all(
    asked.map(async one => {
      if (one.query === undefined) return written(one)
      const id = asText(one.index)
      const view = id === '' ? null : (context.viewOf?.(id) ?? { title: id, timeField: null })
      const timeField = asText(one.timeField) || (view === null ? context.timeField : view.timeField)
      const body = timeField === null ? null : bodyOf(vis, one, timeField, context)
      if (body === null) return []
      const { hits } = await ask(view?.title ?? index, body)
      return hits.flatMap(hit => {
        const at = asNumber(hit.sort[0])
        return at === null ? [] : [{ ...styleOf(one), at, label: labelOf(one, hit.source) }]
      })
    }),
  )
  return found.flat().sort((a, b) => a.at - b.at)
}

function written(one: Json): Moment[] {
  const [at, end] = [momentOf(one.at), momentOf(one.end)]
  if (at === null) return []
  return [{ ...styleOf(one), at, label: asText(one.label), ...(end !== null && end > at && { end }) }]
}

function momentOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : asNumber(value)
  return at === null || Number.isNaN(at) ? null : at
}

function styleOf({ colour, style }: Json): Pick<Moment, 'colour' | 'style'> {
  const token = asText(colour)
  const named = token.startsWith('#') ? nearestToken(token, new Set()) : token
  const drawn = (['solid', 'dashed', 'dotted'] as const).find(s => s === style)
  return { ...(named && { colour: named }), ...(drawn && { style: drawn }) }
}

function bodyOf(vis: Vis, one: Json, timeField: string, context: VisContext): SearchBody | null {
  if (context.range === null) return null
  const own = one.ignoresFilters === true ? [] : [context.query]
  const filters = one.ignoresFilters === true ? [] : context.filters
  try {
    return {
      query: conditionsQuery(
        { field: timeField, range: context.range },
        [...own, readQuery(one.query)],
        filters,
      ),
      size: MAX_MOMENTS,
      track_total_hits: true,
      sort: [{ [timeField]: { order: 'desc', unmapped_type: 'date' } }],
    }
  } catch (error) {
    if (error instanceof QueryError) throw new VisError(texts.anAnnotationOfCannot(vis.title, error.message))
    throw error
  }
}

/** `{{field}}` is the document's value. */
function labelOf(one: Json, source: Json): string {
  const flat = flatten(source)
  return asText(one.label)
    .replace(/\{\{\s*([^{}]{1,200}?)\s*\}\}/g, (_, field: string) => String(flat.get(field) ?? ''))
    .slice(0, MAX_LABEL)
}
