import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { inputs } from '../api/client'
import { PAGES } from '../lib/pages'
import { texts } from '../texts/shell'
import { PageBar } from './PageBar'
import { Failure } from './States'

const ASK_MILLIS = 2000

/**
 * Stands for a page whose program did not come, since the server is away or has another version by now. Once the server answers again the
 * page is loaded anew; one that answers and yet has no such program is not asked without end.
 */
export function NotLoaded() {
  const [path] = useLocation()
  const current = PAGES.find(page => path === page.path || path.startsWith(`${page.path}/`))?.path
  const server = useQuery({
    queryKey: ['server answers'],
    queryFn: ({ signal }) => inputs(signal),
    refetchInterval: ASK_MILLIS,
    staleTime: 0,
    gcTime: 0,
  })
  const wasAway = useRef(false)
  useEffect(() => {
    if (server.isError) wasAway.current = true
    if (server.isSuccess && wasAway.current) location.reload()
  }, [server.isError, server.isSuccess])
  return (
    <>
      <PageBar current={current ?? '/discover'} commands={[]} />
      <main>
        <h1 className="visually-hidden">{texts.thePageDidNotCome}</h1>
        {server.isError ? (
          <Failure error={server.error} title={texts.theServerDoesNotAnswer} />
        ) : (
          <Failure
            error={new Error(texts.theServerHasPerhapsBeenUpdated)}
            title={texts.thePageDidNotCome}
            onRetry={() => location.reload()}
          />
        )}
      </main>
    </>
  )
}
