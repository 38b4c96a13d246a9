// What the management pages ask the server, as queries of the cache.

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import * as manage from '../../api/manage'
import { useForget } from '../../state/forget'
import { countFields } from './MappingTree'

const CALM_MILLIS = 10_000

export const useIndexRows = () =>
  useQuery({
    queryKey: ['manage', 'indices'],
    queryFn: ({ signal }) => manage.indexRows(signal),
    refetchInterval: CALM_MILLIS,
    placeholderData: keepPreviousData,
  })

/** Mappings change seldom. */
const FIELDS_MILLIS = 60_000

/** How many fields each index has, sub-fields included. */
export const useFieldCounts = () =>
  useQuery({
    queryKey: ['manage', 'fields'],
    queryFn: async ({ signal }) =>
      new Map(
        Object.entries(await manage.fieldTypes(signal)).map(([index, mapping]) => [
          index,
          countFields(mapping),
        ]),
      ),
    staleTime: FIELDS_MILLIS,
    refetchInterval: FIELDS_MILLIS,
    placeholderData: keepPreviousData,
  })

export const useStreams = () =>
  useQuery({
    queryKey: ['manage', 'streams'],
    queryFn: ({ signal }) => manage.streams(signal),
    refetchInterval: CALM_MILLIS,
    placeholderData: keepPreviousData,
  })

/** Lifecycles of all indices; a list of rows needs them all. */
export const useLifecycles = () =>
  useQuery({
    queryKey: ['manage', 'lifecycles'],
    queryFn: ({ signal }) => manage.lifecycles('*', signal),
    refetchInterval: CALM_MILLIS,
    placeholderData: keepPreviousData,
  })

export const useSettings = (index: string) =>
  useQuery({
    queryKey: ['manage', 'settings', index],
    queryFn: ({ signal }) => manage.settings(index, signal),
  })

export const useMapping = (index: string) =>
  useQuery({
    queryKey: ['manage', 'mapping', index],
    queryFn: ({ signal }) => manage.rawMapping(index, signal),
  })

export const useSegments = (index: string) =>
  useQuery({
    queryKey: ['manage', 'segments', index],
    queryFn: ({ signal }) => manage.segments(index, signal),
    refetchInterval: CALM_MILLIS,
  })

export const useAliases = (index: string) =>
  useQuery({
    queryKey: ['manage', 'aliases', index],
    queryFn: ({ signal }) => manage.aliases(index, signal),
  })

/** Does something and then looks again at everything that these pages show. */
export function useDeed<Input, Output = unknown>(run: (input: Input) => Promise<Output>) {
  const forget = useForget()
  return useMutation({
    mutationFn: run,
    onSettled: () => forget('manage'),
  })
}
