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
import { texts } from '../../texts/discover'
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
      <h2>
        {texts.nothingIn(rangeText.startsWith('Last') ? texts.the(rangeText.toLowerCase()) : rangeText)}
      </h2>
      {hints.map(hint => (
        <p key={hint.start} className={styles.remark}>
          {hint.message}
          {hint.mends.length > 0 && texts.didYouMean}
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
              ? texts.eventsMatchAtOtherTimes(formatCount(newest.matchingCount))
              : texts.theNewestEventWas}{' '}
            <strong>{formatFull(at)}</strong>, {formatAgo(at, now)}.
          </p>
          <div className={styles.ways}>
            <button type="button" className="button primary" onClick={() => onShow(at)}>
              {texts.showIt}
            </button>
            {hasConditions && (
              <button type="button" className="button outlined" onClick={onClear}>
                {texts.clearTheSearchAndFilters}
              </button>
            )}
          </div>
        </>
      )}
      {newest && at === null && (
        <>
          <p>
            {hasConditions && newest.any !== null ? texts.noEventOfAnyTime : texts.theseIndicesHoldNoEvents}
          </p>
          {hasConditions && (
            <div className={styles.ways}>
              <button type="button" className="button primary" onClick={onClear}>
                {texts.clearTheSearchAndFilters}
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
        <Icon name="warning" /> {texts.theSearchFailed}
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
          {texts.tryAgain}
        </button>
        {request && (
          <>
            <Link
              className="button outlined"
              href={formatConsoleUrl(`${request.line}\n${request.body ?? ''}`)}
            >
              {texts.openInTheConsole}
            </Link>
            <CopyButton
              className="button outlined"
              label={texts.copyTheRequest}
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
      <h2>{texts.theSearchCannotBeRead}</h2>
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
