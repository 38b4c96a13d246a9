import { Link } from 'wouter'
import { ApiError } from '../../api/errors'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { LuceneOffer } from '../../components/LuceneOffer'
import { formatConsoleUrl } from '../../lib/pages'
import { misfitOf } from '../../lib/query/hints'
import { texts } from '../../texts/discover'
import styles from './Failure.module.css'
import type { Discover } from './useDiscover'

/** Under the search: why it failed and what can be done, while the page stays as it was. */
export function Failure({ discover }: { discover: Discover }) {
  const { error, state, fields, update, retry } = discover
  // With nothing to keep, the reason stands in place of the rows.
  if (error === null || discover.rows.length === 0) return null
  const request = error instanceof ApiError ? error.request : null
  const text = request === null ? '' : `${request.line}\n${request.body ?? ''}`
  const misfit = misfitOf(state.query, state.language, fields)
  return (
    <section className={styles.strip} role="alert" aria-label={texts.theSearchFailed}>
      <Icon name="warning" size={14} />
      <p className={styles.reason}>
        {misfit !== null && <strong>{misfit}. </strong>}
        {error.message}
        {error instanceof ApiError && error.status > 0 && (
          <span className={styles.type}>
            {' '}
            {error.status} {error.type}
          </span>
        )}
        <span className={styles.type}> {texts.whatIsBelowWasFound}</span>
      </p>
      {state.language === 'kql' && (
        <LuceneOffer text={state.query} onTake={query => update({ query, language: 'lucene' })} />
      )}
      {request && (
        <>
          <Link className="button quiet small" href={formatConsoleUrl(text)}>
            {texts.openInTheConsole}
          </Link>
          <CopyButton label={texts.copyTheRequest} text={() => text} />
        </>
      )}
      <button type="button" className="button small outlined" onClick={retry}>
        {texts.tryAgain}
      </button>
    </section>
  )
}
