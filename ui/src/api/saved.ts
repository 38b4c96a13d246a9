// Saved objects and data views: the part of Kibana's API that this server answers beside Elasticsearch's.

import type { ObjectKey, Reference, SavedObject } from '../lib/savedobjects'
import { send, sendForText } from './client'
import {
  decodeDashboardImport,
  decodeDataView,
  decodeDataViews,
  decodeFound,
  decodeImport,
  decodeMany,
  decodeObject,
  decodeSamples,
} from './schemas/saved'
import { object } from './schemas/shape'

const ROOT = '/api/saved_objects'

export interface ObjectSearch {
  types: readonly string[]
  /** Words; `word*` finds beginnings. */
  text?: string
  /** The attributes to answer; all when left out. */
  fields?: readonly string[]
  sort?: 'title' | 'updated_at'
  page?: number
  /** Another space than that of the page. */
  space?: string
  perPage?: number
}

export async function findObjects(search: ObjectSearch, signal?: AbortSignal) {
  const params = new URLSearchParams()
  for (const type of search.types) params.append('type', type)
  for (const field of search.fields ?? []) params.append('fields', field)
  if (search.text) params.set('search', search.text)
  if (search.sort) params.set('sort_field', search.sort)
  if (search.sort === 'updated_at') params.set('sort_order', 'desc')
  if (search.space) params.set('namespaces', search.space)
  params.set('page', String(search.page ?? 1))
  params.set('per_page', String(search.perPage ?? 1000))
  return decodeFound(await send('GET', `${ROOT}/_find?${params}`, null, signal, ''))
}

const pathOf = ({ type, id }: ObjectKey) => `${ROOT}/${encodeURIComponent(type)}/${encodeURIComponent(id)}`

export async function getObject(key: ObjectKey, signal?: AbortSignal): Promise<SavedObject> {
  return decodeObject(await send('GET', pathOf(key), null, signal, ''))
}

/** In the order of the keys; each is the object or says why there is none. */
export async function getObjects(keys: readonly ObjectKey[], signal?: AbortSignal) {
  if (keys.length === 0) return []
  return decodeMany(await send('POST', `${ROOT}/_bulk_get`, keys, signal, ''))
}

export interface ObjectBody {
  attributes: Record<string, unknown>
  references: readonly Reference[]
}

/** Makes an object; an id is made up when there is none. */
export async function createObject(
  type: string,
  body: ObjectBody,
  id: string | null = null,
  overwrite = false,
): Promise<SavedObject> {
  const path = `${ROOT}/${type}${id === null ? '' : `/${encodeURIComponent(id)}`}${overwrite ? '?overwrite=true' : ''}`
  const { attributes, references } = body
  return decodeObject(await send('POST', path, { attributes, references }, undefined, ''))
}

/** Merges attributes. With a version, another one at the server is a conflict (ApiError of status 409). */
export async function updateObject(key: ObjectKey, body: Partial<ObjectBody> & { version?: string }) {
  return decodeObject(await send('PUT', pathOf(key), body, undefined, ''))
}

export const deleteObject = (key: ObjectKey) => send('DELETE', pathOf(key), null, undefined, '')

/** Takes in a file of Kibana's or ours. */
export async function importFile(file: Blob, how: 'fail' | 'overwrite' | 'copies') {
  const form = new FormData()
  form.append('file', file, 'import.ndjson')
  const query = how === 'overwrite' ? '?overwrite=true' : how === 'copies' ? '?createNewCopies=true' : ''
  return decodeImport(await send('POST', `${ROOT}/_import${query}`, form, undefined, ''))
}

/** Takes in a dashboard as articles print it, or the objects of Kibana 7's dashboard export. */
export async function importDashboard(text: string, overwrite: boolean) {
  const path = `/api/kibana/dashboards/import${overwrite ? '?force=true' : ''}`
  return decodeDashboardImport(await send('POST', path, parsed(text), undefined, ''))
}

const parsed = (text: string): unknown => JSON.parse(text)

/** The objects and everything that they need, as NDJSON. */
export async function exportObjects(objects: readonly ObjectKey[]): Promise<string> {
  const keys = objects.map(({ type, id }) => ({ type, id }))
  return sendForText('POST', `${ROOT}/_export`, { objects: keys, includeReferencesDeep: true })
}

export async function dataViews(signal?: AbortSignal) {
  return decodeDataViews(await send('GET', '/api/data_views', null, signal, ''))
}

export async function createDataView(view: { title: string; name?: string; timeFieldName?: string }) {
  const answer = object(
    await send('POST', '/api/data_views/data_view', { data_view: view }, undefined, ''),
    'data_view',
  )
  return decodeDataView(answer.data_view)
}

/** Changes a data view; a member that is '' is taken away. */
export async function updateDataView(
  id: string,
  view: { title: string; name: string; timeFieldName: string },
) {
  const path = `/api/data_views/data_view/${encodeURIComponent(id)}`
  const answer = object(await send('POST', path, { data_view: view }, undefined, ''), 'data_view')
  return decodeDataView(answer.data_view)
}

/** Null chooses none. */
export const setDefaultDataView = (id: string | null) =>
  send('POST', '/api/data_views/default', { data_view_id: id, force: true }, undefined, '')

export async function defaultDataView(signal?: AbortSignal): Promise<string> {
  const answer = object(await send('GET', '/api/data_views/default', null, signal, ''), 'default')
  return typeof answer.data_view_id === 'string' ? answer.data_view_id : ''
}

/** Dashboards that come with the program. */
export async function samples(signal?: AbortSignal) {
  return decodeSamples(await send('GET', '/api/console/samples', null, signal, ''))
}

/** Makes one of them; what is there of it already stays as it is. */
export const addSample = (name: string) =>
  send('POST', `/api/console/samples/${encodeURIComponent(name)}`, null, undefined, '')
