import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, useEffect, useState } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { settings } from './api/settings'
import { ErrorBoundary } from './components/ErrorBoundary'
import { later } from './components/later'
import { Page as Discover } from './features/discover/Page'
import { InSpace } from './shell/InSpace'
import { NotLoaded } from './shell/NotLoaded'
import { navigate } from './state/navigate'
import { carriedInto } from './state/places'
import { applySettings, useSettings } from './state/settings'
import { useZone } from './state/zone'

/** A page that is loaded when it is asked for, as few visits begin with it. */
const page = (load: () => Promise<ComponentType>) => later(() => load().catch(() => NotLoaded))

const Console = page(() => import('./features/devtools/ConsolePage').then(m => m.ConsolePage))
const Grok = page(() => import('./features/devtools/GrokPage').then(m => m.GrokPage))
const Debugger = page(() => import('./features/pipelines/DebuggerPage').then(m => m.DebuggerPage))
const Document = page(() => import('./features/discover/document/Page').then(m => m.Page))
const Dashboards = page(() => import('./features/dashboards/ListPage').then(m => m.ListPage))
const Dashboard = page(() => import('./features/dashboards/DashboardRoute').then(m => m.DashboardRoute))
const DataViews = page(() => import('./features/management/DataViewsPage').then(m => m.DataViewsPage))
const Indices = page(() => import('./features/management/IndicesPage').then(m => m.IndicesPage))
const Ingest = page(() => import('./features/management/IngestPage').then(m => m.IngestPage))
const Profiler = page(() => import('./features/devtools/ProfilerPage').then(m => m.ProfilerPage))
const OpenSearch = page(() => import('./features/discover/saved/OpenPage').then(m => m.OpenPage))
const Reports = page(() => import('./features/reports/ListPage').then(m => m.ListPage))
const Report = page(() => import('./features/reports/ReportRoute').then(m => m.ReportRoute))
const SavedObjects = page(() =>
  import('./features/management/SavedObjectsPage').then(m => m.SavedObjectsPage),
)
const Settings = page(() => import('./features/management/SettingsPage').then(m => m.SettingsPage))
const Spaces = page(() => import('./features/management/SpacesPage').then(m => m.SpacesPage))
const Templates = page(() => import('./features/management/TemplatesPage').then(m => m.TemplatesPage))
const Letters = page(() => import('./features/pipelines/LettersPage').then(m => m.LettersPage))
const Monitoring = page(() => import('./features/monitoring/MonitoringPage').then(m => m.MonitoringPage))
const Pipelines = page(() => import('./features/pipelines/PipelinesPage').then(m => m.PipelinesPage))
const Story = page(() => import('./features/discover/trace/Page').then(m => m.Page))

const Lost = page(() => import('./shell/LostPage').then(m => m.LostPage))

const Visualizations = page(() => import('./features/visualize/ListPage').then(m => m.ListPage))
const Editor = page(() => import('./features/visualize/EditorPage').then(m => m.EditorPage))

/** A visualization has no time of its own: on arrival it is looked at in the time of the page before. */
function Visualize() {
  const [carried, setCarried] = useState(() => carriedInto(location.search))
  useEffect(() => {
    if (carried === null) return
    navigate(`/visualize/editor?${carried}`, { replace: true })
    setCarried(null)
  }, [carried])
  return carried === null ? <Editor /> : null
}

const queries = new QueryClient({
  // Times decide when to ask again, not the window's focus. A failure is shown at once, with its reason.
  defaultOptions: { queries: { refetchOnWindowFocus: false, refetchOnReconnect: false, retry: false } },
})

export function App() {
  // Another time zone changes every time on a page, and another default time its range, so the page is drawn anew.
  const zone = useZone()
  const { range } = useSettings()
  useEffect(() => {
    // Without an answer, what was set when this browser last asked still holds; the pages say what does not answer.
    settings().then(applySettings, () => {})
  }, [])
  return (
    <ErrorBoundary>
      <QueryClientProvider client={queries}>
        <InSpace>
          <Switch key={`${zone} ${range?.from} ${range?.to}`}>
            <Route path="/discover" component={Discover} />
            <Route path="/discover/view" component={OpenSearch} />
            <Route path="/dashboards" component={Dashboards} />
            <Route path="/dashboards/*" component={Dashboard} />
            <Route path="/document" component={Document} />
            <Route path="/trace" component={Story} />
            <Route path="/visualize" component={Visualizations} />
            <Route path="/visualize/editor" component={Visualize} />
            <Route path="/reports" component={Reports} />
            <Route path="/reports/*" component={Report} />
            <Route path="/monitoring" component={Monitoring} />
            <Route path="/pipelines" component={Pipelines} />
            <Route path="/dead_letters" component={Letters} />
            <Route path="/management/indices" component={Indices} />
            <Route path="/management/templates" component={Templates} />
            <Route path="/management/ingest_pipelines" component={Ingest} />
            <Route path="/management/saved_objects" component={SavedObjects} />
            <Route path="/management/data_views" component={DataViews} />
            <Route path="/management/settings" component={Settings} />
            <Route path="/management/spaces" component={Spaces} />
            <Route path="/dev_tools/profiler" component={Profiler} />
            <Route path="/dev_tools/console" component={Console} />
            <Route path="/dev_tools/grokdebugger" component={Grok} />
            <Route path="/dev_tools/pipeline_debugger" component={Debugger} />
            <Route path="/">
              <Redirect to={`/discover${location.search}`} replace />
            </Route>
            <Route component={Lost} />
          </Switch>
        </InSpace>
      </QueryClientProvider>
    </ErrorBoundary>
  )
}
