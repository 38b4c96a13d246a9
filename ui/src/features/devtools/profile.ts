// What `profile: true` tells of a search.

import { encodePattern, send } from '../../api/client'
import { array, type Json, number, object } from '../../api/schemas/shape'

export interface ProfileNode {
  type: string
  description: string
  nanos: number
  children: ProfileNode[]
}

export interface Profile {
  tookMillis: number
  shards: { name: string; nodes: ProfileNode[] }[]
}

const listOf = (value: unknown): Json[] =>
  Array.isArray(value) ? value.map(one => object(one, 'profile')) : []

function node(one: Json): ProfileNode {
  return {
    type: String(one.type ?? one.name ?? ''),
    description: String(one.description ?? one.reason ?? ''),
    nanos: number(one.time_in_nanos ?? 0, 'time_in_nanos'),
    children: listOf(one.children).map(node),
  }
}

/** The trees of an answer: of each shard its queries, collectors, aggregations and its fetch. */
export function decodeProfile(answer: unknown): Profile {
  const found = object(answer, '_search')
  const shards = array(object(found.profile, 'profile').shards, 'profile.shards')
  return {
    tookMillis: number(found.took, 'took'),
    shards: shards.map(raw => {
      const shard = object(raw, 'shard')
      const searches = listOf(shard.searches)
      return {
        name: String(shard.id ?? ''),
        nodes: [
          ...searches.flatMap(s => [...listOf(s.query), ...listOf(s.collector)]),
          ...listOf(shard.aggregations),
          ...(shard.fetch ? [object(shard.fetch, 'fetch')] : []),
        ].map(node),
      }
    }),
  }
}

/** Sends a search with its profile asked for. */
export async function profileOf(index: string, text: string, signal?: AbortSignal): Promise<Profile> {
  const search = object(text.trim() === '' ? {} : JSON.parse(text), 'the search')
  return decodeProfile(
    await send('POST', `/${encodePattern(index)}/_search`, { ...search, profile: true }, signal),
  )
}
