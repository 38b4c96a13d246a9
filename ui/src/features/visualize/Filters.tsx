import { Icon } from '../../components/Icon'
import { describeFilter, negated, type VisFilter } from '../../lib/vis/filter'
import type { VisQuery } from '../../lib/vis/model'
import { texts } from '../../texts/visualize'
import styles from './Filters.module.css'

interface Props {
  filters: VisFilter[]
  /** What holds on the dashboard that the chart is for: shown, and not part of the chart. */
  narrowing: { query: VisQuery; filters: VisFilter[] } | null
  onFilters: (filters: VisFilter[]) => void
}

/** The filters of the chart; a press turns one round. */
export function Filters({ filters, narrowing, onFilters }: Props) {
  const outer = narrowing
    ? [
        ...(narrowing.query.query.trim() === '' ? [] : [narrowing.query.query]),
        ...narrowing.filters.filter(f => !f.meta.disabled).map(describeFilter),
      ]
    : []
  if (filters.length + outer.length === 0) return null
  return (
    <ul className={styles.filters} aria-label={texts.filters}>
      {filters.map((filter, at) => (
        <li key={JSON.stringify(filter)} data-negated={filter.meta.negate}>
          <button
            type="button"
            title={texts.theOtherWayRound}
            onClick={() => onFilters(filters.with(at, negated(filter)))}
          >
            {describeFilter(filter)}
          </button>
          <button
            type="button"
            aria-label={texts.removeTheFilter(describeFilter(filter))}
            onClick={() => onFilters(filters.toSpliced(at, 1))}
          >
            <Icon name="close" size={11} />
          </button>
        </li>
      ))}
      {outer.map(text => (
        <li key={text} className={styles.outer} title={texts.theDashboardAsks}>
          <span>{texts.dashboard}</span> {text}
        </li>
      ))}
    </ul>
  )
}
