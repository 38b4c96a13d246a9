import { Link, useLocation } from 'wouter'
import { texts } from '../texts/shell'
import styles from './LostPage.module.css'
import { PageBar } from './PageBar'
import { Nothing } from './States'

/** An address that no page has. */
export function LostPage() {
  const [path] = useLocation()
  return (
    <div className={styles.page}>
      <PageBar current={null} commands={[]} />
      <main aria-label={texts.noSuchPage}>
        <h1 className="visually-hidden">{texts.noSuchPage}</h1>
        <Nothing title={texts.thereIsNoSuchPage}>
          <p>
            {texts.nothingIsAt} <code>{path}</code>
            {texts.theLinkMayBeCut}
          </p>
          <p>
            <Link className="button primary" href="/discover">
              {texts.goToDiscover}
            </Link>
          </p>
        </Nothing>
      </main>
    </div>
  )
}
