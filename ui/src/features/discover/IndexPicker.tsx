import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import type { IndexPattern } from '../../lib/indexpatterns'
import { formatCount, formatShort } from '../../lib/numbers'
import { formatAgo, formatFull } from '../../lib/time/format'
import { type EpochMillis, MINUTE } from '../../lib/time/units'
import { texts } from '../../texts/discover'
import styles from './IndexPicker.module.css'
import type { SavedView } from './queries'

interface Props {
  index: string | null
  patterns: IndexPattern[]
  views: SavedView[]
  onIndex: (index: string) => void
}

export const titleOf = (pattern: string, views: SavedView[]) =>
  views.find(v => v.pattern === pattern)?.name ?? (pattern === '*' ? texts.allIndices : pattern)

/** Where events are looked for: a data view, a series of indices, a data stream, or any pattern that is written. */
export function IndexPicker({ index, patterns, views, onIndex }: Props) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const change = (next: boolean) => {
    setOpen(next)
    setText('')
  }
  const choose = (chosen: string) => {
    change(false)
    onIndex(chosen)
  }
  const wanted = text.trim().toLowerCase()
  const fits = (...names: string[]) => wanted === '' || names.some(n => n.toLowerCase().includes(wanted))
  const shownViews = views.filter(v => fits(v.name, v.pattern))
  const shown = patterns.filter(p => fits(p.pattern, titleOf(p.pattern, [])))
  const trigger = (
    <button
      type="button"
      className="button"
      aria-expanded={open}
      aria-haspopup="dialog"
      title={texts.searches(index ?? texts.nothingYet)}
      onClick={() => change(!open)}
    >
      <span className={styles.index}>{index === null ? '…' : titleOf(index, views)}</span>
      <Icon name="down" size={12} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={change} trigger={trigger} label={texts.indexPattern}>
      <input
        className={`input ${styles.search}`}
        // biome-ignore lint/a11y/noAutofocus: the panel was just asked for, and this is what it is for
        autoFocus
        value={text}
        placeholder={texts.findOrWriteAPattern}
        aria-label={texts.findOrWriteAnIndex}
        spellCheck={false}
        onChange={event => setText(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && text.trim() !== '') choose(text.trim())
        }}
      />
      {shownViews.length > 0 && (
        <>
          <h2 className={styles.heading}>{texts.dataViews}</h2>
          <Menu
            label={texts.dataViews}
            items={shownViews.map(view => ({
              key: view.id,
              label: view.name,
              note: view.name === view.pattern ? countOf(patterns, view.pattern) : view.pattern,
              chosen: view.pattern === index,
              onSelect: () => choose(view.pattern),
            }))}
          />
          <h2 className={styles.heading}>{texts.indicesAndDataStreams}</h2>
        </>
      )}
      <Menu
        label={texts.indexPatterns}
        items={shown.map(p => ({
          key: p.pattern,
          label: titleOf(p.pattern, []),
          note: <Extent pattern={p} />,
          chosen: p.pattern === index && !shownViews.some(v => v.pattern === index),
          onSelect: () => choose(p.pattern),
        }))}
      />
      {shown.length + shownViews.length === 0 && (
        <p className={styles.none}>
          <kbd>↵</kbd> {texts.searchesNamed(text.trim())}
        </p>
      )}
    </Popover>
  )
}

const countOf = (patterns: IndexPattern[], pattern: string) => {
  const found = patterns.find(p => p.pattern === pattern)
  return found && formatShort(found.docs)
}

/** Clocks differ by less than this. */
const SKEW = MINUTE

/** A newest event of the future says nothing of how fresh the others are, so it is named as what it is. */
function Age({ newest, now }: { newest: EpochMillis | null; now: EpochMillis }) {
  if (newest === null) return null
  if (newest <= now + SKEW) return formatAgo(Math.min(newest, now), now)
  return (
    <span className={styles.ahead} title={texts.theNewestEvent(formatFull(newest))}>
      {texts.hasFutureEvents}
    </span>
  )
}

/** How much there is, and how old the newest of it. */
function Extent({ pattern }: { pattern: IndexPattern }) {
  return (
    <span
      className={styles.extent}
      title={texts.eventsInIndices(formatCount(pattern.docs), formatCount(pattern.indices))}
    >
      <span>{formatShort(pattern.docs)}</span>
      <span className={styles.age}>
        <Age newest={pattern.newest} now={Date.now()} />
      </span>
    </span>
  )
}
