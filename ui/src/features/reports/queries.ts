// What reports ask the server, as queries of the cache.

import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { searchTogether } from '../../api/batch'
import { mappings } from '../../api/client'
import { dataViews, defaultDataView, findObjects, getObject, getObjects } from '../../api/saved'
import type { Env } from '../../lib/canvas/env'
import { parseExpression } from '../../lib/canvas/expression'
import type { Workpad } from '../../lib/canvas/model'
import { readWorkpad } from '../../lib/canvas/read'
import { runExpression } from '../../lib/canvas/run'
import type { Render, Saved } from '../../lib/canvas/values'
import { chartOf, searchOf } from '../../lib/dashboard/charts'
import { type Field, fieldsOfMappings } from '../../lib/fields'
import type { DataViewInfo, ObjectKey, SavedObject } from '../../lib/savedobjects'
import { describeRange, type ResolvedRange, resolveRange, type TimeRange } from '../../lib/time/range'
import { zoneName } from '../../lib/time/zone'
import { loadVis } from '../../lib/vis/load'
import { EMPTY_QUERY, type Vis } from '../../lib/vis/model'
import { needsSearch } from '../../lib/vis/request'
import type { Table } from '../../lib/vis/table'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/reports'

export const WORKPAD = 'canvas-workpad'

export function useReports(text: string) {
  return useQuery({
    queryKey: ['reports', text],
    queryFn: ({ signal }) =>
      findObjects(
        { types: [WORKPAD], text, fields: ['name', 'width', 'height'], sort: 'updated_at' },
        signal,
      ),
    placeholderData: keepPreviousData,
  })
}

/** A workpad as it is saved. */
export interface Loaded {
  workpad: Workpad
  version: string
}

export function useSavedReport(id: string | null) {
  return useQuery({
    queryKey: ['report', id],
    queryFn: async ({ signal }): Promise<Loaded> => {
      const object = await getObject({ type: WORKPAD, id: id ?? '' }, signal)
      return { workpad: readWorkpad(object), version: object.version }
    },
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

const LIBRARY_TYPES = ['visualization', 'lens', 'search'] as const

/** What of the library can stand on a page. */
export function useLibrary(text: string) {
  return useQuery({
    queryKey: ['library', text],
    queryFn: ({ signal }) =>
      findObjects({ types: LIBRARY_TYPES, text, fields: ['title', 'description'], sort: 'title' }, signal),
    placeholderData: keepPreviousData,
  })
}

const VIEWS = {
  queryKey: ['report-views'],
  queryFn: async () => {
    const [views, standard] = await Promise.all([dataViews(), defaultDataView()])
    return { views, standard: views.find(v => v.id === standard) ?? views[0] ?? null }
  },
  staleTime: 30_000,
}

export const useViews = () => useQuery(VIEWS)

const fieldsQuery = (index: string) => ({
  queryKey: ['fields', index],
  queryFn: async (): Promise<Field[]> => fieldsOfMappings(await mappings(index)),
  staleTime: 30_000,
})

/** The time that a page is looked at in. */
export interface Moment {
  range: ResolvedRange
  text: string
  /** Asking again is another question, even between two fixed dates. */
  askedAt: number
}

export function useMoment(range: TimeRange, now: number): Moment | null {
  return useMemo(() => {
    const resolved = resolveRange(range, now)
    return resolved && { range: resolved, text: describeRange(range, now), askedAt: now }
  }, [range, now])
}

export interface Outcome {
  render: Render
  notes: string[]
}

function envOf(
  queries: QueryClient,
  workpad: Workpad,
  moment: Moment,
  notes: Set<string>,
  signal: AbortSignal,
): Env {
  return {
    range: moment.range,
    rangeText: moment.text,
    now: moment.askedAt,
    timeZone: zoneName(),
    search: (index, body) => searchTogether(index, body, signal),
    fields: index => queries.fetchQuery(fieldsQuery(index)),
    timeField: async index => {
      const { views } = await queries.fetchQuery(VIEWS)
      const view = views.find(v => v.title === index)
      return view ? view.timeField : '@timestamp'
    },
    assets: new Map(workpad.assets.map(a => [a.id, a.value])),
    variables: new Map(workpad.variables.map(v => [v.name, v.value])),
    note: text => notes.add(text),
  }
}

/** Runs the expression of an element. The last outcome stays until the next one is there. */
export function useOutcome(expression: string, workpad: Workpad, moment: Moment | null) {
  const queries = useQueryClient()
  const assets = workpad.assets.map(a => a.id)
  return useQuery({
    queryKey: ['report-element', expression, assets, workpad.variables, moment],
    queryFn: async ({ signal }): Promise<Outcome> => {
      if (moment === null) throw new Error(texts.askedTooEarly)
      const notes = new Set<string>()
      const env = envOf(queries, workpad, moment, notes, signal)
      return { render: await runExpression(parseExpression(expression), env), notes: [...notes] }
    },
    enabled: moment !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

const isObject = (one: SavedObject | (ObjectKey & { error: string })): one is SavedObject => !('error' in one)

const missing = (note: string): Vis => ({
  title: '',
  description: '',
  type: 'unsupported',
  params: {},
  aggs: [],
  search: { query: EMPTY_QUERY, filter: [], index: null },
  notes: [note],
})

/** The chart of the library that an element shows. */
export function useSavedVis({ key, own }: Saved) {
  return useQuery({
    queryKey: ['report-vis', key, own],
    queryFn: async ({ signal }): Promise<Vis> => {
      if (own) return chartOf({ ...own, references: [] }, null)
      const [object] = key ? await getObjects([key], signal) : []
      if (!object || !isObject(object))
        return missing(texts.isNotInTheLibrary(key?.type ?? 'chart', key?.id ?? ''))
      const base = searchOf(object)
      const [search] = base === null ? [] : await getObjects([{ type: 'search', id: base }], signal)
      return chartOf(object, search && isObject(search) ? search : null)
    },
    staleTime: 30_000,
  })
}

const EVERYTHING: DataViewInfo = { id: '', name: texts.allIndices, title: '*', timeField: '@timestamp' }

/** The table of a chart of the library, in the time of the page. */
export function useVisTable(vis: Vis | null, moment: Moment | null, width: number) {
  const queries = useQueryClient()
  return useQuery({
    queryKey: ['report-table', vis && [vis.type, vis.aggs, vis.params, vis.search], moment, width],
    queryFn: async ({ signal }): Promise<Table | null> => {
      if (vis === null || moment === null) throw new Error(texts.askedTooEarly)
      const { views, standard } = await queries.fetchQuery(VIEWS)
      const { index } = vis.search
      const named = views.find(v => v.id === index) ?? views.find(v => v.title === index)
      const unknown = index === null ? null : { ...EVERYTHING, id: index, title: index }
      const view = named ?? unknown ?? standard ?? EVERYTHING
      const fields = await queries.fetchQuery(fieldsQuery(view.title))
      const context = {
        range: moment.range,
        timeField: view.timeField,
        timeZone: zoneName(),
        query: EMPTY_QUERY,
        filters: [],
        width,
        fields,
      }
      return loadVis(
        vis,
        view.title,
        context,
        (i, body, stop) => searchTogether(i, { ...body }, stop),
        signal,
      )
    },
    enabled: vis !== null && moment !== null && width > 0 && needsSearch(vis),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

/** After a change of what is saved. */
export function useForgetReports() {
  const forget = useForget()
  return () => forget('reports', 'report')
}
