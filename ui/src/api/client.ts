// The only caller of fetch. Everything goes to the public Elasticsearch API,
// which the server mounts on this origin under /es/.

import { type RuntimeFields, readRuntimeFields, withRuntimeFields } from '../lib/runtimefields'
import { BASE, linkWithin } from '../lib/space'
import { texts } from '../texts/api'
import { ApiError, reasonOf } from './errors'
import { eventReader, type StreamEvent } from './event_stream'
import { parseJson } from './json'
import { decodeEndpoints, decodeGrok, decodePatterns } from './schemas/devtools'
import { decodeIndices } from './schemas/indices'
import { decodeInputs } from './schemas/inputs'
import { decodeMappings } from './schemas/mapping'
import { decodeFound } from './schemas/saved'
import { decodeSearch, type SearchResponse } from './schemas/search'

const ES = '/es'

/** Where events are taken, as host:port; absent when that input does not run. */
export interface Inputs {
  http?: string
  beats?: string
}

export interface SearchRequest {
  query?: Record<string, unknown>
  size?: number
  sort?: unknown[]
  search_after?: unknown[]
  aggs?: Record<string, unknown>
  track_total_hits?: boolean | number
  _source?: boolean | string[]
  timeout?: string
}

/** Searches the indices of a pattern. Indices that vanish meanwhile are no error. */
export async function search(
  index: string,
  request: SearchRequest,
  signal?: AbortSignal,
): Promise<SearchResponse> {
  const path = `/${encodePattern(index)}/_search?ignore_unavailable=true`
  const whole = withRuntimeFields(request, await runtimeFieldsOf(index))
  return decodeSearch(await send('POST', path, whole, signal))
}

/** What data views make at search time, by their patterns. Once it is known nobody waits for it again: it is read anew beside the searches. */
let runtimeFields: { askedAt: number; byPattern: Promise<Map<string, RuntimeFields>> } | null = null
const RUNTIME_FIELDS_MILLIS = 30_000
const CHANGES_VIEWS = /^\/api\/(?:data_views|saved_objects)\//

/** The fields that the data view of a pattern makes at search time. Where data views cannot be read, there are none. */
export async function runtimeFieldsOf(pattern: string): Promise<RuntimeFields> {
  const askedAt = performance.now()
  if (runtimeFields === null) {
    runtimeFields = { askedAt, byPattern: allRuntimeFields().catch(() => new Map()) }
  } else if (askedAt - runtimeFields.askedAt > RUNTIME_FIELDS_MILLIS) {
    const now = runtimeFields
    now.askedAt = askedAt
    void allRuntimeFields().then(
      fresh => {
        now.byPattern = Promise.resolve(fresh)
      },
      () => {},
    )
  }
  return (await runtimeFields.byPattern).get(pattern) ?? {}
}

async function allRuntimeFields(): Promise<Map<string, RuntimeFields>> {
  const path =
    '/api/saved_objects/_find?type=index-pattern&fields=title&fields=runtimeFieldMap&per_page=10000'
  const { objects } = decodeFound(await send('GET', path, null, undefined, ''))
  const out = new Map<string, RuntimeFields>()
  for (const { attributes } of objects) {
    const { fields } = readRuntimeFields(attributes.runtimeFieldMap)
    const pattern = String(attributes.title)
    if (Object.keys(fields).length > 0) out.set(pattern, { ...fields, ...out.get(pattern) })
  }
  return out
}

/** The mappings' properties, one per index, and what the pattern's data view makes at search time. As in a search, names that there are not are no error. */
export async function mappings(index: string, signal?: AbortSignal) {
  const path = `/${encodePattern(index)}/_mapping?ignore_unavailable=true`
  const made = await runtimeFieldsOf(index)
  const found = decodeMappings(await send('GET', path, null, signal))
  return found.map(mapping => ({ ...mapping, properties: { ...mapping.properties, ...made } }))
}

/** Names and sizes of all indices. */
export async function indices(signal?: AbortSignal) {
  return decodeIndices(await send('GET', '/_cat/indices?format=json&h=index,docs.count', null, signal))
}

/**
 * Reads the stream of events that match a query, from where a stream broke (`after` is the id of its last event) or from
 * now on. Resolves when the server ends it.
 */
export async function tail(
  index: string,
  query: Record<string, unknown>,
  after: string | null,
  signal: AbortSignal,
  onEvent: (event: StreamEvent) => void,
): Promise<void> {
  const response = await fetch(`${ES}/${encodePattern(index)}/_tail?ignore_unavailable=true`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(after !== null && { 'Last-Event-ID': after }) },
    body: JSON.stringify({ query, _source: false }),
    signal,
  })
  if (!response.ok || response.body === null) throw new Error(texts.theStreamIsRefused(response.status))
  const read = eventReader(onEvent)
  const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) read(piece.value)
}

/** Where this server takes events. */
export async function inputs(signal?: AbortSignal): Promise<Inputs> {
  return decodeInputs(await send('GET', '/api/status', null, signal, ''))
}

/** What the console completes, from the server's own tables. */
export async function endpoints(signal?: AbortSignal) {
  return decodeEndpoints(await send('GET', '/api/console/endpoints', null, signal, ''))
}

/** An answer as it came: any status is one. */
export interface RawAnswer {
  /** 0 when none came. */
  status: number
  statusText: string
  text: string
  json: boolean
  tookMillis: number
}

/** Sends a request as it is written. A path with `kbn:` before it is one of this origin, of the page's space when it names none, any other one of the REST API. */
export async function sendRaw(
  request: { method: string; path: string; body: string; lines: boolean },
  signal: AbortSignal,
): Promise<RawAnswer> {
  const { method, path, body, lines } = request
  const own = /^kbn:\/?(.*)$/s.exec(path)
  const target = own
    ? linkWithin(BASE, `/${own[1]}`)
    : `/api/console/proxy?${new URLSearchParams({ method, path })}`
  const start = performance.now()
  try {
    const response = await fetch(target, {
      method: own ? method : 'POST',
      body: body === '' ? null : body,
      headers: body === '' ? {} : { 'Content-Type': lines ? 'application/x-ndjson' : 'application/json' },
      signal,
    })
    const text = await response.text()
    const json = response.headers.get('Content-Type')?.includes('json') ?? false
    const { status, statusText } = response
    return { status, statusText, text, json, tookMillis: performance.now() - start }
  } catch (error) {
    if (signal.aborted) throw error
    const text = texts.theServerDoesNotAnswer
    return { status: 0, statusText: texts.noAnswer, text, json: false, tookMillis: performance.now() - start }
  }
}

export type EcsCompatibility = 'disabled' | 'v8'

export interface GrokTrial {
  rawEvent: string
  pattern: string
  customPatterns: Record<string, string>
  ecsCompatibility: EcsCompatibility
}

/** Tries a grok expression on a text. */
export async function tryGrok(trial: GrokTrial, signal?: AbortSignal) {
  return decodeGrok(await send('POST', '/api/grokdebugger/simulate', trial, signal, ''))
}

/** The built-in grok patterns. */
export async function grokPatterns(ecs: EcsCompatibility, signal?: AbortSignal) {
  return decodePatterns(
    await send('GET', `/api/grokdebugger/patterns?ecs_compatibility=${ecs}`, null, signal, ''),
  )
}

/** Encodes each name of a comma-separated pattern; stars and commas stay readable. */
export function encodePattern(index: string): string {
  return index
    .split(',')
    .map(name => encodeURIComponent(name.trim()).replaceAll('%2A', '*'))
    .join(',')
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** A body that is JSON already, to be sent as it is written. */
export class JsonText {
  constructor(readonly text: string) {}
}

/**
 * Sends a request and answers its JSON, not checked yet; `base` is '' for a path of this origin that is not one of the REST
 * API, which is then about the space of the page. A form is sent as one, anything else as JSON. Throws an ApiError for any status but 2xx.
 */
export async function send(
  method: Method,
  path: string,
  body: unknown,
  signal?: AbortSignal,
  base = ES,
): Promise<unknown> {
  const { answer, request, status } = await answerOf(method, path, body, signal, base)
  if (method !== 'GET' && CHANGES_VIEWS.test(path)) runtimeFields = null
  if (typeof answer === 'string') throw new ApiError(status, 'not_json', texts.theAnswerIsNotJson, request)
  return answer
}

/** Sends a request of this origin and answers its text as it came, such as a file of lines. */
export async function sendForText(
  method: Method,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<string> {
  return (await answerOf(method, path, body, signal, '')).text
}

async function answerOf(
  method: Method,
  path: string,
  body: unknown,
  signal: AbortSignal | undefined,
  base: string,
) {
  const form = body instanceof FormData ? body : null
  const text = form || body === null ? null : body instanceof JsonText ? body.text : JSON.stringify(body)
  const request = { line: `${method} ${path}`, body: text }
  let response: Response
  try {
    response = await fetch(base === '' ? BASE + path : base + path, {
      method,
      body: form ?? text,
      headers: {
        ...(text !== null && { 'Content-Type': 'application/json' }),
        ...(base === '' && { 'kbn-xsrf': 'elkhorn' }),
      },
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError(0, 'unreachable', texts.theServerDoesNotAnswer, request)
  }
  const read = await readBody(response)
  if (!response.ok) {
    const found = reasonOf(read.answer)
    const fallback =
      typeof read.answer === 'string' && read.text.length < 300 ? read.text : response.statusText
    throw new ApiError(
      response.status,
      found?.type ?? `http_${response.status}`,
      found?.reason ?? fallback,
      request,
    )
  }
  return { ...read, request, status: response.status }
}

/** The text of an answer and what it is as JSON; the text itself where it is none. */
async function readBody(response: Response): Promise<{ text: string; answer: unknown }> {
  const text = await response.text()
  try {
    return { text, answer: parseJson(text) }
  } catch {
    return { text, answer: text }
  }
}
