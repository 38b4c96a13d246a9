// What the pipeline pages ask the server, as queries of the cache.

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import * as api from '../../api/pipelines'
import type { PipelineFile, PipelineStats } from '../../lib/pipelines'
import { useForget } from '../../state/forget'

const LIVE_MILLIS = 2000
/** Rates of plugins are over so many looks. */
const LOOKS = 5

export const usePipelines = () =>
  useQuery({
    queryKey: ['pipelines', 'stats'],
    queryFn: ({ signal }) => api.pipelines(signal),
    refetchInterval: LIVE_MILLIS,
  })

export const useHealth = () =>
  useQuery({
    queryKey: ['pipelines', 'health'],
    queryFn: ({ signal }) => api.health(signal),
    refetchInterval: 2 * LIVE_MILLIS,
  })

export const usePlaces = (id: string, hash: string) =>
  useQuery({ queryKey: ['pipelines', 'places', id, hash], queryFn: ({ signal }) => api.places(id, signal) })

export const useSource = (id: string) =>
  useQuery({
    queryKey: ['pipelines', 'source', id],
    queryFn: ({ signal }) => api.source(id, signal),
    enabled: id !== '',
  })

export const useCheck = (id: string, files: PipelineFile[] | null) =>
  useQuery({
    queryKey: ['pipelines', 'check', id, files],
    queryFn: ({ signal }) => api.check({ ...(id !== '' && { id }), files: files ?? [] }, signal),
    enabled: files !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })

export const useRuns = (trial: api.Trial | null) =>
  useQuery({
    queryKey: ['pipelines', 'explain', trial],
    queryFn: ({ signal }) => api.explain(trial as api.Trial, signal),
    enabled: trial !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })

/** How many letters a page shows. */
export const LETTERS = 1000

export const useLetters = () =>
  useQuery({
    queryKey: ['pipelines', 'letters'],
    queryFn: ({ signal }) => api.deadLetters(LETTERS, signal),
    refetchInterval: 5 * LIVE_MILLIS,
  })

/** Does something and then looks again at everything that these pages show. */
export function useDeed<Input, Output = unknown>(run: (input: Input) => Promise<Output>) {
  const forget = useForget()
  return useMutation({
    mutationFn: run,
    onSettled: () => forget('pipelines'),
  })
}

interface Look {
  at: number
  counts: Record<string, number>
}

/** Events per second of each plugin, by id, over the last looks; empty until there are two. */
export function usePluginRates(pipeline: PipelineStats, at: number): Record<string, number> {
  const [looks, setLooks] = useState<Look[]>([])
  useEffect(() => {
    const counts = Object.fromEntries(pipeline.plugins.map(p => [p.id, p.kind === 'input' ? p.out : p.in]))
    setLooks(before => {
      const last = before.at(-1)
      if (last && last.at >= at) return before
      // Counters that begin anew, as after a reload, begin new looks.
      const anew = last && Object.entries(counts).some(([id, n]) => n < (last.counts[id] ?? 0))
      return [...(anew ? [] : before), { at, counts }].slice(-LOOKS)
    })
  }, [pipeline, at])
  const first = looks[0]
  const last = looks.at(-1)
  if (!first || !last || first === last) return {}
  const seconds = (last.at - first.at) / 1000
  return Object.fromEntries(
    Object.entries(last.counts).map(([id, n]) => [id, (n - (first.counts[id] ?? n)) / seconds]),
  )
}
