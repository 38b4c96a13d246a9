import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { ErrorBoundary } from './components/ErrorBoundary'
import { Page as Discover } from './features/discover/Page'
import { useZone } from './state/zone'

// What few visits begin with is loaded when it is asked for.
const Console = lazy(() => import('./features/devtools/ConsolePage').then(m => ({ default: m.ConsolePage })))
const Grok = lazy(() => import('./features/devtools/GrokPage').then(m => ({ default: m.GrokPage })))

const queries = new QueryClient({
  // Times decide when to ask again, not the window's focus. A failure is shown at once, with its reason.
  defaultOptions: { queries: { refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false } },
})

export function App() {
  // Another time zone changes every time on a page, so the page is drawn anew.
  const zone = useZone()
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queries}>
        <Suspense fallback={null}>
          <Switch key={zone}>
            <Route path="/discover" component={Discover} />
            <Route path="/dev_tools/console" component={Console} />
            <Route path="/dev_tools/grokdebugger" component={Grok} />
            <Route>
              <Redirect to={`/discover${location.search}`} replace />
            </Route>
          </Switch>
        </Suspense>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}
