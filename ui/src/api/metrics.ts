import type { Metrics } from '../lib/metrics'
import { send } from './client'
import { array, number, object, string } from './schemas/shape'

/** How the server was over the last seconds. */
export async function metrics(seconds: number, points: number, signal?: AbortSignal): Promise<Metrics> {
  const path = `/api/console/metrics?seconds=${seconds}&points=${points}`
  const found = object(await send('GET', path, null, signal, ''), 'metrics')
  return {
    now: number(found.now, 'now'),
    intervalMillis: number(found.interval_millis, 'interval_millis'),
    points: array(found.points, 'points').map(one => {
      const p = object(one, 'point')
      const n = (name: string) => number(p[name], name)
      const orNull = (name: string) => (p[name] === null ? null : n(name))
      return {
        at: n('at'),
        seconds: n('seconds'),
        restarted: p.restarted === true,
        indexRate: n('index_rate'),
        searchRate: n('search_rate'),
        eventsInRate: n('events_in_rate'),
        eventsOutRate: n('events_out_rate'),
        mergeRate: n('merge_rate'),
        searchMillis: orNull('search_millis'),
        indexMillis: orNull('index_millis'),
        processors: n('processors'),
        docs: n('docs'),
        segments: n('segments'),
        storeBytes: n('store_bytes'),
        logBytes: n('log_bytes'),
        heapBytes: n('heap_bytes'),
        memoryBytes: n('memory_bytes'),
        diskFreeBytes: n('disk_free_bytes'),
        diskTotalBytes: n('disk_total_bytes'),
        queued: n('queued'),
        letters: n('dead_letters'),
      }
    }),
    slow: array(found.slow_searches, 'slow_searches').map(one => {
      const s = object(one, 'slow search')
      return {
        at: string(s.at, 'at'),
        tookMillis: number(s.took_millis, 'took_millis'),
        request: string(s.request, 'request'),
        body: string(s.body, 'body'),
        status: number(s.status, 'status'),
      }
    }),
  }
}
