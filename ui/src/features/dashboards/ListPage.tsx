import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { dashboardUrl } from '../../lib/dashboard/url'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { asList, asText } from '../../lib/vis/json'
import { PageBar } from '../../shell/PageBar'
import { SavedTools, savedColumns } from '../../shell/SavedList'
import styles from '../../shell/SavedList.module.css'
import { Answered, Nothing, Waiting } from '../../shell/States'
import { useSavedActs } from '../../shell/useSavedActs'
import { useForget } from '../../state/forget'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/dashboards'
import { ImportDialog } from './ImportDialog'
import { useDashboardList } from './queries'
import { SampleList } from './SampleList'

/** Loads the program of what a person opens next. What does not come is asked for again when it is wanted. */
async function loadDashboards() {
  const [charts] = await Promise.all([
    import('../../components/charts/Visualization'),
    import('./DashboardRoute'),
  ])
  charts.preloadCharts()
}

/** All dashboards: found, made, copied, removed and taken back, imported and exported. */
export function ListPage() {
  const [text, setText] = useState('')
  useEffect(() => {
    const idle = requestIdleCallback(() => void loadDashboards().catch(() => {}))
    return () => cancelIdleCallback(idle)
  }, [])
  const found = useDashboardList(text.trim() === '' ? '' : `${text.trim()}*`)
  const forget = useForget()
  const [importing, setImporting] = useState(false)
  const acts = useSavedActs({ type: 'dashboard', nameIn: 'title', file: 'dashboards' }, () =>
    forget('dashboards', 'dashboard'),
  )
  const objects = found.data?.objects ?? []
  const empty = found.data?.total === 0 && text === ''
  const commands = [
    { id: 'new', label: texts.newDashboard, kind: texts.command, run: () => navigate('/dashboards/new') },
    { id: 'import', label: texts.import, kind: texts.command, run: () => setImporting(true) },
  ]
  return (
    <div className={styles.page}>
      <PageBar current="/dashboards" commands={commands} />
      <SavedTools
        title={texts.dashboards}
        find={{ label: texts.findADashboard, text, onText: setText }}
        acts={acts}
      >
        <button
          type="button"
          className="button quiet"
          disabled={objects.length === 0}
          onClick={() => acts.download(objects)}
        >
          {texts.exportAll}
        </button>
        <button type="button" className="button outlined" onClick={() => setImporting(true)}>
          {texts.import}
        </button>
        <Link href="/dashboards/new" className="button primary">
          <Icon name="plus" size={13} /> {texts.newDashboard}
        </Link>
      </SavedTools>
      <main className={styles.body}>
        <Answered
          query={found}
          title={texts.theDashboardsDidNotCome}
          waiting={<Waiting label={texts.loadingDashboards} />}
        >
          {() =>
            objects.length > 0 ? (
              <DataTable
                label={texts.dashboards}
                columns={[...COLUMNS, ...savedColumns(acts)]}
                rows={objects}
                keyOf={object => object.id}
                order="title"
              />
            ) : empty ? (
              <Nothing title={texts.noDashboardYet}>
                <p>{texts.buildOneFromAField}</p>
              </Nothing>
            ) : (
              <Nothing title={texts.noDashboardIsCalled(text)} />
            )
          }
        </Answered>
        {found.isSuccess && (
          <SampleList known={objects} onDone={() => forget('dashboards', 'data_views', 'library')} />
        )}
      </main>
      {importing && (
        <ImportDialog
          onDone={() => void forget('dashboards', 'dashboard', 'charts', 'data_views', 'library')}
          onClose={() => setImporting(false)}
        />
      )}
    </div>
  )
}

function panelsOf({ attributes }: SavedObject): number {
  try {
    return asList(JSON.parse(asText(attributes.panelsJSON, '[]'))).length
  } catch {
    return 0
  }
}

const COLUMNS: DataColumn<SavedObject>[] = [
  {
    id: 'title',
    label: texts.title,
    width: 'minmax(180px, 2fr)',
    sort: titleOf,
    cell: object => (
      <Link href={dashboardUrl(object.id)} className={styles.name}>
        {titleOf(object)}
      </Link>
    ),
  },
  {
    id: 'description',
    label: texts.description,
    width: 'minmax(120px, 3fr)',
    cell: object => <span className={styles.quiet}>{asText(object.attributes.description)}</span>,
  },
  {
    id: 'panels',
    label: texts.panels,
    width: '64px',
    numeric: true,
    sort: panelsOf,
    cell: object => String(panelsOf(object)),
  },
]
