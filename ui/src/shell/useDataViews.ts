import { useQuery } from '@tanstack/react-query'
import { dataViews, defaultDataView } from '../api/saved'
import type { Views } from '../lib/dashboard/views'

/** Whoever changes data views makes all queries old whose keys begin with this one's. */
export function useDataViews() {
  return useQuery({
    queryKey: ['data_views'],
    queryFn: async ({ signal }): Promise<Views> => {
      const [views, standard] = await Promise.all([dataViews(signal), defaultDataView(signal)])
      return { views, standard: views.find(v => v.id === standard) ?? views[0] ?? null }
    },
    staleTime: 30_000,
  })
}
