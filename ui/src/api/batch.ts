// Searches that are wanted in the same moment, such as those of all panels of a dashboard, as few requests.

import { withRuntimeFields } from '../lib/runtimefields'
import { encodePattern, JsonText, runtimeFieldsOf, type SearchRequest, search, send } from './client'
import { ApiError, reasonOf } from './errors'
import { decodeSearch, type SearchResponse } from './schemas/search'
import { array, object } from './schemas/shape'

/** So many go out together: with fewer there are more requests, with more the first answer waits for the slowest. */
const PER_REQUEST = 4

interface Wanted {
  index: string
  request: SearchRequest
  signal: AbortSignal | undefined
  resolve: (answer: SearchResponse) => void
  reject: (reason: unknown) => void
}

let waiting: Wanted[] = []

/** Searches as `search` does, together with what else is asked for in this moment. */
export function searchTogether(
  index: string,
  request: SearchRequest,
  signal?: AbortSignal,
): Promise<SearchResponse> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(flush, 0)
    waiting.push({ index, request, signal, resolve, reject })
  })
}

function flush() {
  const all = waiting
  waiting = []
  for (let at = 0; at < all.length; at += PER_REQUEST) void sendTogether(all.slice(at, at + PER_REQUEST))
}

async function sendTogether(batch: Wanted[]) {
  const wanted = batch.filter(w => !w.signal?.aborted)
  for (const w of batch) if (w.signal?.aborted) w.reject(w.signal.reason)
  const [only] = wanted
  if (!only) return
  if (wanted.length === 1) return void alone(only)
  const stop = new AbortController()
  // Leaving the page ends the request; one panel that goes leaves it to the others.
  for (const w of wanted)
    w.signal?.addEventListener('abort', () => {
      w.reject(w.signal?.reason)
      if (wanted.every(other => other.signal?.aborted)) stop.abort()
    })
  try {
    const made = await Promise.all(wanted.map(({ index }) => runtimeFieldsOf(index)))
    const lines = wanted.flatMap(({ index, request }, at) => [
      JSON.stringify({
        index: index.split(',').map(name => name.trim()),
        ignore_unavailable: true,
      }),
      JSON.stringify(withRuntimeFields(request, made[at] ?? {})),
    ])
    const answer = await send('POST', '/_msearch', new JsonText(`${lines.join('\n')}\n`), stop.signal)
    const responses = array(object(answer, '_msearch').responses, 'responses')
    for (const [at, w] of wanted.entries()) settle(w, responses[at])
  } catch (error) {
    // One search that cannot be read refuses them all: each is asked by itself, so that it fails by itself.
    if (error instanceof ApiError && error.status === 400) for (const w of wanted) void alone(w)
    else for (const w of wanted) w.reject(error)
  }
}

function settle({ index, request, resolve, reject }: Wanted, response: unknown) {
  const found = reasonOf(response)
  try {
    if (found === null) return resolve(decodeSearch(response))
    const status = Number(object(response, 'response').status) || 500
    const line = `POST /${encodePattern(index)}/_search`
    reject(new ApiError(status, found.type, found.reason, { line, body: JSON.stringify(request) }))
  } catch (error) {
    reject(error)
  }
}

const alone = ({ index, request, signal, resolve, reject }: Wanted) =>
  search(index, request, signal).then(resolve, reject)
