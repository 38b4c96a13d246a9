import { useState } from 'react'
import { useSearch } from 'wouter'
import { deleteSpace } from '../../api/spaces'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { SpaceMark } from '../../components/SpaceMark'
import { formatCount } from '../../lib/numbers'
import { baseOf, DEFAULT_SPACE, SPACE, type Space } from '../../lib/space'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { openSpace, useSpaces } from '../../shell/spaces'
import { navigate } from '../../state/navigate'
import styles from './DefinitionsPage.module.css'
import { useDeed } from './queries'
import { SpaceEditor } from './SpaceEditor'

const PATH = '/management/spaces'
const NEW = '+'

const go = (open: string | null) =>
  navigate(open === null ? PATH : `${PATH}?${new URLSearchParams({ open })}`)

const COLUMNS: DataColumn<Space>[] = [
  {
    id: 'name',
    label: 'Name',
    width: 'minmax(140px, 2fr)',
    sort: s => s.name.toLowerCase(),
    cell: s => (
      <>
        <button type="button">
          <SpaceMark space={s} />
        </button>
        {s.id === SPACE && <span className={styles.mark}>here</span>}
      </>
    ),
  },
  { id: 'id', label: 'Id', width: 'minmax(80px, 1fr)', sort: s => s.id, cell: s => <code>{s.id}</code> },
  {
    id: 'description',
    label: 'Description',
    width: 'minmax(100px, 3fr)',
    sort: s => s.description,
    cell: s => s.description || '–',
  },
  {
    id: 'open',
    label: 'Go there',
    labelHidden: true,
    width: '22px',
    cell: s => (
      <a
        className="button quiet small icon"
        href={`${baseOf(s.id)}/discover`}
        aria-label={`Go to ${s.name}`}
        title="Go there"
      >
        <Icon name="right" size={13} />
      </a>
    ),
  },
]

/** Rooms for what people keep: made, named, deleted. */
export function SpacesPage() {
  const open = new URLSearchParams(useSearch()).get('open')
  const [find, setFind] = useState('')
  const { data, error, refetch } = useSpaces()
  const all = data ?? []
  const text = find.trim().toLowerCase()
  const shown = all.filter(s => `${s.name} ${s.id} ${s.description}`.toLowerCase().includes(text))
  const chosen = all.find(s => s.id === open) ?? null
  const drop = useDeed(async (space: Space) => {
    await deleteSpace(space.id)
    if (space.id === SPACE) openSpace(DEFAULT_SPACE, PATH)
    else go(null)
    return space
  })
  const commands = [
    { id: 'new', label: 'New space', kind: 'management', run: () => go(NEW) },
    ...all.map(s => ({
      id: `edit ${s.id}`,
      label: s.name,
      kind: 'edit the space',
      keywords: s.id,
      run: () => go(s.id),
    })),
  ]
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title="Spaces"
      edited
      tools={
        <>
          <FindBox label="Find by name" value={find} onChange={setFind} />
          <ListTotal>
            {data && `${formatCount(shown.length)} ${shown.length === 1 ? 'space' : 'spaces'}`}
          </ListTotal>
          <button type="button" className="button small outlined" onClick={() => go(NEW)}>
            <Icon name="plus" size={12} /> New
          </button>
        </>
      }
      outcome={
        <>
          <p className={styles.note}>
            Each space has its own dashboards, searches, data views and settings. Events, indices and
            pipelines are the same in all.
          </p>
          <Outcome error={drop.error} done={drop.data && `${drop.data.name} is deleted.`} />
        </>
      }
      detail={
        chosen !== null || open === NEW ? (
          <SpaceEditor
            key={chosen?.id ?? NEW}
            space={chosen}
            deleting={drop.isPending}
            onStored={space => go(space.id)}
            onDelete={() => chosen && drop.mutate(chosen)}
            onClose={() => go(null)}
          />
        ) : null
      }
    >
      {error ? (
        <Failure error={error} title="The spaces did not come" onRetry={() => refetch()} />
      ) : !data ? (
        <Waiting />
      ) : shown.length === 0 ? (
        <Nothing title="None has this name" />
      ) : (
        <DataTable
          label="Spaces"
          columns={COLUMNS}
          rows={shown}
          keyOf={s => s.id}
          selected={open}
          onSelect={s => go(s.id)}
          order="name"
        />
      )}
    </ListPage>
  )
}
