// What stands in place of data: it is on its way, there is none, it did not come.

import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { ApiError } from '../api/errors'
import { CopyButton } from '../components/CopyButton'
import { Icon } from '../components/Icon'
import { formatConsoleUrl } from '../lib/pages'
import { formatClock, formatDate } from '../lib/time/format'
import { texts } from '../texts/shell'
import styles from './States.module.css'

/** Rows of the shape that is to come; they show after a moment only, so that quick answers do not flicker. */
export function Waiting({ rows = 8, label = texts.loading }: { rows?: number; label?: string }) {
  return (
    <div className={styles.waiting} role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  )
}

/** Nothing is there: why, and what to do. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.notice} role="status">
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** An answer that did not come: the server's reason, the request to copy, another try. */
export function Failure({ error, title, onRetry }: { error: Error; title: string; onRetry?: () => void }) {
  const request = error instanceof ApiError ? error.request : null
  const text = request && `${request.line}\n${request.body ?? ''}`
  return (
    <div className={styles.notice} role="alert">
      <h2>
        <Icon name="warning" /> {title}
      </h2>
      <p className={styles.reason}>{error.message}</p>
      {error instanceof ApiError && (
        <p className={styles.detail}>
          {error.status > 0 ? `${error.status} ` : ''}
          {error.type} · {error.request.line}
        </p>
      )}
      <div className={styles.ways}>
        {onRetry && (
          <button type="button" className="button primary" onClick={onRetry}>
            {texts.tryAgain}
          </button>
        )}
        {text && request && (
          <>
            {!request.line.includes(' /api/') && (
              <Link className="button outlined" href={formatConsoleUrl(text)}>
                {texts.openInTheConsole}
              </Link>
            )}
            <CopyButton className="button outlined" label={texts.copyTheRequest} text={() => text} />
          </>
        )}
      </div>
    </div>
  )
}

interface AnsweredProps<T> {
  query: { data: T | undefined; error: Error | null; dataUpdatedAt: number; refetch: () => unknown }
  /** Says that it did not come. */
  title: string
  waiting?: ReactNode
  children: (data: T) => ReactNode
}

/** What a question brought. An answer stays when the next does not come: with a line above it that says so, and of when it is. */
export function Answered<T>({ query, title, waiting = <Waiting />, children }: AnsweredProps<T>) {
  const { data, error } = query
  const retry = () => void query.refetch()
  if (data === undefined) return error ? <Failure error={error} title={title} onRetry={retry} /> : waiting
  return (
    <>
      {error && (
        <p className={styles.stale} role="alert">
          <Icon name="warning" size={13} />{' '}
          {texts.stillOf(title, `${formatDate(query.dataUpdatedAt)} ${formatClock(query.dataUpdatedAt)}`)}{' '}
          {error.message}
          <button type="button" className="button small outlined" onClick={retry}>
            {texts.tryAgain}
          </button>
        </p>
      )}
      {children(data)}
    </>
  )
}

/** What came of an action, beside the button that began it. */
export function Outcome({ error, done }: { error: Error | null; done?: string | null | undefined }) {
  if (error)
    return (
      <p className={styles.fault} role="alert">
        {error.message}
      </p>
    )
  return (
    <p className={styles.done} role="status">
      {done ?? ''}
    </p>
  )
}
