// What the tools ask the server, as queries of the cache.

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type EcsCompatibility, endpoints, grokPatterns, indices, mappings, tryGrok } from '../../api/client'
import type { Catalogue } from '../../lib/console/complete'
import { fieldsOfMappings } from '../../lib/fields'
import { parsePatterns } from '../../lib/grok'
import type { GrokState } from './url'

const CALM_MILLIS = 30_000

interface Known {
  catalogue: Catalogue
  /** Of the REST API; null when it has none of its own, undefined until that is known. */
  address: string | null | undefined
}

/** What the console completes; `index` is the pattern whose fields are wanted. */
export function useCatalogue(index: string): Known {
  const table = useQuery({
    queryKey: ['endpoints'],
    queryFn: ({ signal }) => endpoints(signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const names = useQuery({
    queryKey: ['indices'],
    queryFn: ({ signal }) => indices(signal),
    staleTime: CALM_MILLIS,
  })
  const fields = useQuery({
    queryKey: ['fields', index],
    queryFn: async ({ signal }) => fieldsOfMappings(await mappings(index, signal)),
    // A name that is still being written has no fields.
    enabled: index === '*' || names.data?.some(i => patternTest(index).test(i.name)) === true,
    staleTime: CALM_MILLIS,
  })
  return useMemo(() => {
    const { address, ...known } = table.data ?? NOTHING_KNOWN
    const catalogue = { ...known, indices: names.data?.map(i => i.name) ?? [], fields: fields.data ?? [] }
    return { address: table.isPending ? undefined : address, catalogue }
  }, [table.data, table.isPending, names.data, fields.data])
}

/** What an index pattern such as `logs-*,other` matches. */
function patternTest(pattern: string): RegExp {
  const names = pattern
    .split(',')
    .map(name => name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*'))
  return new RegExp(`^(${names.join('|')})$`)
}

const NOTHING_KNOWN = { address: null, endpoints: [], commonParams: [], queries: [], aggregations: [] }

export function useGrok(state: GrokState) {
  const { patterns, fault } = parsePatterns(state.custom)
  return useQuery({
    queryKey: ['grok', state],
    queryFn: ({ signal }) =>
      tryGrok(
        {
          rawEvent: state.text,
          pattern: state.pattern,
          customPatterns: patterns,
          ecsCompatibility: state.ecs,
        },
        signal,
      ),
    enabled: state.text !== '' && state.pattern !== '' && fault === null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}

export function usePatterns(ecs: EcsCompatibility) {
  return useQuery({
    queryKey: ['grok patterns', ecs],
    queryFn: ({ signal }) => grokPatterns(ecs, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
}
