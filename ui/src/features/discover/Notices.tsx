// What stands in place of events: nothing found, nothing readable, an answer that failed.

import { Link } from 'wouter'
import { ApiError } from '../../api/errors'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { formatCount } from '../../lib/numbers'
import { formatConsoleUrl } from '../../lib/pages'
import type { QueryHint } from '../../lib/query/hints'
import type { QueryError } from '../../lib/queryerror'
import { formatAgo, formatFull } from '../../lib/time/format'
import type { EpochMillis } from '../../lib/time/units'
import styles from './Notices.module.css'

interface NothingProps {
  rangeText: string
  now: EpochMillis
  newest: { any: EpochMillis | null; matching: EpochMillis | null; matchingCount: number } | undefined
  hasConditions: boolean
  /** What about the search may be the reason. */
  hints: readonly QueryHint[]
  onMend: (hint: QueryHint, instead: string) => void
  onShow: (at: EpochMillis) => void
  onClear: () => void
}

/** Nothing in the chosen time: when there is something, and the way there. */
export function NothingFound(props: NothingProps) {
  const { rangeText, now, newest, hasConditions, hints, onMend, onShow, onClear } = props
  const at = newest?.matching ?? null
  return (
    <div className={styles.notice} role="status">
      <h2>Nothing in {rangeText.startsWith('Last') ? `the ${rangeText.toLowerCase()}` : rangeText}</h2>
      {hints.map(hint => (
        <p key={hint.start} className={styles.remark}>
          {hint.message}
          {hint.mends.length > 0 && '. Did you mean'}
          {hint.mends.map(instead => (
            <button
              key={instead}
              type="button"
              className="button small outlined"
              onClick={() => onMend(hint, instead)}
            >
              {instead}
            </button>
          ))}
        </p>
      ))}
      {newest && at !== null && (
        <>
          <p>
            {hasConditions
              ? `${formatCount(newest.matchingCount)} events match at other times; the newest was`
              : 'The newest event was'}{' '}
            <strong>{formatFull(at)}</strong>, {formatAgo(at, now)}.
          </p>
          <div className={styles.ways}>
            <button type="button" className="button primary" onClick={() => onShow(at)}>
              Show it
            </button>
            {hasConditions && (
              <button type="button" className="button outlined" onClick={onClear}>
                Clear the search and filters
              </button>
            )}
          </div>
        </>
      )}
      {newest && at === null && (
        <>
          <p>
            {hasConditions && newest.any !== null
              ? 'No event of any time matches the search and filters.'
              : 'These indices hold no events with a time.'}
          </p>
          {hasConditions && (
            <div className={styles.ways}>
              <button type="button" className="button primary" onClick={onClear}>
                Clear the search and filters
              </button>
            </div>
          )}
        </>
      )}
    </div>
  )
}

interface FailedProps {
  error: Error
  /** The field whose value the server may mean. */
  misfit?: string | null
  onRetry: () => void
}

export function Failed({ error, misfit = null, onRetry }: FailedProps) {
  const request = error instanceof ApiError ? error.request : null
  return (
    <div className={styles.notice} role="alert">
      <h2>
        <Icon name="warning" /> The search failed
      </h2>
      {misfit !== null && <p className={styles.reason}>{misfit}.</p>}
      <p className={styles.reason}>{error.message}</p>
      {error instanceof ApiError && (
        <p className={styles.detail}>
          {error.status > 0 ? `${error.status} ` : ''}
          {error.type} · {error.request.line}
        </p>
      )}
      <div className={styles.ways}>
        <button type="button" className="button primary" onClick={onRetry}>
          Try again
        </button>
        {request && (
          <>
            <Link
              className="button outlined"
              href={formatConsoleUrl(`${request.line}\n${request.body ?? ''}`)}
            >
              Open in the console
            </Link>
            <CopyButton
              className="button outlined"
              label="Copy the request"
              text={() => `${request.line}\n${request.body ?? ''}`}
            />
          </>
        )}
      </div>
    </div>
  )
}

export function Unreadable({ error, text }: { error: QueryError; text: string }) {
  return (
    <div className={styles.notice} role="status">
      <h2>The search cannot be read</h2>
      <pre className={styles.marked}>
        {text.slice(0, error.start)}
        <mark>{text.slice(error.start, Math.max(error.end, error.start + 1)) || ' '}</mark>
        {text.slice(Math.max(error.end, error.start + 1))}
      </pre>
      <p>
        {error.message}
        {error.hint && ` – ${error.hint}`}
      </p>
    </div>
  )
}

interface RemarkProps {
  title: string
  children: string
  action?: { label: string; run: () => void }
}

export function Remark({ title, children, action }: RemarkProps) {
  return (
    <div className={styles.notice} role="status">
      <h2>{title}</h2>
      <p>{children}</p>
      {action && (
        <div className={styles.ways}>
          <button type="button" className="button primary" onClick={action.run}>
            {action.label}
          </button>
        </div>
      )}
    </div>
  )
}
