// What dashboards ask the server, as queries of the cache.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { searchTogether } from '../../api/batch'
import { indices, mappings } from '../../api/client'
import { createDataView, findObjects, getObject, getObjects } from '../../api/saved'
import { decodeBuckets, decodeMetric } from '../../api/schemas/search'
import { type ChartObject, chartOf, searchOf } from '../../lib/dashboard/charts'
import type { Annotation, Control, Dashboard, Panel } from '../../lib/dashboard/model'
import { readDashboard } from '../../lib/dashboard/read'
import { type Views, viewOf } from '../../lib/dashboard/views'
import { chooseTimeField, type Field, fieldsOfMappings } from '../../lib/fields'
import { patternsOf } from '../../lib/indexpatterns'
import type { DataViewInfo, ObjectKey, SavedObject } from '../../lib/savedobjects'
import type { ResolvedRange } from '../../lib/time/range'
import type { VisContext } from '../../lib/vis/context'
import type { VisFilter } from '../../lib/vis/filter'
import { loadVis } from '../../lib/vis/load'
import { EMPTY_QUERY, type Vis } from '../../lib/vis/model'
import { conditionsQuery } from '../../lib/vis/query'
import type { SearchBody } from '../../lib/vis/request'
import type { Table } from '../../lib/vis/table'
import { texts } from '../../texts/dashboards'

/** What panels can show, and what a person can add to a dashboard. */
export const LIBRARY_TYPES = ['visualization', 'lens', 'search', 'map', 'links'] as const

export function useDashboardList(text: string) {
  return useQuery({
    queryKey: ['dashboards', text],
    queryFn: ({ signal }) =>
      findObjects(
        { types: ['dashboard'], text, fields: ['title', 'description', 'panelsJSON'], sort: 'title' },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

/** A dashboard as it is saved. */
export interface Loaded {
  dashboard: Dashboard
  /** Null for one that is not saved yet. */
  key: { id: string; version: string } | null
}

export function useSavedDashboard(id: string | null) {
  return useQuery({
    queryKey: ['dashboard', id],
    queryFn: async ({ signal }): Promise<Loaded> => {
      const object = await getObject({ type: 'dashboard', id: id ?? '' }, signal)
      return { dashboard: readDashboard(object), key: { id: object.id, version: object.version } }
    },
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useLibrary(text: string) {
  return useQuery({
    queryKey: ['library', text],
    queryFn: ({ signal }) =>
      findObjects(
        {
          types: LIBRARY_TYPES,
          text,
          fields: ['title', 'description', 'visState', 'visualizationType'],
          sort: 'title',
        },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

const isObject = (one: SavedObject | (ObjectKey & { error: string })): one is SavedObject => !('error' in one)

/** The charts of all panels, by panel. Those of the library are fetched together. */
export function useCharts(panels: readonly Panel[]): { charts: Map<string, Vis>; error: Error | null } {
  const keys = panels.flatMap(p => (p.source.kind === 'library' ? [p.source.key] : []))
  const names = [...new Set(keys.map(k => JSON.stringify([k.type, k.id])))].sort()
  const ownBases = [
    ...new Set(panels.flatMap(p => (p.source.kind === 'own' ? (searchOf(p.source) ?? []) : []))),
  ].sort()
  const enabled = names.length + ownBases.length > 0
  const query = useQuery({
    queryKey: ['charts', names, ownBases],
    queryFn: async ({ signal }) => {
      const wanted = names.map(n => JSON.parse(n) as [string, string]).map(([type, id]) => ({ type, id }))
      const found = await getObjects(wanted, signal)
      const bases = [...new Set([...ownBases, ...found.filter(isObject).flatMap(o => searchOf(o) ?? [])])]
      const searches = await getObjects(
        bases.map(id => ({ type: 'search', id })),
        signal,
      )
      return { found, searches: searches.filter(isObject) }
    },
    enabled,
    staleTime: 5000,
    placeholderData: keepPreviousData,
  })
  const data = enabled ? query.data : NOTHING
  const charts = useMemo(() => {
    const out = new Map<string, Vis>()
    if (!data) return out
    const baseOf = (object: ChartObject) => data.searches.find(s => s.id === searchOf(object)) ?? null
    for (const { id, source } of panels) {
      if (source.kind === 'own') out.set(id, chartOf(source, baseOf(source)))
      else if (source.kind === 'lost') out.set(id, missing(texts.theThatStoodHere(source.type)))
      else {
        const object = data.found.find(o => o.type === source.key.type && o.id === source.key.id)
        if (object && isObject(object)) out.set(id, chartOf(object, baseOf(object)))
        else if (object) out.set(id, missing(texts.itsIsNotThereAnyMore(source.key.type, object.error)))
      }
    }
    return out
  }, [data, panels])
  return { charts, error: query.error }
}

const NOTHING: { found: SavedObject[]; searches: SavedObject[] } = { found: [], searches: [] }

const missing = (note: string): Vis => ({
  title: '',
  description: '',
  type: 'unsupported',
  params: {},
  aggs: [],
  search: { query: EMPTY_QUERY, filter: [], index: null },
  notes: [note],
})

/** Patterns of indices that hold something and have no data view yet. */
export function usePatterns(views: Views) {
  return useQuery({
    queryKey: ['patterns', views.views.map(v => v.title)],
    queryFn: async ({ signal }) =>
      patternsOf(await indices(signal))
        .filter(p => p.docs > 0 && !views.views.some(v => v.title === p.pattern))
        .map(p => p.pattern),
    staleTime: 30_000,
  })
}

/** A data view over a pattern, with the field that holds its time. */
export async function newView(pattern: string): Promise<DataViewInfo> {
  const timeFieldName = chooseTimeField(fieldsOfMappings(await mappings(pattern)))
  return createDataView({ title: pattern, ...(timeFieldName !== null && { timeFieldName }) })
}

export function useViewFields(pattern: string | null) {
  return useQuery({
    queryKey: ['fields', pattern],
    queryFn: async ({ signal }): Promise<Field[]> => fieldsOfMappings(await mappings(pattern ?? '', signal)),
    enabled: pattern !== null,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })
}

/** What all panels are narrowed down to. */
export interface Narrowing {
  range: ResolvedRange
  /** Asking again is another question, even between two fixed dates. */
  askedAt: number
  query: VisContext['query']
  filters: readonly VisFilter[]
  timeZone: string
}

export interface PanelAnswer {
  table: Table | null
  /** What was asked, for who wants to look at it. */
  requests: { index: string; body: SearchBody }[]
  tookMillis: number
}

/** Widths in steps, so that a panel that grows by some pixels is not another question. */
const WIDTH_STEP = 240
const SCALES: ReadonlySet<string> = new Set(['date_histogram', 'histogram', 'geohash_grid', 'geotile_grid'])

export function usePanelData(
  vis: Vis | null,
  view: DataViewInfo | null,
  narrowing: Narrowing | null,
  width: number,
  views: Views | null = null,
) {
  const fields = useViewFields(view?.title ?? null)
  // Only what is cut along a scale asks for other buckets when it is wider.
  const scaled = vis?.aggs.some(agg => SCALES.has(agg.type)) ?? false
  const step = scaled ? Math.max(1, Math.round(width / WIDTH_STEP)) * WIDTH_STEP : WIDTH_STEP
  const ready = vis !== null && view !== null && narrowing !== null && width > 0 && !fields.isPending
  const asked = vis && [vis.type, vis.aggs, vis.params, vis.search]
  return useQuery({
    queryKey: ['panel', view?.title, view?.timeField, asked, narrowing, step],
    queryFn: async ({ signal }): Promise<PanelAnswer> => {
      if (!vis || !view || !narrowing) throw new Error(texts.askedTooEarly)
      const answer: PanelAnswer = { table: null, requests: [], tookMillis: 0 }
      const context: VisContext = {
        ...narrowing,
        timeField: view.timeField,
        width: step,
        fields: fields.data ?? [],
        ...(views && { viewOf: id => viewOf(id, views) }),
      }
      answer.table = await loadVis(
        vis,
        view.title,
        context,
        async (index, body, stop) => {
          answer.requests.push({ index, body })
          const found = await searchTogether(index, { ...body }, stop)
          answer.tookMillis += found.tookMillis
          return found
        },
        signal,
      )
      return answer
    },
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

/** A moment that charts over time mark. */
export interface Moment {
  at: number
  label: string
}

/** More marks than these would hide the chart. */
const MAX_MOMENTS = 60

/** When the documents were that annotations look for; one that fails marks nothing and says why. */
export function useMoments(annotations: readonly Annotation[], narrowing: Narrowing | null) {
  const asked = annotations.filter(a => a.enabled)
  const range = narrowing && { range: narrowing.range, askedAt: narrowing.askedAt }
  return useQuery({
    queryKey: ['moments', asked, range],
    queryFn: async ({ signal }): Promise<Moment[]> => {
      const found = await Promise.all(
        asked.map(async ({ index, timeField, query, label }) => {
          const time = range && { field: timeField, range: range.range }
          const sort = [{ [timeField]: { order: 'desc', unmapped_type: 'date' } }]
          const body = { query: conditionsQuery(time, [query], []), size: MAX_MOMENTS, sort, _source: false }
          const { hits } = await searchTogether(index, { ...body, track_total_hits: false }, signal)
          return hits.flatMap(h => (typeof h.sort[0] === 'number' ? [{ at: h.sort[0], label }] : []))
        }),
      )
      return found.flat()
    },
    enabled: asked.length > 0 && range !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

const CHOICES = 100

/** The values that a control offers, or the span of its numbers, within what else narrows the page down. */
export function useControlValues(
  control: Control,
  view: DataViewInfo | null,
  narrowing: Narrowing | null,
  open: boolean,
) {
  const fields = useViewFields(view?.title ?? null)
  const name = control.field.replace(/\.keyword$/, '')
  const field = fields.data?.find(f => f.name === control.field) ?? fields.data?.find(f => f.name === name)
  const on = field?.aggregateOn ?? control.field
  return useQuery({
    queryKey: ['control', view?.title, on, control.kind, narrowing],
    queryFn: async ({ signal }) => {
      const time = narrowing && view?.timeField ? { field: view.timeField, range: narrowing.range } : null
      const query = conditionsQuery(time, narrowing ? [narrowing.query] : [], narrowing?.filters ?? [])
      const aggs =
        control.kind === 'options'
          ? { values: { terms: { field: on, size: CHOICES } } }
          : { least: { min: { field: on } }, most: { max: { field: on } } }
      const { aggregations } = await searchTogether(
        view?.title ?? '',
        { query, size: 0, track_total_hits: false, aggs },
        signal,
      )
      if (control.kind === 'range')
        return {
          values: [],
          least: decodeMetric(aggregations, 'least'),
          most: decodeMetric(aggregations, 'most'),
        }
      const { buckets } = decodeBuckets(aggregations, 'values')
      return { values: buckets.map(b => ({ text: b.keyText, count: b.count })), least: null, most: null }
    },
    enabled: open && view !== null && narrowing !== null && !fields.isPending,
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  })
}
