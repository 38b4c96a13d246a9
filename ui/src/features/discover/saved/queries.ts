// Searches and queries that are kept at the server.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createDataView, createObject, deleteObject, findObjects, updateObject } from '../../../api/saved'
import type { ObjectKey, SavedObject } from '../../../lib/savedobjects'
import { type SearchContent, writeSavedQuery, writeSearch } from '../../../lib/savedsearch'
import type { SavedView } from '../queries'

const KEY = ['saved searches']

export function useSaved() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => findObjects({ types: ['search', 'query'], sort: 'title' }, signal),
  })
}

export interface Kept {
  type: 'search' | 'query'
  title: string
  content: SearchContent
  /** Written over; null makes a new one. */
  id: string | null
}

/** Keeps a search, with a data view for its index pattern: Kibana finds no data without one. */
export function useKeep(views: SavedView[], timeField: string | null) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ type, title, content, id }: Kept) => {
      const body =
        type === 'query'
          ? writeSavedQuery(title, content)
          : writeSearch(title, content, await viewOf(content.index, views, timeField))
      return id === null ? createObject(type, body) : updateObject({ type, id }, body)
    },
    onSuccess: () =>
      Promise.all([KEY, ['data_views']].map(queryKey => client.invalidateQueries({ queryKey }))),
  })
}

async function viewOf(
  index: string | null,
  views: SavedView[],
  timeField: string | null,
): Promise<string | null> {
  if (index === null) return null
  const known = views.find(v => v.pattern === index)
  if (known) return known.id
  return (await createDataView({ title: index, ...(timeField !== null && { timeFieldName: timeField }) })).id
}

export function useRename() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ key, title }: { key: ObjectKey; title: string }) =>
      updateObject(key, { attributes: { title } }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
}

export function useDelete() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (object: SavedObject) => deleteObject(object),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
}

/** Puts back what was deleted, under its id. */
export function useRestore() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ type, id, attributes, references }: SavedObject) =>
      createObject(type, { attributes, references }, id, true),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  })
}
