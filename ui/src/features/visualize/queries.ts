// What the editor asks the server. Keys hold everything an answer depends on.

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { indices, mappings, search } from '../../api/client'
import {
  createDataView,
  createObject,
  dataViews,
  deleteObject,
  findObjects,
  getObject,
  updateObject,
} from '../../api/saved'
import { fieldsOfMappings } from '../../lib/fields'
import type { VisContext } from '../../lib/vis/context'
import { loadVis } from '../../lib/vis/load'
import type { Vis } from '../../lib/vis/model'
import { readVis, writeVis } from '../../lib/vis/read'
import { boundsRequest, buildRequest } from '../../lib/vis/request'

const CALM_MILLIS = 30_000
const KEPT = 'visualization'

export const useIndices = () =>
  useQuery({ queryKey: ['indices'], queryFn: ({ signal }) => indices(signal), staleTime: CALM_MILLIS })

export const useDataViews = () =>
  useQuery({ queryKey: ['data views'], queryFn: ({ signal }) => dataViews(signal), staleTime: CALM_MILLIS })

export function useFields(index: string | null) {
  return useQuery({
    queryKey: ['fields', index],
    queryFn: async ({ signal }) => fieldsOfMappings(await mappings(index ?? '', signal)),
    enabled: index !== null,
    staleTime: CALM_MILLIS,
  })
}

/** Everything that is saved, by title. */
export const useSaved = () =>
  useQuery({
    queryKey: ['saved', KEPT],
    queryFn: ({ signal }) => findObjects({ types: [KEPT], sort: 'title' }, signal),
  })

export function useSavedVis(id: string | null) {
  return useQuery({
    queryKey: ['saved', KEPT, id],
    queryFn: async ({ signal }) => {
      const object = await getObject({ type: KEPT, id: id ?? '' }, signal)
      return { vis: readVis(object.attributes, object.references), version: object.version }
    },
    enabled: id !== null,
    staleTime: CALM_MILLIS,
  })
}

/** What is asked: another width of the page asks nothing new, unless the buckets follow it. */
function questionOf(vis: Vis | null, context: VisContext | null): unknown {
  if (vis === null || context === null) return null
  try {
    return boundsRequest(vis, context) === null ? buildRequest(vis, context).body : context
  } catch {
    // What cannot be asked says so when it is asked.
    return context
  }
}

/** The chart's numbers together with the chart that they belong to: while new ones come, the old pair stays. */
export function useTable(vis: Vis | null, index: string | null, context: VisContext | null, askedAt: number) {
  return useQuery({
    queryKey: ['vis', vis, index, questionOf(vis, context), askedAt],
    queryFn: async ({ signal }) => {
      if (vis === null || index === null || context === null)
        throw new Error('a chart without a subject was asked for')
      const start = performance.now()
      const table = await loadVis(vis, index, context, search, signal)
      return { vis, table, tookMillis: performance.now() - start }
    },
    enabled: vis !== null && index !== null && context !== null,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export interface SaveRequest {
  vis: Vis
  /** Null makes a new one. */
  id: string | null
  version: string | null
  index: string
  timeField: string | null
}

/** Saves, with a data view for its indices: the one there is, else a new one. */
export function useSave() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ vis, id, version, index, timeField }: SaveRequest) => {
      const view =
        (await dataViews()).find(v => v.title === index) ??
        (await createDataView({ title: index, ...(timeField !== null && { timeFieldName: timeField }) }))
      const body = writeVis({ ...vis, search: { ...vis.search, index: view.id } })
      if (id === null) return createObject(KEPT, body)
      return updateObject({ type: KEPT, id }, { ...body, ...(version !== null && { version }) })
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['saved'] }),
        client.invalidateQueries({ queryKey: ['data views'] }),
      ]),
  })
}

export function useDelete() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => deleteObject({ type: KEPT, id }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['saved'] }),
  })
}
