import { useEffect, useRef } from 'react'
import { createPortal } from 'react-dom'
import { negated, type VisFilter } from '../../lib/vis/filter'
import { texts } from '../../texts/charts'
import { Icon } from '../Icon'
import styles from './MarkMenu.module.css'
import type { Mark } from './mark'

interface Props {
  mark: Mark
  onClose: () => void
  onFilter?: ((filters: VisFilter[]) => void) | undefined
  onDocuments?: ((filters: VisFilter[]) => void) | undefined
}

/** What can be done with a part of a chart: the same everywhere. */
export function MarkMenu({ mark, onClose, onFilter, onDocuments }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('button')?.focus()
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      onClose()
    }
    const point = (event: Event) => {
      if (!(event.target instanceof Node) || !box.current?.contains(event.target)) onClose()
    }
    document.addEventListener('keydown', press, true)
    document.addEventListener('pointerdown', point)
    return () => {
      document.removeEventListener('keydown', press, true)
      document.removeEventListener('pointerdown', point)
    }
  }, [onClose])
  const act = (run: (filters: VisFilter[]) => void, filters: VisFilter[]) => () => {
    onClose()
    run(filters)
  }
  // Panels are boxes of their own, which would cut it off or lay their neighbours over it.
  return createPortal(
    <div
      ref={box}
      className={styles.menu}
      role="dialog"
      aria-label={mark.title}
      style={{ left: Math.min(mark.x + 4, innerWidth - 270), top: Math.min(mark.y + 4, innerHeight - 150) }}
    >
      <p className={styles.title}>
        <b>{mark.title}</b>
        {mark.text !== '' && <span>{mark.text}</span>}
      </p>
      {onFilter && (
        <>
          <button type="button" onClick={act(onFilter, mark.filters)}>
            <Icon name="include" size={13} /> {texts.filterForThis}
          </button>
          <button type="button" onClick={act(onFilter, [without(mark)])}>
            <Icon name="exclude" size={13} /> {texts.leaveThisOut}
          </button>
        </>
      )}
      {onDocuments && (
        <button type="button" onClick={act(onDocuments, mark.filters)}>
          <Icon name="search" size={13} /> {texts.seeTheDocuments}
        </button>
      )}
    </div>,
    document.body,
  )
}

/** Of several conditions only those documents are left out that fulfil all of them. */
function without({ title, filters }: Mark): VisFilter {
  const [only, ...more] = filters
  if (only && more.length === 0) return negated(only)
  const clause = (f: VisFilter) => (f.meta.negate ? { bool: { must_not: [f.query] } } : f.query)
  return {
    meta: { type: 'custom', alias: title, negate: true, disabled: false },
    query: { bool: { filter: filters.map(clause) } },
  }
}
