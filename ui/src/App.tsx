import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Redirect, Route, Switch } from 'wouter'
import { ErrorBoundary } from './components/ErrorBoundary'
import { Page as Discover } from './features/discover/Page'

const queries = new QueryClient({
  // Times decide when to ask again, not the window's focus. A failure is shown at once, with its reason.
  defaultOptions: { queries: { refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false } },
})

export function App() {
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queries}>
        <Switch>
          <Route path="/discover" component={Discover} />
          <Route>
            <Redirect to={`/discover${location.search}`} replace />
          </Route>
        </Switch>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}
