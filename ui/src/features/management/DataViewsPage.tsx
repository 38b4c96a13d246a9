import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { DataViewEditor } from './DataViewEditor'
import styles from './DefinitionsPage.module.css'
import {
  type DeletedView,
  deleteView,
  describeFound,
  isNothing,
  type ListedView,
  restoreView,
  useViewDeed,
  useViews,
} from './dataviews'

const PATH = '/management/data_views'
const NEW = '+'

const go = (open: string | null) =>
  navigate(open === null ? PATH : `${PATH}?${new URLSearchParams({ open })}`)

const foundText = (v: ListedView) => (v.found === null ? 'cannot be read' : describeFound(v.found))

/** Names for patterns of indices: found, made, changed, chosen as the one that pages open with, deleted. */
export function DataViewsPage() {
  const open = new URLSearchParams(useSearch()).get('open')
  const [find, setFind] = useState('')
  const { data, error, refetch } = useViews()
  const all = data?.views ?? []
  const text = find.trim().toLowerCase()
  const shown = all.filter(v => `${v.name} ${v.title}`.toLowerCase().includes(text))
  const chosen = all.find(v => v.id === open) ?? null
  const drop = useViewDeed(async (view: ListedView) => {
    back.reset()
    const standard = view.id === data?.standard
    const next = standard ? (all.find(v => v.id !== view.id)?.id ?? null) : null
    const deleted = await deleteView(view, standard, next)
    go(null)
    return deleted
  })
  const back = useViewDeed(async (deleted: DeletedView) => {
    await restoreView(deleted)
    drop.reset()
    return deleted
  })
  const columns: DataColumn<ListedView>[] = [
    {
      id: 'name',
      label: 'Name',
      width: 'minmax(110px, 2fr)',
      sort: v => v.name,
      cell: v => (
        <>
          <button type="button">{v.name}</button>
          {v.id === data?.standard && <span className={styles.mark}>default</span>}
        </>
      ),
    },
    {
      id: 'title',
      label: 'Index pattern',
      width: 'minmax(90px, 2fr)',
      sort: v => v.title,
      cell: v => <code>{v.title}</code>,
    },
    {
      id: 'time',
      label: 'Time field',
      width: 'minmax(76px, 1fr)',
      sort: v => v.timeField ?? '',
      cell: v => v.timeField ?? '–',
    },
    {
      id: 'found',
      label: 'Finds',
      width: 'minmax(80px, 1fr)',
      sort: foundText,
      cell: v => (
        <span className={v.found === null || isNothing(v.found) ? styles.note : undefined}>
          {foundText(v)}
        </span>
      ),
    },
    {
      id: 'open',
      label: 'Open in Discover',
      labelHidden: true,
      width: '22px',
      cell: v => (
        <Link
          className="button quiet small icon"
          href={`/discover?${new URLSearchParams({ index: v.title })}`}
          aria-label={`Open ${v.name} in Discover`}
          title="Open in Discover"
        >
          <Icon name="search" size={13} />
        </Link>
      ),
    },
  ]
  const commands = [
    { id: 'new', label: 'New data view', kind: 'management', run: () => go(NEW) },
    ...all.map(v => ({
      id: `view ${v.id}`,
      label: v.name,
      kind: 'edit the data view',
      keywords: v.title,
      run: () => go(v.id),
    })),
  ]
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title="Data views"
      edited
      tools={
        <>
          <FindBox label="Find by name" value={find} onChange={setFind} />
          <ListTotal>
            {data && `${formatCount(shown.length)} data ${shown.length === 1 ? 'view' : 'views'}`}
          </ListTotal>
          <button type="button" className="button small outlined" onClick={() => go(NEW)}>
            <Icon name="plus" size={12} /> New
          </button>
        </>
      }
      outcome={
        <>
          <Outcome error={drop.error ?? back.error} done={back.data && `${back.data.name} is back.`} />
          {drop.data && (
            <p role="status">
              Deleted: {drop.data.name}.{' '}
              <button
                type="button"
                className="button small outlined"
                disabled={back.isPending}
                onClick={() => back.mutate(drop.data)}
              >
                Undo
              </button>
            </p>
          )}
        </>
      }
      detail={
        chosen !== null || open === NEW ? (
          <DataViewEditor
            key={chosen?.id ?? NEW}
            view={chosen}
            standard={chosen !== null && chosen.id === data?.standard}
            deleting={drop.isPending}
            onStored={view => go(view.id)}
            onDelete={() => chosen && drop.mutate(chosen)}
            onClose={() => go(null)}
          />
        ) : null
      }
    >
      {error ? (
        <Failure error={error} title="The data views did not come" onRetry={() => refetch()} />
      ) : !data ? (
        <Waiting />
      ) : shown.length === 0 ? (
        <Nothing title={all.length > 0 ? 'None has this name' : 'There is no data view yet'}>
          <p>
            A data view names a pattern of indices and the field that holds their time. Searches, charts and
            dashboards are kept with one.
          </p>
        </Nothing>
      ) : (
        <DataTable
          label="Data views"
          columns={columns}
          rows={shown}
          keyOf={v => v.id}
          selected={open}
          onSelect={v => go(v.id)}
          order="name"
        />
      )}
    </ListPage>
  )
}
