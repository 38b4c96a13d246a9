import { useState } from 'react'
import { Link } from 'wouter'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing, Outcome } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/management'
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

const foundText = (v: ListedView) => (v.found === null ? texts.cannotBeRead : describeFound(v.found))

/** Names for patterns of indices: found, made, changed, chosen as the one that pages open with, deleted. */
export function DataViewsPage() {
  const open = new URLSearchParams(useSearch()).get('open')
  const [find, setFind] = useState('')
  const found = useViews()
  const { data } = found
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
      label: texts.name,
      width: 'minmax(110px, 2fr)',
      sort: v => v.name,
      cell: v => (
        <>
          <button type="button">{v.name}</button>
          {v.id === data?.standard && <span className={styles.mark}>{texts.default}</span>}
        </>
      ),
    },
    {
      id: 'title',
      label: texts.indexPattern,
      width: 'minmax(90px, 2fr)',
      sort: v => v.title,
      cell: v => <code>{v.title}</code>,
    },
    {
      id: 'time',
      label: texts.timeField,
      width: 'minmax(76px, 1fr)',
      sort: v => v.timeField ?? '',
      cell: v => v.timeField ?? '–',
    },
    {
      id: 'found',
      label: texts.finds,
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
      label: texts.openInDiscover,
      labelHidden: true,
      width: '22px',
      cell: v => (
        <Link
          className="button quiet small icon"
          href={`/discover?${new URLSearchParams({ index: v.title })}`}
          aria-label={texts.openInDiscoverNamed(v.name)}
          title={texts.openInDiscover}
        >
          <Icon name="search" size={13} />
        </Link>
      ),
    },
  ]
  const commands = [
    { id: 'new', label: texts.newDataView, kind: texts.management, run: () => go(NEW) },
    ...all.map(v => ({
      id: `view ${v.id}`,
      label: v.name,
      kind: texts.editTheDataView,
      keywords: v.title,
      run: () => go(v.id),
    })),
  ]
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title={texts.dataViews}
      edited
      tools={
        <>
          <FindBox label={texts.findByName} value={find} onChange={setFind} />
          <ListTotal>{data && texts.dataViewsCount(formatCount(shown.length), shown.length)}</ListTotal>
          <button type="button" className="button small outlined" onClick={() => go(NEW)}>
            <Icon name="plus" size={12} /> {texts.new}
          </button>
        </>
      }
      outcome={
        <>
          <Outcome error={drop.error ?? back.error} done={back.data && texts.isBack(back.data.name)} />
          {drop.data && (
            <p role="status">
              {texts.deletedNamed(drop.data.name)}{' '}
              <button
                type="button"
                className="button small outlined"
                disabled={back.isPending}
                onClick={() => back.mutate(drop.data)}
              >
                {texts.undo}
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
      <Answered query={found} title={texts.theDataViewsDidNotCome}>
        {() =>
          shown.length === 0 ? (
            <Nothing title={all.length > 0 ? texts.noneHasThisName : texts.thereIsNoDataView}>
              <p>{texts.aDataViewNames}</p>
            </Nothing>
          ) : (
            <DataTable
              label={texts.dataViews}
              columns={columns}
              rows={shown}
              keyOf={v => v.id}
              selected={open}
              onSelect={v => go(v.id)}
              order="name"
            />
          )
        }
      </Answered>
    </ListPage>
  )
}
