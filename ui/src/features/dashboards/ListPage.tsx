import { useState } from 'react'
import { Link } from 'wouter'
import { createObject, deleteObject, exportObjects, getObject } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { saveText } from '../../components/save'
import { dashboardUrl } from '../../lib/dashboard/url'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { formatAgo } from '../../lib/time/format'
import { asList, asText } from '../../lib/vis/json'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { ImportDialog } from './ImportDialog'
import styles from './ListPage.module.css'
import { useDashboardList, useForget } from './queries'
import { SampleList } from './SampleList'

/** All dashboards: found, made, copied, removed and taken back, imported and exported. */
export function ListPage() {
  const [text, setText] = useState('')
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
      const title = `${titleOf(whole)} (copy)`
      await createObject('dashboard', {
        attributes: { ...whole.attributes, title },
        references: whole.references,
      })
      return `Copied as “${title}”`
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
      return `“${titleOf(object)}” is back`
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
    { id: 'new', label: 'New dashboard', kind: 'command', run: () => navigate('/dashboards/new') },
    { id: 'import', label: 'Import', kind: 'command', run: () => setImporting(true) },
  ]
  return (
    <div className={styles.page}>
      <PageBar current="/dashboards" commands={commands} />
      <section className={styles.tools} aria-label="Find and add">
        <h1 className="visually-hidden">Dashboards</h1>
        <input
          className="input"
          type="search"
          aria-label="Find a dashboard"
          placeholder="Find a dashboard"
          value={text}
          onChange={e => setText(e.target.value)}
        />
        <span className={styles.outcome}>
          {removed ? (
            <span role="status">
              Removed “{titleOf(removed)}”.{' '}
              <button type="button" className={styles.undo} onClick={() => takeBack(removed)}>
                Undo
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
          Export all
        </button>
        <button type="button" className="button outlined" onClick={() => setImporting(true)}>
          Import
        </button>
        <Link href="/dashboards/new" className="button primary">
          <Icon name="plus" size={13} /> New dashboard
        </Link>
      </section>
      <main className={styles.body}>
        {found.error ? (
          <Failure
            error={found.error}
            title="The dashboards did not come"
            onRetry={() => void found.refetch()}
          />
        ) : found.isPending ? (
          <Waiting label="Loading dashboards" />
        ) : objects.length > 0 ? (
          <DataTable
            label="Dashboards"
            columns={columnsOf({ copy, remove, exportOne: o => exportAll([o]) })}
            rows={objects}
            keyOf={object => object.id}
            order="title"
          />
        ) : empty ? (
          <Nothing title="No dashboard yet">
            <p>Build one from a field, import one of Kibana's, or begin with a sample:</p>
          </Nothing>
        ) : (
          <Nothing title={`No dashboard is called “${text}”`} />
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
    label: 'Title',
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
    label: 'Description',
    width: 'minmax(120px, 3fr)',
    cell: object => <span className={styles.quiet}>{asText(object.attributes.description)}</span>,
  },
  {
    id: 'panels',
    label: 'Panels',
    width: '64px',
    numeric: true,
    sort: panelsOf,
    cell: object => String(panelsOf(object)),
  },
  {
    id: 'updated',
    label: 'Changed',
    width: '130px',
    numeric: true,
    sort: object => object.updatedAt,
    cell: object => formatAgo(Date.parse(object.updatedAt), Date.now()),
  },
  {
    id: 'acts',
    label: 'Actions',
    width: '230px',
    numeric: true,
    cell: object => (
      <span className={styles.acts}>
        <button type="button" className="button quiet small" onClick={() => copy(object)}>
          Duplicate
        </button>
        <button type="button" className="button quiet small" onClick={() => exportOne(object)}>
          Export
        </button>
        <button type="button" className="button quiet small" onClick={() => remove(object)}>
          Delete
        </button>
      </span>
    ),
  },
]
