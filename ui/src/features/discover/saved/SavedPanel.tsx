import { type FormEvent, useMemo, useState } from 'react'
import { CopyButton } from '../../../components/CopyButton'
import { Icon } from '../../../components/Icon'
import { pinnedOf } from '../../../lib/filters'
import { type SavedObject, titleOf } from '../../../lib/savedobjects'
import { printSearch, readPrinted, readSaved } from '../../../lib/savedsearch'
import { texts } from '../../../texts/discover'
import type { Discover } from '../useDiscover'
import { opened } from './opened'
import { useDelete, useKeep, useRename, useRestore, useSaved } from './queries'
import styles from './SavedPanel.module.css'

interface Props {
  discover: Discover
  onClose: () => void
}

/** Saves this search and opens others. */
export function SavedPanel({ discover, onClose }: Props) {
  const saved = useSaved()
  const [pasting, setPasting] = useState(false)
  const patterns = useMemo(() => new Map(discover.views.map(v => [v.id, v.pattern])), [discover.views])
  const open = (object: SavedObject) => {
    discover.update(opened(object, readSaved(object, patterns), discover.state))
    onClose()
  }
  if (pasting)
    return (
      <Paste
        onFilters={filters => {
          discover.update({
            query: '',
            filters: [...pinnedOf(discover.state.filters), ...filters],
            saved: null,
          })
          onClose()
        }}
      />
    )
  const objects = saved.data?.objects ?? []
  return (
    <div className={styles.panel}>
      <Save
        discover={discover}
        current={objects.find(o => o.type === 'search' && o.id === discover.state.saved) ?? null}
      />
      {saved.isError && <p className={styles.failed}>{saved.error.message}</p>}
      {saved.isSuccess && <SavedList objects={objects} chosen={discover.state.saved} onOpen={open} />}
      <div className={styles.foot}>
        <button type="button" className="button quiet small" onClick={() => setPasting(true)}>
          <Icon name="terminal" size={13} />
          {texts.fromAQuery}
        </button>
        {discover.subject && (
          <CopyButton
            label={texts.copyAsQuery}
            text={() =>
              discover.subject ? printSearch(discover.subject.conditions, discover.subject.timeField) : ''
            }
          />
        )}
      </div>
    </div>
  )
}

function Save({ discover, current }: { discover: Discover; current: SavedObject | null }) {
  const { state, index, timeField, views } = discover
  const keep = useKeep(views, timeField)
  const [title, setTitle] = useState(current ? titleOf(current) : '')
  const [seen, setSeen] = useState(current)
  if (seen === null && current !== null) {
    setSeen(current)
    setTitle(titleOf(current))
  }
  const [type, setType] = useState<'search' | 'query'>('search')
  const [timed, setTimed] = useState(false)
  const over = type === 'search' && current !== null && title.trim() === titleOf(current)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (title.trim() === '') return
    const content = { ...state, index, range: timed ? state.range : null }
    keep.mutate(
      { type, title: title.trim(), content, id: over ? current.id : null },
      {
        onSuccess: object => {
          if (type === 'search') discover.update({ saved: object.id })
        },
      },
    )
  }
  return (
    <form className={styles.save} onSubmit={save}>
      <div className={styles.row}>
        <input
          className="input"
          value={title}
          placeholder={texts.nameOfThisSearch}
          aria-label={texts.name}
          onChange={event => setTitle(event.target.value)}
        />
        <button type="submit" className="button primary" disabled={title.trim() === '' || keep.isPending}>
          {over ? texts.saveAgain : texts.save}
        </button>
      </div>
      <div className={styles.choices}>
        <label>
          <input
            type="checkbox"
            checked={type === 'query'}
            onChange={event => setType(event.target.checked ? 'query' : 'search')}
          />
          {texts.onlyTextAndFilters}
        </label>
        <label>
          <input type="checkbox" checked={timed} onChange={event => setTimed(event.target.checked)} />
          {texts.withTheTime}
        </label>
        <span role="status">
          {keep.isError ? (
            <em>{keep.error.message}</em>
          ) : keep.isSuccess ? (
            texts.savedNamed(titleOf(keep.data))
          ) : (
            ''
          )}
        </span>
      </div>
    </form>
  )
}

interface ListProps {
  objects: SavedObject[]
  chosen: string | null
  onOpen: (object: SavedObject) => void
}

function SavedList({ objects, chosen, onOpen }: ListProps) {
  const remove = useDelete()
  const restore = useRestore()
  const [gone, setGone] = useState<SavedObject | null>(null)
  return (
    <>
      {gone && (
        <p className={styles.undo} role="status">
          {texts.deleted(titleOf(gone))}
          <button
            type="button"
            className="button small outlined"
            onClick={() => restore.mutate(gone, { onSuccess: () => setGone(null) })}
          >
            {texts.undo}
          </button>
        </p>
      )}
      <ul className={styles.list} aria-label={texts.saved}>
        {objects.map(object => (
          <SavedRow
            key={`${object.type} ${object.id}`}
            object={object}
            chosen={object.id === chosen}
            onOpen={() => onOpen(object)}
            onDelete={() => remove.mutate(object, { onSuccess: () => setGone(object) })}
          />
        ))}
      </ul>
      {objects.length === 0 && gone === null && <p className={styles.none}>{texts.nothingIsSavedYet}</p>}
    </>
  )
}

interface RowProps {
  object: SavedObject
  chosen: boolean
  onOpen: () => void
  onDelete: () => void
}

function SavedRow({ object, chosen, onOpen, onDelete }: RowProps) {
  const title = titleOf(object)
  const rename = useRename()
  const [name, setName] = useState<string | null>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name?.trim()) rename.mutate({ key: object, title: name.trim() }, { onSuccess: () => setName(null) })
  }
  if (name !== null) {
    return (
      <li>
        <form className={styles.row} onSubmit={submit}>
          <input
            className="input"
            // biome-ignore lint/a11y/noAutofocus: it takes the place of what was pressed
            autoFocus
            value={name}
            aria-label={texts.newNameOf(title)}
            onChange={event => setName(event.target.value)}
          />
          <button type="submit" className="button small outlined" disabled={name.trim() === ''}>
            {texts.rename}
          </button>
        </form>
      </li>
    )
  }
  return (
    <li className={styles.saved}>
      <button
        type="button"
        className={styles.open}
        aria-current={chosen ? 'true' : undefined}
        onClick={onOpen}
      >
        {title}
        {object.type === 'query' && <span>{texts.query}</span>}
      </button>
      <button
        type="button"
        aria-label={texts.renameNamed(title)}
        title={texts.rename}
        onClick={() => setName(title)}
      >
        <Icon name="pen" size={13} />
      </button>
      <button type="button" aria-label={texts.deleteNamed(title)} title={texts.delete} onClick={onDelete}>
        <Icon name="close" size={13} />
      </button>
    </li>
  )
}

/** A query in the form that articles print it, turned into filters. */
function Paste({ onFilters }: { onFilters: (filters: NonNullable<ReturnType<typeof readPrinted>>) => void }) {
  const [text, setText] = useState('')
  const filters = readPrinted(text)
  return (
    <form
      className={styles.paste}
      onSubmit={event => {
        event.preventDefault()
        if (filters) onFilters(filters)
      }}
    >
      <label>
        <span>{texts.aSearchAsJson}</span>
        <textarea
          className="input"
          // biome-ignore lint/a11y/noAutofocus: it takes the place of what was pressed
          autoFocus
          rows={12}
          value={text}
          spellCheck={false}
          placeholder={'{\n  "query": {\n    "bool": { "must": [], "must_not": [] }\n  }\n}'}
          onChange={event => setText(event.target.value)}
        />
      </label>
      <p role="status">
        {text.trim() === ''
          ? ''
          : filters === null
            ? texts.thisHoldsNoQuery
            : texts.filtersCount(filters.length)}
      </p>
      <button type="submit" className="button primary" disabled={!filters}>
        {texts.searchForIt}
      </button>
    </form>
  )
}
