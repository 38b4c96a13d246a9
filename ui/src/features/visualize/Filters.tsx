import { Icon } from '../../components/Icon'
import { describeFilter, negated, type VisFilter } from '../../lib/vis/filter'
import styles from './Filters.module.css'

interface Props {
  filters: VisFilter[]
  onFilters: (filters: VisFilter[]) => void
}

/** The filters of the page; a press turns one round. */
export function Filters({ filters, onFilters }: Props) {
  if (filters.length === 0) return null
  return (
    <ul className={styles.filters} aria-label="Filters">
      {filters.map((filter, at) => (
        <li key={JSON.stringify(filter)} data-negated={filter.meta.negate}>
          <button
            type="button"
            title="The other way round"
            onClick={() => onFilters(filters.with(at, negated(filter)))}
          >
            {describeFilter(filter)}
          </button>
          <button
            type="button"
            aria-label={`Remove the filter ${describeFilter(filter)}`}
            onClick={() => onFilters(filters.toSpliced(at, 1))}
          >
            <Icon name="close" size={11} />
          </button>
        </li>
      ))}
    </ul>
  )
}
