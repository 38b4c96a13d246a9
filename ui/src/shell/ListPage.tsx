// What pages that list something are made of: tools over a list, and one of the list open beside it.

import type { ReactNode } from 'react'
import { Icon } from '../components/Icon'
import type { PaletteItem } from '../components/Palette'
import type { PagePath } from '../lib/pages'
import { texts } from '../texts/shell'
import styles from './ListPage.module.css'
import { PageBar } from './PageBar'

interface ListPageProps {
  path: PagePath
  commands: PaletteItem[]
  title: string
  tools: ReactNode
  /** What came of what was done to the list. */
  outcome?: ReactNode
  /** A pane beside the list; null when nothing is open. */
  detail?: ReactNode
  /** What is open is written in, and has the larger part of the room. */
  edited?: boolean
  children: ReactNode
}

export function ListPage(props: ListPageProps) {
  const { path, commands, title, tools, outcome, detail = null, edited = false, children } = props
  return (
    <div className={styles.page}>
      <PageBar current={path} commands={commands} />
      <div className={styles.body} data-detail={detail === null ? 'closed' : edited ? 'edited' : 'read'}>
        <main className={styles.list} aria-label={title}>
          <h1 className="visually-hidden">{title}</h1>
          <div className={styles.tools}>{tools}</div>
          {outcome && <div className={styles.outcome}>{outcome}</div>}
          {children}
        </main>
        {detail}
      </div>
    </div>
  )
}

interface FindBoxProps {
  label: string
  placeholder?: string
  value: string
  onChange: (text: string) => void
  onLeave?: () => void
}

/** Where a part of a name is typed to narrow the list down. */
export function FindBox({ label, placeholder = label, value, onChange, onLeave }: FindBoxProps) {
  return (
    <input
      className={`input ${styles.find}`}
      type="search"
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      value={value}
      onChange={event => onChange(event.target.value)}
      onBlur={onLeave}
    />
  )
}

interface ChoiceProps<T extends string> {
  label: string
  options: readonly (readonly [T, string])[]
  current: T
  onChange: (next: T) => void
}

/** Which of a few lists is shown. */
export function Choice<T extends string>({ label, options, current, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className={styles.choice} aria-label={label}>
      {options.map(([id, name]) => (
        <button key={id} type="button" aria-pressed={id === current} onClick={() => onChange(id)}>
          {name}
        </button>
      ))}
    </fieldset>
  )
}

/** How much the list has; it takes the room that the other tools leave. */
export function ListTotal({ children }: { children: ReactNode }) {
  return (
    <p className={styles.total} role="status">
      {children}
    </p>
  )
}

interface DetailPaneProps {
  label: string
  /** A title, or what a title is typed into. */
  head: ReactNode
  /** What can be done to all of it, in its head. */
  actions?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** One of the list, beside it. */
export function DetailPane({ label, head, actions, onClose, children }: DetailPaneProps) {
  return (
    <aside className={styles.detail} aria-label={label}>
      <header className={styles.head}>
        {typeof head === 'string' ? <h2>{head}</h2> : head}
        {actions}
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.close}
          title={texts.close}
          onClick={onClose}
        >
          <Icon name="close" size={13} />
        </button>
      </header>
      {children}
    </aside>
  )
}
