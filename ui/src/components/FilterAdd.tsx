import { useState } from 'react'
import type { Filter } from '../lib/filters'
import { texts } from '../texts/components'
import { FilterDsl } from './FilterDsl'
import { FilterForm, type FilterSource } from './FilterForm'
import { Icon } from './Icon'
import { Popover } from './Popover'

interface Props extends FilterSource {
  onAdd: (filter: Filter) => void
}

/** A button that makes a filter: of a field and values, or written as a query. */
export function FilterAdd({ onAdd, ...source }: Props) {
  const [open, setOpen] = useState(false)
  const [dsl, setDsl] = useState(false)
  const add = (filter: Filter) => {
    setOpen(false)
    onAdd(filter)
  }
  const trigger = (
    <button
      type="button"
      className="button quiet small"
      aria-expanded={open}
      aria-haspopup="dialog"
      onClick={() => {
        setDsl(false)
        setOpen(!open)
      }}
    >
      <Icon name="plus" size={12} />
      {texts.filterWord}
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label={texts.addAFilter}>
      {dsl ? (
        <FilterDsl filter={null} onSave={add} />
      ) : (
        <FilterForm {...source} parts={null} action={texts.add} onSave={add} onDsl={() => setDsl(true)} />
      )}
    </Popover>
  )
}
