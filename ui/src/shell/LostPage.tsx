import { Link, useLocation } from 'wouter'
import styles from './LostPage.module.css'
import { PageBar } from './PageBar'
import { Nothing } from './States'

/** An address that no page has. */
export function LostPage() {
  const [path] = useLocation()
  return (
    <div className={styles.page}>
      <PageBar current={null} commands={[]} />
      <main aria-label="No such page">
        <h1 className="visually-hidden">No such page</h1>
        <Nothing title="There is no such page">
          <p>
            Nothing is at <code>{path}</code>. The link may be cut off, or from another program.
          </p>
          <p>
            <Link className="button primary" href="/discover">
              Go to Discover
            </Link>
          </p>
        </Nothing>
      </main>
    </div>
  )
}
