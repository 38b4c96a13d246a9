// Searches and queries that are kept at the server.

import { useMutation, useQuery } from '@tanstack/react-query'
import { createDataView, createObject, deleteObject, findObjects, updateObject } from '../../../api/saved'
import type { ObjectKey, SavedObject } from '../../../lib/savedobjects'
import { type SearchContent, writeSavedQuery, writeSearch } from '../../../lib/savedsearch'
import { useForget } from '../../../state/forget'
import type { SavedView } from '../queries'

const NAME = 'saved_searches'

export function useSaved() {
  return useQuery({
    queryKey: [NAME],
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
  const forget = useForget()
  return useMutation({
    mutationFn: async ({ type, title, content, id }: Kept) => {
      const body =
        type === 'query'
          ? writeSavedQuery(title, content)
          : writeSearch(title, content, await viewOf(content.index, views, timeField))
      return id === null ? createObject(type, body) : updateObject({ type, id }, body)
    },
    onSuccess: () => forget(NAME, 'data_views'),
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
  const forget = useForget()
  return useMutation({
    mutationFn: ({ key, title }: { key: ObjectKey; title: string }) =>
      updateObject(key, { attributes: { title } }),
    onSuccess: () => forget(NAME),
  })
}

export function useDelete() {
  const forget = useForget()
  return useMutation({
    mutationFn: (object: SavedObject) => deleteObject(object),
    onSuccess: () => forget(NAME),
  })
}

/** Puts back what was deleted, under its id. */
export function useRestore() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ type, id, attributes, references }: SavedObject) =>
      createObject(type, { attributes, references }, id, true),
    onSuccess: () => forget(NAME),
  })
}
