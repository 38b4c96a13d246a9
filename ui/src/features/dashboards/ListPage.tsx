import { useEffect, useState } from 'react'
import { Link } from 'wouter'
import { createObject, deleteObject, exportObjects, getObject } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import styles from '../../components/SavedList.module.css'
import { saveText } from '../../components/save'
import { dashboardUrl } from '../../lib/dashboard/url'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { formatAgo } from '../../lib/time/format'
import { asList, asText } from '../../lib/vis/json'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/dashboards'
import { ImportDialog } from './ImportDialog'
import { useDashboardList, useForget } from './queries'
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
  const [removed, setRemoved] = useState<SavedObject | null>(null)
  const [fault, setFault] = useState<Error | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const act = async (work: () => Promise<string | null>) => {
    setFault(null)
    setDone(null)
    try {
      setDone(await work())
      await forget('dashboards', 'dashboard')
    } catch (error) {
      setFault(error instanceof Error ? error : new Error(String(error)))
    }
  }
  const copy = (object: SavedObject) =>
    act(async () => {
      const whole = await getObject(object)
      const title = texts.copy(titleOf(whole))
      await createObject('dashboard', {
        attributes: { ...whole.attributes, title },
        references: whole.references,
      })
      return texts.copiedAs(title)
    })
  const remove = (object: SavedObject) =>
    act(async () => {
      const whole = await getObject(object)
      await deleteObject(whole)
      setRemoved(whole)
      return null
    })
  const takeBack = (object: SavedObject) =>
    act(async () => {
      await createObject('dashboard', object, object.id)
      setRemoved(null)
      return texts.isBack(titleOf(object))
    })
  const exportAll = (objects: readonly SavedObject[]) =>
    act(async () => {
      const [first] = objects
      const name = objects.length === 1 && first ? titleOf(first) : 'dashboards'
      saveText(`${name}.ndjson`, 'application/ndjson', await exportObjects(objects))
      return null
    })
  const objects = found.data?.objects ?? []
  const empty = found.data?.total === 0 && text === ''
  const commands = [
    { id: 'new', label: texts.newDashboard, kind: texts.command, run: () => navigate('/dashboards/new') },
    { id: 'import', label: texts.import, kind: texts.command, run: () => setImporting(true) },
  ]
  return (
    <div className={styles.page}>
      <PageBar current="/dashboards" commands={commands} />
      <section className={styles.tools} aria-label={texts.findAndAdd}>
        <h1 className="visually-hidden">{texts.dashboards}</h1>
        <input
          className="input"
          type="search"
          aria-label={texts.findADashboard}
          placeholder={texts.findADashboard}
          value={text}
          onChange={e => setText(e.target.value)}
        />
        <span className={styles.outcome}>
          {removed ? (
            <span role="status">
              {texts.removedNamed(titleOf(removed))}{' '}
              <button type="button" className={styles.undo} onClick={() => takeBack(removed)}>
                {texts.undo}
              </button>
            </span>
          ) : (
            <Outcome error={fault} done={done} />
          )}
        </span>
        <button
          type="button"
          className="button quiet"
          disabled={objects.length === 0}
          onClick={() => exportAll(objects)}
        >
          {texts.exportAll}
        </button>
        <button type="button" className="button outlined" onClick={() => setImporting(true)}>
          {texts.import}
        </button>
        <Link href="/dashboards/new" className="button primary">
          <Icon name="plus" size={13} /> {texts.newDashboard}
        </Link>
      </section>
      <main className={styles.body}>
        {found.error ? (
          <Failure
            error={found.error}
            title={texts.theDashboardsDidNotCome}
            onRetry={() => void found.refetch()}
          />
        ) : found.isPending ? (
          <Waiting label={texts.loadingDashboards} />
        ) : objects.length > 0 ? (
          <DataTable
            label={texts.dashboards}
            columns={columnsOf({ copy, remove, exportOne: o => exportAll([o]) })}
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
        )}
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

interface Acts {
  copy: (object: SavedObject) => void
  remove: (object: SavedObject) => void
  exportOne: (object: SavedObject) => void
}

function panelsOf({ attributes }: SavedObject): number {
  try {
    return asList(JSON.parse(asText(attributes.panelsJSON, '[]'))).length
  } catch {
    return 0
  }
}

const columnsOf = ({ copy, remove, exportOne }: Acts): DataColumn<SavedObject>[] => [
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
  {
    id: 'updated',
    label: texts.changed,
    width: '130px',
    numeric: true,
    sort: object => object.updatedAt,
    cell: object => formatAgo(Date.parse(object.updatedAt), Date.now()),
  },
  {
    id: 'acts',
    label: texts.actions,
    width: '230px',
    numeric: true,
    cell: object => (
      <span className={styles.acts}>
        <button type="button" className="button quiet small" onClick={() => copy(object)}>
          {texts.duplicate}
        </button>
        <button type="button" className="button quiet small" onClick={() => exportOne(object)}>
          {texts.export}
        </button>
        <button type="button" className="button quiet small" onClick={() => remove(object)}>
          {texts.delete}
        </button>
      </span>
    ),
  },
]
