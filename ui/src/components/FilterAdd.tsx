import { type FormEvent, useId, useState } from 'react'
import type { Field } from '../lib/fields'
import { exists, type Filter, is, words } from '../lib/filters'
import { texts } from '../texts/components'
import { FilterDsl } from './FilterDsl'
import styles from './FilterPill.module.css'
import { Icon } from './Icon'
import { Popover } from './Popover'

const KINDS = [
  ['is', texts.is],
  ['isNot', texts.isNot],
  ['words', texts.hasTheWords],
  ['exists', texts.exists],
  ['existsNot', texts.doesNotExist],
] as const
type Kind = (typeof KINDS)[number][0]

/** A button that makes a filter: of a field and a value, or written as a query. */
export function FilterAdd({ fields, onAdd }: { fields: readonly Field[]; onAdd: (filter: Filter) => void }) {
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
        <Simple fields={fields} onAdd={add} onDsl={() => setDsl(true)} />
      )}
    </Popover>
  )
}

interface SimpleProps {
  fields: readonly Field[]
  onAdd: (filter: Filter) => void
  onDsl: () => void
}

function Simple({ fields, onAdd, onDsl }: SimpleProps) {
  const list = useId()
  const [field, setField] = useState('')
  const [kind, setKind] = useState<Kind>('is')
  const [value, setValue] = useState('')
  const known = fields.find(f => f.name === field.trim())
  const valued = kind !== 'exists' && kind !== 'existsNot'
  const ready = field.trim() !== '' && (!valued || value !== '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) onAdd(made(field.trim(), kind, typed(value, known)))
  }
  return (
    <form className={styles.editor} onSubmit={submit}>
      <label>
        <span>{texts.field}</span>
        <input
          className="input"
          // biome-ignore lint/a11y/noAutofocus: the panel was just asked for, and this is what it is for
          autoFocus
          list={list}
          value={field}
          spellCheck={false}
          onChange={event => setField(event.target.value)}
        />
      </label>
      <datalist id={list}>
        {fields.map(f => (
          <option key={f.name} value={f.name} />
        ))}
      </datalist>
      <label>
        <span>{texts.condition}</span>
        <select className="input" value={kind} onChange={event => setKind(event.target.value as Kind)}>
          {KINDS.map(([id, label]) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {valued && (
        <label>
          <span>{texts.value}</span>
          <input
            className="input"
            value={value}
            spellCheck={false}
            onChange={event => setValue(event.target.value)}
          />
        </label>
      )}
      <div className={styles.ways}>
        <button type="button" className="button quiet small" onClick={onDsl}>
          {texts.asQueryDsl}
        </button>
        <button type="submit" className="button primary" disabled={!ready}>
          {texts.add}
        </button>
      </div>
    </form>
  )
}

function made(field: string, kind: Kind, value: string | number | boolean): Filter {
  if (kind === 'exists' || kind === 'existsNot') return exists(field, kind === 'existsNot')
  if (kind === 'words') return words(field, String(value))
  return is(field, value, kind === 'isNot')
}

/** As the field's values are; integers beyond what a number holds stay text. */
function typed(text: string, field: Field | undefined): string | number | boolean {
  if (field?.kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  const number = Number(text)
  return field?.kind === 'number' && text.trim() !== '' && String(number) === text.trim() ? number : text
}
