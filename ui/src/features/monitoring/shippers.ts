// The shippers that wrote events of late, found in the events themselves.

import { mappings, search } from '../../api/client'
import { fieldsOfMappings } from '../../lib/fields'

export interface Shipper {
  name: string
  type: string
  version: string
  events: number
  /** Milliseconds since 1970. */
  last: number
}

const MOST = 200

/** Who shipped events in the last day, by name, type and version; empty where no index has these fields. */
export async function shippers(signal: AbortSignal): Promise<Shipper[]> {
  const fields = fieldsOfMappings(await mappings('*', signal))
  const on = (name: string) => fields.find(field => field.name === name)?.aggregateOn ?? null
  const [name, type, version] = ['agent.name', 'agent.type', 'agent.version'].map(on)
  if (!name) return []
  const sources = Object.entries({ name, type, version }).flatMap(([key, field]) =>
    field ? [{ [key]: { terms: { field, missing_bucket: key !== 'name' } } }] : [],
  )
  const answer = await search(
    '*',
    {
      size: 0,
      track_total_hits: false,
      query: { range: { '@timestamp': { gte: 'now-1d' } } },
      aggs: {
        shippers: { composite: { size: MOST, sources }, aggs: { last: { max: { field: '@timestamp' } } } },
      },
    },
    signal,
  )
  const found = answer.aggregations?.shippers as
    | {
        buckets?: { key: Record<string, string | null>; doc_count: number; last?: { value: number | null } }[]
      }
    | undefined
  return (found?.buckets ?? []).map(({ key, doc_count, last }) => ({
    name: key.name ?? '',
    type: key.type ?? '',
    version: key.version ?? '',
    events: doc_count,
    last: last?.value ?? 0,
  }))
}
