import { useQuery } from '@tanstack/react-query'
import { Redirect } from 'wouter'
import { dataViews, getObject } from '../../../api/saved'
import { readSaved } from '../../../lib/savedsearch'
import { PageBar } from '../../../shell/PageBar'
import { Failure, Waiting } from '../../../shell/States'
import { useSearch } from '../../../state/navigate'
import { texts } from '../../../texts/discover'
import { formatDiscoverUrl, parseDiscoverUrl } from '../url'
import { opened } from './opened'

/** What a link to a saved search leads through: it becomes the link to what the search reproduces. */
export function OpenPage() {
  const id = new URLSearchParams(useSearch()).get('id') ?? ''
  const { data, error, refetch } = useQuery({
    queryKey: ['saved_searches', 'link', id],
    queryFn: async ({ signal }) => {
      const [object, views] = await Promise.all([
        getObject({ type: 'search', id }, signal),
        dataViews(signal),
      ])
      const patterns = new Map(views.map(v => [v.id, v.title]))
      const plain = parseDiscoverUrl('')
      const state = opened(object, readSaved(object, patterns), plain)
      return formatDiscoverUrl({ ...plain, ...state })
    },
    // What was changed since is opened as it is now.
    gcTime: 0,
  })
  if (data !== undefined) return <Redirect to={`/discover?${data}`} replace />
  return (
    <>
      <PageBar current="/discover" commands={[]} />
      <main aria-label={texts.savedSearch}>
        <h1 className="visually-hidden">{texts.savedSearch}</h1>
        {error ? (
          <Failure error={error} title={texts.theSavedSearchDidNotCome} onRetry={() => refetch()} />
        ) : (
          <Waiting />
        )}
      </main>
    </>
  )
}
