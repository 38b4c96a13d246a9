import { useState } from 'react'
import { type Filter, formOf } from '../lib/filters'
import { texts } from '../texts/components'
import { FilterDsl } from './FilterDsl'
import { FilterForm, type FilterSource } from './FilterForm'
import styles from './FilterPill.module.css'
import { Icon } from './Icon'
import { Menu } from './Menu'
import { Popover } from './Popover'

interface Props extends FilterSource {
  filter: Filter
  /** Null removes the filter. */
  onChange: (filter: Filter | null) => void
}

/** A filter that can be turned round, switched off or removed. */
export function FilterPill({ filter, onChange, ...source }: Props) {
  const [open, setOpen] = useState(false)
  const [edited, setEdited] = useState<'form' | 'dsl' | null>(null)
  const parts = formOf(filter)
  const tail = tailOf(filter)
  const text = `${filter.negated ? `${texts.not} ` : ''}${filter.field}${tail}`
  const act = (changed: Filter | null) => {
    setOpen(false)
    onChange(changed)
  }
  const trigger = (
    <span className={styles.pill} data-negated={filter.negated} data-disabled={filter.disabled}>
      {filter.pinned && (
        <span className={styles.pinned} title={texts.pinnedStaysWhenTheRest}>
          <Icon name="pin" size={12} />
        </span>
      )}
      <button
        type="button"
        className={styles.text}
        aria-expanded={open}
        title={text}
        onClick={() => {
          setEdited(null)
          setOpen(!open)
        }}
      >
        {filter.negated && <b>{texts.not} </b>}
        <span className={styles.field}>{filter.field}</span>
        {tail}
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
      {edited === 'dsl' ? (
        <FilterDsl filter={filter} onSave={act} />
      ) : edited === 'form' ? (
        <FilterForm
          {...source}
          parts={parts}
          action={texts.save}
          onSave={made => act({ ...made, disabled: filter.disabled, ...(filter.pinned && { pinned: true }) })}
          onDsl={() => setEdited('dsl')}
        />
      ) : (
        <Menu
          label={texts.filter}
          items={[
            ...(parts
              ? [
                  {
                    key: 'edit',
                    label: texts.editTheFilter,
                    onSelect: () => {
                      source.onField(parts.field)
                      setEdited('form')
                    },
                  },
                ]
              : []),
            {
              key: 'negate',
              label: filter.negated ? texts.includeInstead : texts.excludeInstead,
              onSelect: () => act({ ...filter, negated: !filter.negated }),
            },
            {
              key: 'disable',
              label: filter.disabled ? texts.switchOn : texts.switchOffForNow,
              onSelect: () => act({ ...filter, disabled: !filter.disabled }),
            },
            {
              key: 'pin',
              label: filter.pinned ? texts.unpin : texts.pin,
              onSelect: () => act({ ...filter, pinned: !filter.pinned }),
            },
            { key: 'dsl', label: texts.editAsQueryDsl, onSelect: () => setEdited('dsl') },
            { key: 'remove', label: texts.remove, onSelect: () => act(null) },
          ]}
        />
      )}
    </Popover>
  )
}

/** What follows the field. */
function tailOf({ kind, value }: Filter): string {
  if (kind === 'exists') return ` ${texts.exists}`
  if (kind === 'dsl') return ''
  return kind === 'words' ? ` ${texts.has(String(value))}` : `: ${String(value)}`
}
