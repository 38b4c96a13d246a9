import { type FormEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Field } from '../lib/fields'
import {
  between,
  exists,
  type Filter,
  type FilterValue,
  is,
  oneOf,
  type FilterForm as Parts,
  words,
} from '../lib/filters'
import { texts } from '../texts/components'
import styles from './FilterPill.module.css'

type Kind = Parts['kind']

const KINDS: readonly (readonly [Kind, string])[] = [
  ['is', texts.is],
  ['isNot', texts.isNot],
  ['oneOf', texts.isOneOf],
  ['notOneOf', texts.isNotOneOf],
  ['between', texts.isBetween],
  ['notBetween', texts.isNotBetween],
  ['words', texts.hasTheWords],
  ['notWords', texts.hasNotTheWords],
  ['exists', texts.exists],
  ['existsNot', texts.doesNotExist],
]

/** What values are offered from. */
export interface FilterSource {
  fields: readonly Field[]
  /** The most frequent values of the field that was last told to `onField`. */
  known: readonly string[]
  onField: (field: string) => void
}

interface Props extends FilterSource {
  /** What is edited; null for a new one. */
  parts: Parts | null
  action: string
  onSave: (filter: Filter) => void
  onDsl: () => void
}

/** A filter of a field, a condition and values. */
export function FilterForm({ parts, action, fields, known, onField, onSave, onDsl }: Props) {
  const list = useId()
  const [field, setField] = useState(parts?.field ?? '')
  const [kind, setKind] = useState<Kind>(parts?.kind ?? 'is')
  const [value, setValue] = useState(parts?.value ?? '')
  const [end, setEnd] = useState(parts?.end ?? '')
  const of = fields.find(f => f.name === field.trim())
  const input = useRef<HTMLInputElement>(null)
  const chosen = useRef(false)
  useLayoutEffect(() => {
    // Behind a value that was chosen the person writes on.
    if (!chosen.current) return
    chosen.current = false
    input.current?.focus()
    input.current?.setSelectionRange(value.length, value.length)
  }, [value])
  const valued = kind !== 'exists' && kind !== 'existsNot'
  const ranged = kind === 'between' || kind === 'notBetween'
  const worded = kind === 'words' || kind === 'notWords'
  const several = kind === 'oneOf' || kind === 'notOneOf'
  const ready =
    field.trim() !== '' &&
    (!valued || (several ? listed(value).length > 0 : value !== '' || (ranged && end !== '')))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (ready) onSave(made(field.trim(), kind, [value, end], of))
  }
  return (
    <form className={styles.editor} onSubmit={submit}>
      <label>
        <span>{texts.field}</span>
        <input
          className="input"
          // biome-ignore lint/a11y/noAutofocus: the panel was just asked for, and this is what it is for
          autoFocus={parts === null}
          list={list}
          value={field}
          spellCheck={false}
          onChange={event => {
            setField(event.target.value)
            onField(event.target.value.trim())
          }}
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
          <span>{ranged ? texts.from : several ? texts.valuesWithCommas : texts.value}</span>
          <input
            ref={input}
            className="input"
            value={value}
            spellCheck={false}
            onChange={event => setValue(event.target.value)}
          />
        </label>
      )}
      {ranged && (
        <label>
          <span>{texts.to}</span>
          <input
            className="input"
            value={end}
            spellCheck={false}
            onChange={event => setEnd(event.target.value)}
          />
        </label>
      )}
      {valued && !ranged && !worded && (
        <Known
          known={known}
          text={several ? lastOf(value) : value}
          onChoose={picked => {
            chosen.current = true
            setValue(several ? withValue(value, picked) : picked)
          }}
        />
      )}
      <div className={styles.ways}>
        <button type="button" className="button quiet small" onClick={onDsl}>
          {texts.asQueryDsl}
        </button>
        <button type="submit" className="button primary" disabled={!ready}>
          {action}
        </button>
      </div>
    </form>
  )
}

/** So many fit without scrolling. */
const SHOWN = 8

/** Values that the field has and that go on as what was typed. */
function Known({
  known,
  text,
  onChoose,
}: {
  known: readonly string[]
  text: string
  onChoose: (value: string) => void
}) {
  const wanted = text.trim().toLowerCase()
  const fitting = known.filter(v => v.toLowerCase().includes(wanted) && v.toLowerCase() !== wanted)
  if (fitting.length === 0) return null
  return (
    <ul className={styles.known} aria-label={texts.whatThereIs}>
      {fitting.slice(0, SHOWN).map(value => (
        <li key={value}>
          <button type="button" title={value} onClick={() => onChoose(value)}>
            {value}
          </button>
        </li>
      ))}
    </ul>
  )
}

const listed = (text: string) =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')

const lastOf = (text: string) => text.slice(text.lastIndexOf(',') + 1)

/** A value instead of the one that is being typed. */
const withValue = (text: string, value: string) =>
  `${text.slice(0, text.lastIndexOf(',') + 1)}${text.includes(',') ? ' ' : ''}${value}, `

function made(field: string, kind: Kind, [value, end]: [string, string], of: Field | undefined): Filter {
  const read = (text: string) => typed(text, of)
  switch (kind) {
    case 'exists':
    case 'existsNot':
      return exists(field, kind === 'existsNot')
    case 'words':
    case 'notWords':
      return words(field, value, kind === 'notWords')
    case 'oneOf':
    case 'notOneOf': {
      const values = listed(value)
      return oneOf(field, values.map(read), `${field}: ${values.join(', ')}`, kind === 'notOneOf')
    }
    case 'between':
    case 'notBetween': {
      const bound = (text: string) => (text === '' ? null : read(text))
      const parts = [value && texts.fromValue(value), end && texts.belowValue(end)].filter(Boolean)
      return between(field, [bound(value), bound(end)], `${field} ${parts.join(' ')}`, kind === 'notBetween')
    }
    default:
      return is(field, read(value), kind === 'isNot')
  }
}

/** As the field's values are; integers beyond what a number holds stay text. */
function typed(text: string, field: Field | undefined): FilterValue {
  if (field?.kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  const number = Number(text)
  return field?.kind === 'number' && text.trim() !== '' && String(number) === text.trim() ? number : text
}
