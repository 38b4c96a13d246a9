import { useState } from 'react'
import { deleteSpace } from '../../api/spaces'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { SpaceMark } from '../../components/SpaceMark'
import { formatCount } from '../../lib/numbers'
import { baseOf, DEFAULT_SPACE, SPACE, type Space } from '../../lib/space'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing, Outcome } from '../../shell/States'
import { openSpace, useSpaces } from '../../shell/spaces'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/management'
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
    label: texts.name,
    width: 'minmax(140px, 2fr)',
    sort: s => s.name.toLowerCase(),
    cell: s => (
      <>
        <button type="button">
          <SpaceMark space={s} />
        </button>
        {s.id === SPACE && <span className={styles.mark}>{texts.here}</span>}
      </>
    ),
  },
  { id: 'id', label: texts.id, width: 'minmax(80px, 1fr)', sort: s => s.id, cell: s => <code>{s.id}</code> },
  {
    id: 'description',
    label: texts.description,
    width: 'minmax(100px, 3fr)',
    sort: s => s.description,
    cell: s => s.description || '–',
  },
  {
    id: 'open',
    label: texts.goThere,
    labelHidden: true,
    width: '22px',
    cell: s => (
      <a
        className="button quiet small icon"
        href={`${baseOf(s.id)}/discover`}
        aria-label={texts.goTo(s.name)}
        title={texts.goThere}
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
  const found = useSpaces()
  const { data } = found
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
    { id: 'new', label: texts.newSpace, kind: texts.management, run: () => go(NEW) },
    ...all.map(s => ({
      id: `edit ${s.id}`,
      label: s.name,
      kind: texts.editTheSpace,
      keywords: s.id,
      run: () => go(s.id),
    })),
  ]
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title={texts.spaces}
      edited
      tools={
        <>
          <FindBox label={texts.findByName} value={find} onChange={setFind} />
          <ListTotal>{data && texts.spacesCount(formatCount(shown.length), shown.length)}</ListTotal>
          <button type="button" className="button small outlined" onClick={() => go(NEW)}>
            <Icon name="plus" size={12} /> {texts.new}
          </button>
        </>
      }
      outcome={
        <>
          <p className={styles.note}>{texts.eachSpaceHasItsOwn}</p>
          <Outcome error={drop.error} done={drop.data && texts.isDeleted(drop.data.name)} />
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
      <Answered query={found} title={texts.theSpacesDidNotCome}>
        {() =>
          shown.length === 0 ? (
            <Nothing title={texts.noneHasThisName} />
          ) : (
            <DataTable
              label={texts.spaces}
              columns={COLUMNS}
              rows={shown}
              keyOf={s => s.id}
              selected={open}
              onSelect={s => go(s.id)}
              order="name"
            />
          )
        }
      </Answered>
    </ListPage>
  )
}
