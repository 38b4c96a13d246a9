import type { ReactNode } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { FilterAdd } from '../../components/FilterAdd'
import { FilterPill } from '../../components/FilterPill'
import { Icon } from '../../components/Icon'
import type { Field } from '../../lib/fields'
import { addFilter, type Filter } from '../../lib/filters'
import { toggleFieldList, useFieldList } from '../../state/fieldlist'
import { texts } from '../../texts/discover'
import styles from './FilterBar.module.css'

interface Props {
  filters: Filter[]
  fields: Field[]
  wrap: boolean
  customColumns: boolean
  onFilters: (filters: Filter[]) => void
  onWrap: () => void
  onResetColumns: () => void
  saved: ReactNode
}

/** The filters, and at the right what concerns the view as a whole. Always there, so that nothing jumps. */
export function FilterBar({
  filters,
  fields,
  wrap,
  customColumns,
  onFilters,
  onWrap,
  onResetColumns,
  saved,
}: Props) {
  const fieldList = useFieldList()
  const change = (at: number, filter: Filter | null) =>
    onFilters(filter === null ? filters.toSpliced(at, 1) : filters.with(at, filter))
  return (
    <section className={styles.bar} aria-label={texts.filtersAndView}>
      <button
        type="button"
        className={`button quiet small icon ${styles.fields}`}
        aria-expanded={fieldList}
        aria-label={fieldList ? texts.hideTheFieldsWithKey : texts.showTheFieldsWithKey}
        title={fieldList ? texts.hideTheFieldsWithKey : texts.showTheFieldsWithKey}
        onClick={toggleFieldList}
      >
        <Icon name="sidebar" size={14} />
      </button>
      <FilterAdd fields={fields} onAdd={filter => onFilters(addFilter(filters, filter))} />
      <ul className={styles.pills} aria-label={texts.filters}>
        {filters.map((filter, at) => (
          <li key={`${filter.field} ${filter.kind} ${String(filter.value)}`}>
            <FilterPill filter={filter} onChange={changed => change(at, changed)} />
          </li>
        ))}
        {filters.length === 0 && <li className={styles.hint}>{texts.pressAFieldAValue}</li>}
      </ul>
      {customColumns && (
        <button type="button" className="button quiet small" onClick={onResetColumns}>
          {texts.resetColumns}
        </button>
      )}
      <button
        type="button"
        className="button quiet small"
        aria-pressed={wrap}
        title={texts.wrapLongLinesWithKey}
        onClick={onWrap}
      >
        <Icon name={wrap ? 'check' : 'swap'} size={13} />
        {texts.wrap}
      </button>
      {saved}
      <CopyButton label={texts.share} text={() => location.href} />
    </section>
  )
}
