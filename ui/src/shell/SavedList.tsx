import type { ReactNode } from 'react'
import type { DataColumn } from '../components/DataTable'
import type { SavedObject } from '../lib/savedobjects'
import { titleOf } from '../lib/savedobjects'
import { formatAgo } from '../lib/time/format'
import { texts } from '../texts/saved'
import styles from './SavedList.module.css'
import { Outcome } from './States'
import type { SavedActs } from './useSavedActs'

interface ToolsProps {
  /** Of the page, for those who cannot see its head. */
  title: string
  find: { label: string; text: string; onText: (text: string) => void }
  acts: SavedActs
  /** What makes new ones. */
  children: ReactNode
}

/** The line above a list of saved objects: the search, what came of the last act, and the ways to new ones. */
export function SavedTools({ title, find, acts, children }: ToolsProps) {
  const { removed, takeBack, fault, done } = acts
  return (
    <section className={styles.tools} aria-label={texts.findAndAdd}>
      <h1 className="visually-hidden">{title}</h1>
      <input
        className="input"
        type="search"
        aria-label={find.label}
        placeholder={find.label}
        value={find.text}
        onChange={e => find.onText(e.target.value)}
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
      {children}
    </section>
  )
}

/** When it was changed, and what can be done with it: the last columns of such a list. */
export const savedColumns = ({ copy, remove, download }: SavedActs): DataColumn<SavedObject>[] => [
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
        <button type="button" className="button quiet small" onClick={() => download([object])}>
          {texts.export}
        </button>
        <button type="button" className="button quiet small" onClick={() => remove(object)}>
          {texts.delete}
        </button>
      </span>
    ),
  },
]
