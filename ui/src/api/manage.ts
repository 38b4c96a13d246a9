// What the management pages ask of the REST API, and do through it.

import { encodePattern, send } from './client'
import {
  decodeAliases,
  decodeIlm,
  decodeIndexRows,
  decodeResolved,
  decodeSegments,
  decodeStreams,
} from './schemas/manage'
import { object } from './schemas/shape'

const COLUMNS = 'index,health,status,docs.count,docs.deleted,store.size,pri,rep,segments.count,creation.date'

export async function indexRows(signal?: AbortSignal) {
  const path = `/_cat/indices?format=json&bytes=b&expand_wildcards=all&h=${COLUMNS}`
  return decodeIndexRows(await send('GET', path, null, signal))
}

export async function streams(signal?: AbortSignal) {
  return decodeStreams(await send('GET', '/_data_stream?expand_wildcards=all', null, signal))
}

/** Where indices are in their lifecycles. */
export async function lifecycles(index: string, signal?: AbortSignal) {
  return decodeIlm(
    await send('GET', `/${encodePattern(index)}/_ilm/explain?only_managed=false`, null, signal),
  )
}

export async function settings(index: string, signal?: AbortSignal) {
  return object(await send('GET', `/${encodePattern(index)}/_settings`, null, signal), '_settings')
}

/** The types of all fields of all indices, by index: as much of the mappings as it takes to count them. */
export async function fieldTypes(signal?: AbortSignal) {
  const path = '/*/_mapping?expand_wildcards=all&filter_path=*.mappings.**.type'
  return object(await send('GET', path, null, signal), '_mapping')
}

export async function rawMapping(index: string, signal?: AbortSignal) {
  return object(await send('GET', `/${encodePattern(index)}/_mapping`, null, signal), '_mapping')
}

export async function segments(index: string, signal?: AbortSignal) {
  return decodeSegments(await send('GET', `/${encodePattern(index)}/_segments`, null, signal))
}

export async function aliases(index: string, signal?: AbortSignal) {
  return decodeAliases(await send('GET', `/${encodePattern(index)}/_alias`, null, signal))
}

/** What a pattern finds. */
export async function resolvePattern(pattern: string, signal?: AbortSignal) {
  const path = `/_resolve/index/${encodePattern(pattern)}?ignore_unavailable=true`
  return decodeResolved(await send('GET', path, null, signal))
}

export const openIndex = (index: string) => send('POST', `/${encodePattern(index)}/_open`, null)
export const closeIndex = (index: string) => send('POST', `/${encodePattern(index)}/_close`, null)
export const deleteIndex = (index: string) => send('DELETE', `/${encodePattern(index)}`, null)
export const deleteStream = (name: string) => send('DELETE', `/_data_stream/${encodePattern(name)}`, null)
export const refreshIndex = (index: string) => send('POST', `/${encodePattern(index)}/_refresh`, null)
export const flushIndex = (index: string) => send('POST', `/${encodePattern(index)}/_flush`, null)
export const mergeIndex = (index: string) =>
  send('POST', `/${encodePattern(index)}/_forcemerge?max_num_segments=1`, null)
export const rollOver = async (target: string) =>
  object(await send('POST', `/${encodePattern(target)}/_rollover`, null), '_rollover')
