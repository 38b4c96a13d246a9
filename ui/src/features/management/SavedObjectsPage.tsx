import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { Link } from 'wouter'
import { createObject, deleteObject, exportObjects, findObjects, importFile } from '../../api/saved'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import { savedUrl } from '../../lib/pages'
import { type SavedObject, titleOf } from '../../lib/savedobjects'
import { SPACE } from '../../lib/space'
import { formatFull } from '../../lib/time/format'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing, Outcome } from '../../shell/States'
import { useSpaces } from '../../shell/spaces'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/management'
import { CopyDialog } from './CopyDialog'
import { useDeed } from './queries'
import styles from './SavedObjectsPage.module.css'
import { HOWS, type How, keyOf, OBJECT_TYPES } from './savedtypes'
import { Taken } from './Taken'

const PATH = '/management/saved_objects'

/** Everything that people keep: found, exported, taken in, deleted. */
export function SavedObjectsPage() {
  const type = new URLSearchParams(useSearch()).get('type')
  const [find, setFind] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [how, setHow] = useState<How>('fail')
  const [copying, setCopying] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const others = (useSpaces().data ?? []).filter(space => space.id !== SPACE)
  const found = useQuery({
    queryKey: ['manage', 'saved objects'],
    queryFn: ({ signal }) => findObjects({ types: Object.keys(OBJECT_TYPES) }, signal),
    placeholderData: keepPreviousData,
  })
  const { data } = found
  const all = data?.objects ?? []
  const text = find.trim().toLowerCase()
  const shown = all.filter(
    o => (type === null || o.type === type) && `${titleOf(o)} ${o.id}`.toLowerCase().includes(text),
  )
  const marked = shown.filter(o => chosen.has(keyOf(o)))
  const present = Object.keys(OBJECT_TYPES).filter(t => all.some(o => o.type === t))
  const toggle = (o: SavedObject) =>
    setChosen(before => {
      const after = new Set(before)
      if (!after.delete(keyOf(o))) after.add(keyOf(o))
      return after
    })
  const take = useDeed((from: File) => importFile(from, how))
  const give = useDeed(async (objects: SavedObject[]) =>
    saveAs('saved-objects.ndjson', await exportObjects(objects)),
  )
  const drop = useDeed(async (objects: SavedObject[]) => {
    for (const o of objects) await deleteObject(o)
    setChosen(new Set())
    return objects
  })
  const back = useDeed(async (objects: SavedObject[]) => {
    for (const o of objects) await createObject(o.type, o, o.id)
    drop.reset()
    return objects.length
  })
  const columns: DataColumn<SavedObject>[] = [
    {
      id: 'chosen',
      label: texts.chosen,
      labelHidden: true,
      width: '18px',
      cell: o => (
        <input
          type="checkbox"
          aria-label={texts.choose(titleOf(o))}
          checked={chosen.has(keyOf(o))}
          onChange={() => toggle(o)}
        />
      ),
    },
    {
      id: 'title',
      label: texts.title,
      width: 'minmax(200px, 3fr)',
      sort: titleOf,
      cell: o => <Title object={o} />,
    },
    {
      id: 'type',
      label: texts.type,
      width: '120px',
      sort: o => o.type,
      cell: o => OBJECT_TYPES[o.type] ?? o.type,
    },
    {
      id: 'id',
      label: texts.id,
      width: 'minmax(120px, 2fr)',
      sort: o => o.id,
      cell: o => <code>{o.id}</code>,
    },
    {
      id: 'updated',
      label: texts.changed,
      width: '180px',
      numeric: true,
      sort: o => o.updatedAt,
      cell: o => (o.updatedAt ? formatFull(Date.parse(o.updatedAt)) : '–'),
    },
  ]
  const commands = [
    {
      id: 'import',
      label: texts.importSavedObjects,
      kind: texts.management,
      run: () => file.current?.click(),
    },
    { id: 'export', label: texts.exportAllSavedObjects, kind: texts.management, run: () => give.mutate(all) },
  ]
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title={texts.savedObjects}
      tools={
        <>
          <FindBox label={texts.findByTitle} value={find} onChange={setFind} />
          <label className={styles.choice}>
            <span className="visually-hidden">{texts.type}</span>
            <select
              className="input"
              value={type ?? ''}
              onChange={event => navigate(event.target.value ? `${PATH}?type=${event.target.value}` : PATH)}
            >
              <option value="">{texts.allTypes}</option>
              {present.map(t => (
                <option key={t} value={t}>
                  {OBJECT_TYPES[t]} ({all.filter(o => o.type === t).length})
                </option>
              ))}
            </select>
          </label>
          <ListTotal>
            {data &&
              `${texts.objectsCount(formatCount(shown.length), shown.length)}${marked.length > 0 ? `, ${texts.chosenCount(marked.length)}` : ''}`}
          </ListTotal>

          <button
            type="button"
            className="button small quiet danger"
            disabled={marked.length === 0 || drop.isPending}
            onClick={() => drop.mutate(marked)}
          >
            {texts.delete}
          </button>
          <button
            type="button"
            className="button small outlined"
            disabled={shown.length === 0 || give.isPending}
            onClick={() => give.mutate(marked.length > 0 ? marked : shown)}
          >
            {marked.length > 0 ? texts.export(marked.length) : texts.exportThese}
          </button>
          {others.length > 0 && (
            <button
              type="button"
              className="button small outlined"
              disabled={marked.length === 0}
              onClick={() => setCopying(true)}
            >
              {texts.copyToASpaceAsking}
            </button>
          )}
          <label className={styles.choice}>
            <span className="visually-hidden">{texts.whenImporting}</span>
            <select className="input" value={how} onChange={event => setHow(event.target.value as How)}>
              {(Object.keys(HOWS) as How[]).map(h => (
                <option key={h} value={h}>
                  {HOWS[h]}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="button small primary"
            disabled={take.isPending}
            onClick={() => file.current?.click()}
          >
            <Icon name="plus" size={12} /> {texts.import}
          </button>
          <input
            ref={file}
            type="file"
            hidden
            aria-label={texts.fileToImport}
            accept=".ndjson,.json"
            onChange={event => {
              const from = event.target.files?.[0]
              event.target.value = ''
              if (from) take.mutate(from)
            }}
          />
        </>
      }
      outcome={
        <>
          {' '}
          <Outcome
            error={take.error ?? give.error ?? drop.error ?? back.error}
            done={back.isSuccess ? texts.putBack(back.data) : null}
          />
          {drop.data && (
            <p role="status">
              {texts.deletedNamed(drop.data.map(titleOf).join(', '))}{' '}
              <button type="button" className="button small outlined" onClick={() => back.mutate(drop.data)}>
                {texts.undo}
              </button>
            </p>
          )}
          {take.data && <Taken result={take.data} />}
        </>
      }
    >
      <Answered query={found} title={texts.theSavedObjectsDidNotCome}>
        {() =>
          shown.length === 0 ? (
            <Nothing title={all.length > 0 ? texts.noneHasThisTitle : texts.nothingIsSavedYet}>
              <p>{texts.dashboardsSearchesAndData}</p>
            </Nothing>
          ) : (
            <DataTable
              label={texts.savedObjects}
              columns={columns}
              rows={shown}
              keyOf={keyOf}
              order="title"
            />
          )
        }
      </Answered>
      {copying && <CopyDialog objects={marked} spaces={others} onClose={() => setCopying(false)} />}
    </ListPage>
  )
}

/** A title leads to what it names, where a page shows that. */
function Title({ object }: { object: SavedObject }) {
  const url = savedUrl(object)
  return url === null ? (
    titleOf(object)
  ) : (
    <Link className={styles.title ?? ''} href={url}>
      {titleOf(object)}
    </Link>
  )
}

/** Has the browser keep a text as a file. */
function saveAs(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
