import type { Views } from '../../lib/dashboard/views'
import { Nothing } from '../../shell/States'
import { texts } from '../../texts/dashboards'
import styles from './DashboardPage.module.css'
import { usePatterns } from './queries'
import type { DashboardPageState } from './useDashboard'
import { useSuggested } from './useSuggested'

interface Props {
  page: DashboardPageState
  views: Views
  onAdd: () => void
  onNewChart: () => void
  /** Panels were put on it. */
  onFilled: () => void
}

/** As many data as can be told apart at a glance. */
const OFFERED = 6

/** An empty dashboard: the ways to fill it, and one that needs a press only. */
export function EmptyBoard({ page, views, onAdd, onNewChart, onFilled }: Props) {
  const suggested = useSuggested(page, onFilled)
  const patterns = usePatterns(views).data ?? []
  const offered = views.views.slice(0, OFFERED)
  const plain = patterns.slice(0, OFFERED - offered.length)
  return (
    <Nothing title={texts.anEmptyDashboard}>
      <p>{texts.pickAFieldAndSee}</p>
      <p className={styles.begin}>
        <button type="button" className="button primary" onClick={onAdd}>
          {texts.addAPanel}
        </button>
        <button type="button" className="button outlined" onClick={onNewChart}>
          {texts.createAChart}
        </button>
      </p>
      {offered.length + plain.length > 0 && (
        <>
          <p>{texts.orHaveOneSuggested}</p>
          <ul className={styles.suggested} aria-label={texts.suggestedFrom} aria-busy={suggested.busy}>
            {offered.map(view => (
              <li key={view.id}>
                <button
                  type="button"
                  className="button outlined"
                  disabled={suggested.busy}
                  onClick={() => suggested.fromView(view)}
                >
                  {view.name}
                </button>
              </li>
            ))}
            {plain.map(pattern => (
              <li key={pattern}>
                <button
                  type="button"
                  className="button outlined"
                  disabled={suggested.busy}
                  onClick={() => suggested.fromPattern(pattern)}
                >
                  {pattern === '*' ? texts.allIndices : pattern}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {suggested.fault && (
        <p className={styles.fault} role="alert">
          {suggested.fault}
        </p>
      )}
    </Nothing>
  )
}
