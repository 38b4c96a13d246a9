import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { describeFilter, negated, type VisFilter } from '../../lib/vis/filter'
import { texts } from '../../texts/dashboards'
import styles from './Pills.module.css'

interface Props {
  filters: readonly VisFilter[]
  onFilters: (filters: VisFilter[]) => void
}

/** The filters over all panels, each of which can be turned round, switched off or removed. */
export function Pills({ filters, onFilters }: Props) {
  if (filters.length === 0) return null
  return (
    <ul className={styles.pills} aria-label={texts.filters}>
      {filters.map((filter, at) => (
        <li key={JSON.stringify(filter.query)}>
          <Pill
            filter={filter}
            onChange={changed =>
              onFilters(changed === null ? filters.toSpliced(at, 1) : filters.with(at, changed))
            }
          />
        </li>
      ))}
    </ul>
  )
}

function Pill({ filter, onChange }: { filter: VisFilter; onChange: (filter: VisFilter | null) => void }) {
  const [open, setOpen] = useState(false)
  const text = describeFilter(filter)
  const { disabled, negate } = filter.meta
  const act = (changed: VisFilter | null) => {
    setOpen(false)
    onChange(changed)
  }
  const trigger = (
    <span className={styles.pill} data-negated={negate} data-disabled={disabled}>
      <button
        type="button"
        className={styles.text}
        aria-expanded={open}
        title={text}
        onClick={() => setOpen(!open)}
      >
        {text}
      </button>
      <button
        type="button"
        className={styles.remove}
        aria-label={texts.removeTheFilter(text)}
        onClick={() => onChange(null)}
      >
        <Icon name="close" size={11} />
      </button>
    </span>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.filterNamed(text)}>
      <Menu
        label={texts.filter}
        items={[
          {
            key: 'negate',
            label: negate ? texts.includeInstead : texts.excludeInstead,
            onSelect: () => act(negated(filter)),
          },
          {
            key: 'disable',
            label: disabled ? texts.switchOn : texts.switchOffForNow,
            onSelect: () => act({ ...filter, meta: { ...filter.meta, disabled: !disabled } }),
          },
          { key: 'remove', label: texts.remove, onSelect: () => act(null) },
        ]}
      />
    </Popover>
  )
}
