import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { findObjects } from '../../api/saved'
import { createSpace, updateSpace } from '../../api/spaces'
import { Confirm } from '../../components/Confirm'
import { formatCount } from '../../lib/numbers'
import { baseOf, DEFAULT_SPACE, type Space, spaceIdOf } from '../../lib/space'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import styles from './DataViewEditor.module.css'
import { useDeed } from './queries'
import own from './SpaceEditor.module.css'
import { OBJECT_TYPES } from './savedtypes'

interface Props {
  /** Null makes a new one. */
  space: Space | null
  deleting: boolean
  onStored: (space: Space) => void
  onDelete: () => void
  onClose: () => void
}

/** How much is kept in a space. */
const useCount = (space: string | null) =>
  useQuery({
    queryKey: ['manage', 'space', space],
    queryFn: async ({ signal }) => {
      const types = Object.keys(OBJECT_TYPES)
      return (await findObjects({ types, space: space ?? '', perPage: 0 }, signal)).total
    },
    enabled: space !== null,
  })

/** One space: its name, where it is found, and how it looks in the menu. */
export function SpaceEditor({ space, deleting, onStored, onDelete, onClose }: Props) {
  const [name, setName] = useState(space?.name ?? '')
  // Null follows the name.
  const [chosenId, setId] = useState<string | null>(space?.id ?? null)
  const [description, setDescription] = useState(space?.description ?? '')
  const [color, setColor] = useState(space?.color ?? null)
  const [initials, setInitials] = useState(space?.initials ?? '')
  const [asking, setAsking] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (space === null) first.current?.focus()
  }, [space])
  const count = useCount(space?.id ?? null)
  const id = chosenId ?? spaceIdOf(name)
  const store = useDeed((sent: Space) => (space === null ? createSpace(sent) : updateSpace(sent)))
  const ready = name.trim() !== '' && id !== '' && !store.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) store.mutate({ id, name: name.trim(), description, color, initials }, { onSuccess: onStored })
  }
  const kept = count.data === undefined ? '' : texts.objectsAreKeptInIt(formatCount(count.data), count.data)
  return (
    <DetailPane
      label={space?.name ?? texts.newSpace}
      head={space?.name ?? texts.newSpace}
      onClose={onClose}
      actions={
        space &&
        space.id !== DEFAULT_SPACE && (
          <button
            type="button"
            className="button small quiet danger"
            disabled={deleting}
            onClick={() => setAsking(true)}
          >
            {texts.deleteAsking}
          </button>
        )
      }
    >
      <form className={styles.form} onSubmit={submit}>
        <label className={styles.row}>
          <span>{texts.name}</span>
          <input
            className="input"
            required
            ref={first}
            value={name}
            placeholder={texts.operations}
            onChange={event => setName(event.target.value)}
          />
        </label>
        <label className={styles.row}>
          <span>{texts.id}</span>
          <input
            className={`input ${styles.data}`}
            required
            readOnly={space !== null}
            pattern="[a-z0-9_\-]+"
            maxLength={100}
            title={texts.smallLettersDigitsAnd}
            value={id}
            spellCheck={false}
            onChange={event => setId(event.target.value)}
          />
        </label>
        <p className={styles.found}>
          {texts.itsPagesAreAt} <code>{`${baseOf(id || 'id')}/`}</code>
          {space === null ? texts.whichCannotBeChangedLater : '.'} {kept}
        </p>
        <label className={styles.row}>
          <span>{texts.description}</span>
          <input
            className="input"
            value={description}
            placeholder={texts.whatItIsFor}
            onChange={event => setDescription(event.target.value)}
          />
        </label>
        <div className={styles.row}>
          <span>{texts.colour}</span>
          <span className={own.color}>
            <input
              type="color"
              aria-label={texts.colour}
              value={color ?? '#94a0b4'}
              onChange={event => setColor(event.target.value)}
            />
            {color !== null && (
              <button type="button" className="button small quiet" onClick={() => setColor(null)}>
                {texts.none}
              </button>
            )}
          </span>
        </div>
        <label className={styles.row}>
          <span>{texts.initials}</span>
          <input
            className={`input ${own.initials}`}
            maxLength={2}
            value={initials}
            onChange={event => setInitials(event.target.value)}
          />
        </label>
        <div className={styles.way}>
          <button type="submit" className="button small primary" disabled={!ready}>
            {space === null ? texts.create : texts.save}
          </button>
          <Outcome error={store.error ?? count.error} done={store.isSuccess ? texts.saved : null} />
        </div>
      </form>
      {asking && space && (
        <Confirm
          title={texts.deleteTheSpace(space.name)}
          word={space.id}
          action={texts.delete}
          onConfirm={onDelete}
          onClose={() => setAsking(false)}
        >
          <p>{texts.theyAreDeleted(kept)}</p>
        </Confirm>
      )}
    </DetailPane>
  )
}
