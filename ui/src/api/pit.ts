// Reading everything that a search finds, from a point in time.

import { withRuntimeFields } from '../lib/runtimefields'
import { texts } from '../texts/api'
import { encodePattern, runtimeFieldsOf, type SearchRequest, send } from './client'
import { decodeSearch, type Hit } from './schemas/search'
import { object, string } from './schemas/shape'

const KEEP = '2m'

/**
 * Calls `onPage` with all hits of a request, page by page, as they were when it began; each page is asked for when the
 * one before has been taken. Resolves at the end; rejects when the signal ends it.
 */
export async function readAll(
  index: string,
  request: SearchRequest & { size: number },
  signal: AbortSignal,
  onPage: (hits: Hit[]) => Promise<void>,
): Promise<void> {
  const opened = await send(
    'POST',
    `/${encodePattern(index)}/_pit?keep_alive=${KEEP}&ignore_unavailable=true`,
    null,
    signal,
  )
  const id = string(object(opened, '_pit').id, '_pit.id')
  const made = await runtimeFieldsOf(index)
  try {
    let after: unknown[] | null = null
    for (;;) {
      signal.throwIfAborted()
      const page = {
        ...withRuntimeFields(request, made),
        pit: { id, keep_alive: KEEP },
        ...(after !== null && { search_after: after }),
      }
      const { hits, missing } = decodeSearch(await send('POST', '/_search', page, signal))
      if (missing.length > 0) throw new Error(texts.partOfTheAnswer(missing.join('; ')))
      const last = hits.at(-1)
      if (last === undefined) return
      await onPage(hits)
      if (hits.length < request.size) return
      after = last.sort
    }
  } finally {
    // Also after a cancel; a point in time that stays behind ends by itself.
    send('DELETE', '/_pit', { id }).catch(() => undefined)
  }
}
