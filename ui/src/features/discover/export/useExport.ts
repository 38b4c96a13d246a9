import { useCallback, useEffect, useRef, useState } from 'react'
import { readAll } from '../../../api/pit'
import { toEvent } from '../../../lib/events'
import { csvHead, csvLine, type Format, ndjsonLine } from '../../../lib/export'
import type { AskedRange, Subject } from '../queries'
import { boolQuery, timeClause } from '../request'
import { openSink, saveAs } from './sink'

/** Few enough that a cancel is felt at once, many enough that the round trips do not count. */
const PAGE = 2000

export interface Progress {
  phase: 'running' | 'done' | 'cancelled' | 'failed'
  written: number
  bytes: number
  reason: string
}

const TYPES: Record<Format, string> = { csv: 'text/csv', ndjson: 'application/x-ndjson' }

/** Writes everything that a search finds to a file, newest first; one export at a time. */
export function useExport() {
  const [progress, setProgress] = useState<Progress | null>(null)
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const cancel = useCallback(() => stop.current?.abort(), [])
  const start = useCallback(
    async (subject: Subject, range: AskedRange, columns: string[], format: Format) => {
      const controller = new AbortController()
      stop.current = controller
      let [written, bytes] = [0, 0]
      const say = (phase: Progress['phase'], reason = '') => setProgress({ phase, written, bytes, reason })
      say('running')
      const sink = await openSink(TYPES[format])
      const put = async (text: string) => {
        bytes += text.length
        await sink.write(text)
      }
      try {
        if (format === 'csv') await put(csvHead(columns))
        await readAll(subject.index, requestOf(subject, range), controller.signal, async hits => {
          await put(
            hits
              .map(toEvent)
              .map(event => (format === 'csv' ? csvLine(event, columns) : ndjsonLine(event)))
              .join(''),
          )
          written += hits.length
          say('running')
        })
        saveAs(await sink.finish(), nameOf(subject, range, format))
        say('done')
      } catch (error) {
        await sink.drop().catch(() => undefined)
        if (controller.signal.aborted) say('cancelled')
        else say('failed', error instanceof Error ? error.message : String(error))
      }
    },
    [],
  )
  return { progress, start, cancel }
}

function requestOf({ conditions, timeField }: Subject, { from, to }: AskedRange) {
  return {
    query: boolQuery(conditions, timeClause(timeField, { gte: from, lte: to })),
    size: PAGE,
    sort: [{ [timeField]: { order: 'desc', unmapped_type: 'date' } }, { _shard_doc: 'desc' }],
    track_total_hits: false,
  }
}

/** `chatgpt-logs_2026-11-26T14-00-00Z.csv`: the pattern and the end of its time. */
function nameOf({ index }: Subject, { to }: AskedRange, format: Format): string {
  const base = index.replace(/[^\w.-]+/g, '_').replace(/^[_.-]+|[_.-]+$/g, '') || 'events'
  const at = new Date(to).toISOString().slice(0, 19).replaceAll(':', '-')
  return `${base}_${at}Z.${format}`
}
