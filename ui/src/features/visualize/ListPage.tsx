import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { Confirm } from '../../components/Confirm'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { formatFull } from '../../lib/time/format'
import { EDITOR_PATH } from '../../lib/vis/editor_url'
import { kindLabel } from '../../lib/vis/names'
import { readVis } from '../../lib/vis/read'
import { PageBar } from '../../shell/PageBar'
import { Answered, Nothing, Outcome } from '../../shell/States'
import { useDataViews } from '../../shell/useDataViews'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/visualize'
import styles from './ListPage.module.css'
import { useDelete, useSaved } from './queries'

interface Listed {
  id: string
  title: string
  type: string
  description: string
  view: string
  /** ISO 8601. */
  updatedAt: string
}

const linkTo = (id: string) => `${EDITOR_PATH}?${new URLSearchParams({ id })}`

/** All saved visualizations. */
export function ListPage() {
  const saved = useSaved()
  const views = useDataViews()
  const remove = useDelete()
  const [find, setFind] = useState('')
  const [leaving, setLeaving] = useState<Listed | null>(null)
  const rows = useMemo(() => {
    const names = new Map(views.data?.views.map(v => [v.id, v.name]))
    return (saved.data?.objects ?? []).map(object => listed(object, names))
  }, [saved.data, views.data])
  const wanted = find.trim().toLowerCase()
  const shown = rows.filter(r => `${r.title} ${r.description} ${r.view}`.toLowerCase().includes(wanted))
  const columns: DataColumn<Listed>[] = [
    {
      id: 'title',
      label: texts.title,
      width: 'minmax(200px, 3fr)',
      sort: row => row.title,
      cell: row => (
        <Link className={styles.title ?? ''} href={linkTo(row.id)}>
          {row.title}
        </Link>
      ),
    },
    { id: 'type', label: texts.form, width: '110px', sort: row => row.type, cell: row => row.type },
    {
      id: 'view',
      label: texts.dataView,
      width: 'minmax(100px, 1fr)',
      sort: row => row.view,
      cell: row => row.view,
    },
    {
      id: 'updated',
      label: texts.changed,
      width: '150px',
      sort: row => row.updatedAt,
      cell: row => formatFull(Date.parse(row.updatedAt)).slice(0, 16),
    },
    {
      id: 'remove',
      label: '',
      width: '40px',
      cell: row => (
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.deleteNamed(row.title)}
          onClick={() => setLeaving(row)}
        >
          <Icon name="close" size={13} />
        </button>
      ),
    },
  ]
  const commands = [
    { id: 'new', label: texts.newVisualization, kind: texts.visualizeWord, run: () => navigate(EDITOR_PATH) },
    ...rows.map(row => ({
      id: `open ${row.id}`,
      label: row.title,
      kind: texts.visualization,
      run: () => navigate(linkTo(row.id)),
    })),
  ]
  return (
    <div className={styles.page}>
      <PageBar current="/visualize" commands={commands}>
        <Link className="button primary" href={EDITOR_PATH}>
          {texts.newVisualization}
        </Link>
      </PageBar>
      <main className={styles.list} aria-label={texts.visualizations}>
        <h1 className="visually-hidden">{texts.visualizations}</h1>
        <Answered query={saved} title={texts.theVisualizationsCouldNotBeListed}>
          {() =>
            rows.length === 0 ? (
              <Nothing title={texts.noVisualizationIsSavedYet}>
                <p>{texts.pressAFieldAndSave}</p>
                <Link className="button outlined" href={EDITOR_PATH}>
                  {texts.makeTheFirstOne}
                </Link>
              </Nothing>
            ) : (
              <>
                <div className={styles.tools}>
                  <input
                    className="input"
                    type="search"
                    aria-label={texts.findByTitle}
                    placeholder={texts.findByTitle}
                    spellCheck={false}
                    value={find}
                    onChange={event => setFind(event.target.value)}
                  />
                  <Outcome error={remove.error} />
                </div>
                <DataTable
                  label={texts.savedVisualizations}
                  columns={columns}
                  rows={shown}
                  keyOf={row => row.id}
                  order="title"
                />
              </>
            )
          }
        </Answered>
      </main>
      {leaving && (
        <Confirm
          title={texts.deleteTitle(leaving.title)}
          word=""
          action={texts.delete}
          onConfirm={() => remove.mutate(leaving.id)}
          onClose={() => setLeaving(null)}
        >
          {texts.dashboardsThatShowIt}
        </Confirm>
      )}
    </div>
  )
}

function listed(object: SavedObject, views: ReadonlyMap<string, string>): Listed {
  const vis = readVis(object.attributes, object.references)
  return {
    id: object.id,
    title: titleOf(object),
    type: kindLabel(object.type, object.attributes),
    description: vis.description,
    view: views.get(vis.search.index ?? '') ?? vis.search.index ?? '',
    updatedAt: object.updatedAt,
  }
}
