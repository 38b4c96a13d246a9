import { type ReactNode, useState } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { FilterAdd } from '../../components/FilterAdd'
import { FilterPill } from '../../components/FilterPill'
import { Icon } from '../../components/Icon'
import type { Field } from '../../lib/fields'
import { addFilter, type Filter } from '../../lib/filters'
import { toggleFieldList, useFieldList } from '../../state/fieldlist'
import { texts } from '../../texts/discover'
import styles from './FilterBar.module.css'
import { type AskedRange, type Subject, useTopValues } from './queries'

interface Props {
  filters: Filter[]
  fields: Field[]
  /** Whose values are offered. */
  place: Subject | null
  range: AskedRange | null
  wrap: boolean
  customColumns: boolean
  onFilters: (filters: Filter[]) => void
  onWrap: () => void
  onResetColumns: () => void
  saved: ReactNode
}

/** Asked for once per field and narrowed while typing. */
const KNOWN_VALUES = 50

const NONE: readonly string[] = []

/** The filters, and at the right what concerns the view as a whole. Always there, so that nothing jumps. */
export function FilterBar({
  filters,
  fields,
  place,
  range,
  wrap,
  customColumns,
  onFilters,
  onWrap,
  onResetColumns,
  saved,
}: Props) {
  const fieldList = useFieldList()
  const [asked, setAsked] = useState('')
  const field = fields.find(f => f.name === asked)
  const values = useTopValues(place, range, field, KNOWN_VALUES, field !== undefined)
  const known =
    field === undefined || values.isPlaceholderData ? NONE : (values.data?.values ?? []).map(v => v.text)
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
      <FilterAdd
        fields={fields}
        known={known}
        onField={setAsked}
        onAdd={filter => onFilters(addFilter(filters, filter))}
      />
      <ul className={styles.pills} aria-label={texts.filters}>
        {filters.map((filter, at) => (
          <li key={`${filter.field} ${filter.kind} ${String(filter.value)}`}>
            <FilterPill
              filter={filter}
              fields={fields}
              known={known}
              onField={setAsked}
              onChange={changed => change(at, changed)}
            />
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
