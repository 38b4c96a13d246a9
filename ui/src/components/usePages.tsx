import { type ReactNode, useState } from 'react'
import { formatCount } from '../lib/numbers'
import { texts } from '../texts/components'
import { Icon } from './Icon'
import styles from './usePages.module.css'

/** The rows of one page, and the ways to the others, unless all rows are on it. */
export function usePages<T>(rows: readonly T[], size: number): { shown: readonly T[]; pager: ReactNode } {
  const [page, setPage] = useState(0)
  const last = Math.max(0, Math.ceil(rows.length / size) - 1)
  const at = Math.min(page, last)
  const end = Math.min(rows.length, (at + 1) * size)
  return {
    shown: rows.slice(at * size, end),
    pager: last > 0 && (
      <div className={styles.pages}>
        <span>{texts.rowsOf(formatCount(at * size + 1), formatCount(end), formatCount(rows.length))}</span>
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.previousPage}
          disabled={at === 0}
          onClick={() => setPage(at - 1)}
        >
          <Icon name="left" size={13} />
        </button>
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.nextPage}
          disabled={at === last}
          onClick={() => setPage(at + 1)}
        >
          <Icon name="right" size={13} />
        </button>
      </div>
    ),
  }
}
