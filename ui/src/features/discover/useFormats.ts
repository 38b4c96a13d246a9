import { useQuery } from '@tanstack/react-query'
import { getObject } from '../../api/saved'
import { type FieldFormats, readFieldFormats } from '../../lib/fieldformats'
import { useViews } from './queries'

const NONE: FieldFormats = new Map()

/** The formats of the data view that has this pattern; none without one. */
export function useFormats(pattern: string | null): FieldFormats {
  const id = useViews().data?.find(v => v.pattern === pattern)?.id
  const found = useQuery({
    queryKey: ['data_views', 'formats', id],
    queryFn: async ({ signal }) => {
      const { attributes } = await getObject({ type: 'index-pattern', id: id ?? '' }, signal)
      return readFieldFormats(attributes.fieldFormatMap)
    },
    enabled: id !== undefined,
    staleTime: 30_000,
  })
  return (id !== undefined && found.data) || NONE
}
