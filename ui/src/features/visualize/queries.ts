// What the editor asks the server. Keys hold everything an answer depends on.

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
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
import { chartOf, searchOf } from '../../lib/dashboard/charts'
import type { PanelSource } from '../../lib/dashboard/model'
import { readDashboard } from '../../lib/dashboard/read'
import { fieldsOfMappings } from '../../lib/fields'
import type { SavedObject } from '../../lib/savedobjects'
import type { VisContext } from '../../lib/vis/context'
import { asJson, asText, parseObject } from '../../lib/vis/json'
import { loadVis } from '../../lib/vis/load'
import type { Vis } from '../../lib/vis/model'
import { writeVis } from '../../lib/vis/read'
import { boundsRequest, buildRequest, needsSearch } from '../../lib/vis/request'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/visualize'

const CALM_MILLIS = 30_000
const KEPT = 'visualization'

export const useIndices = () =>
  useQuery({ queryKey: ['indices'], queryFn: ({ signal }) => indices(signal), staleTime: CALM_MILLIS })

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

/** The dashboard that a chart is edited for, as it is saved. Nothing is kept: it may be saved anew between two visits. */
export function useSavedBoard(id: string | null) {
  return useQuery({
    queryKey: ['dashboard', 'of the editor', id],
    queryFn: async ({ signal }) => {
      const object = await getObject({ type: 'dashboard', id: id ?? '' }, signal)
      return { dashboard: readDashboard(object), version: object.version }
    },
    enabled: id !== null,
    staleTime: CALM_MILLIS,
    gcTime: 0,
  })
}

/** The chart that is edited: of the library, or of a panel alone. */
export function useChart(source: PanelSource | null) {
  return useQuery({
    queryKey: ['saved', KEPT, source],
    queryFn: async ({ signal }) => {
      if (source === null || source.kind === 'lost') throw new Error(texts.thePanelIsLinked)
      const object = source.kind === 'own' ? source : await getObject(source.key, signal)
      const base = searchOf(object)
      const search = base === null ? null : await getObject({ type: 'search', id: base }, signal)
      return {
        vis: chartOf(object, search),
        /** Null where the chart is of one panel alone. */
        version: 'version' in object ? object.version : null,
        made: madeWith(object.type, object.attributes),
      }
    },
    enabled: source !== null,
    staleTime: CALM_MILLIS,
  })
}

/** The editor of Kibana's that a chart was made with, where that is another one than this; saved here, it is one of this. */
function madeWith(type: string, { visState }: Record<string, unknown>): string | null {
  if (type === 'lens') return 'Lens'
  if (type === 'search') return texts.discover
  return asJson(parseObject(asText(visState))).type === 'metrics' ? 'TSVB' : null
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
export function useTable(
  named: Vis | null,
  index: string | null,
  context: VisContext | null,
  askedAt: number,
) {
  // What it is called asks nothing.
  const vis = named && { ...named, title: '', description: '' }
  return useQuery({
    queryKey: ['vis', vis, index, questionOf(vis, context), askedAt],
    queryFn: async ({ signal }) => {
      if (vis === null || index === null || context === null) throw new Error(texts.aChartWithoutASubject)
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
}

/** The chart with the data view of its indices: the one that it has, another one of theirs, else a new one. */
export async function withView(vis: Vis, index: string, timeField: string | null): Promise<Vis> {
  if (!needsSearch(vis)) return vis
  const own = vis.search.index
  const same = (await dataViews()).filter(v => v.title === index)
  const found = same.find(v => v.id === own) ?? same[0]
  // A view that is not there any more may come back; nothing else is put in its place unasked.
  if (!found && own === index) return vis
  const view =
    found ?? (await createDataView({ title: index, ...(timeField !== null && { timeFieldName: timeField }) }))
  return { ...vis, search: { ...vis.search, index: view.id } }
}

/** Saves to the library. */
export async function saveVis({ vis, id, version }: SaveRequest): Promise<SavedObject> {
  const body = writeVis(vis)
  if (id === null) return createObject(KEPT, body)
  return updateObject({ type: KEPT, id }, { ...body, ...(version !== null && { version }) })
}

/** After a change of what is saved, here and on dashboards. */
export function useForgetSaved() {
  const forget = useForget()
  return () => forget('saved', 'data_views', 'charts', 'library')
}

export function useDelete() {
  const forget = useForget()
  return useMutation({
    mutationFn: (id: string) => deleteObject({ type: KEPT, id }),
    onSuccess: () => forget('saved'),
  })
}
