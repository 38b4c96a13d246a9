import { useMemo, useState } from 'react'
import { Icon } from '../../components/Icon'
import type { Field } from '../../lib/fields'
import styles from './FieldList.module.css'
import { FieldValues, type ValuesProps } from './FieldValues'

interface Props extends Omit<ValuesProps, 'field' | 'fieldName'> {
  fields: Field[]
  /** How many of the loaded events have each field. */
  present: ReadonlyMap<string, number>
  columns: string[]
  onToggleColumn: (field: string) => void
}

const GLYPHS: Record<Field['kind'], string> = {
  keyword: 'k',
  text: 't',
  number: '#',
  boolean: '?',
  date: '◷',
  ip: 'ip',
  geo: '⌖',
  object: '{}',
  other: '·',
}

/** The fields of the index pattern: those the events have first. Pressing one shows its values. */
export function FieldList({ fields, present, columns, onToggleColumn, ...values }: Props) {
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<string | null>(null)
  const [showRest, setShowRest] = useState(false)
  const { used, rest } = useMemo(() => split(fields, present, text), [fields, present, text])
  const row = (field: Field) => (
    <li key={field.name}>
      <div className={styles.row} data-open={opened === field.name}>
        <button
          type="button"
          className={styles.name}
          aria-expanded={opened === field.name}
          title={`${field.name} (${field.type})`}
          onClick={() => setOpened(opened === field.name ? null : field.name)}
        >
          <span className={styles.glyph} data-kind={field.kind} aria-hidden="true">
            {GLYPHS[field.kind]}
          </span>
          <span className={styles.label}>{field.name}</span>
        </button>
        <button
          type="button"
          className={styles.column}
          aria-pressed={columns.includes(field.name)}
          aria-label={
            columns.includes(field.name) ? `Remove column ${field.name}` : `Show ${field.name} as a column`
          }
          onClick={() => onToggleColumn(field.name)}
        >
          <Icon name={columns.includes(field.name) ? 'minus' : 'plus'} size={13} />
        </button>
      </div>
      {opened === field.name && <FieldValues {...values} field={field} fieldName={field.name} />}
    </li>
  )
  return (
    <nav className={styles.fields} aria-label="Fields">
      <input
        className={styles.search}
        value={text}
        placeholder="Fields"
        aria-label="Find a field"
        spellCheck={false}
        onChange={event => setText(event.target.value)}
      />
      <div className={styles.scroll}>
        <ul>{used.map(row)}</ul>
        {rest.length > 0 && (
          <button
            type="button"
            className={styles.more}
            aria-expanded={showRest || text !== ''}
            onClick={() => setShowRest(!showRest)}
          >
            <Icon name={showRest || text !== '' ? 'down' : 'right'} size={12} />
            {rest.length} not in these events
          </button>
        )}
        {(showRest || text !== '') && <ul className={styles.rest}>{rest.map(row)}</ul>}
        {text !== '' && used.length + rest.length === 0 && (
          <p className={styles.none}>No field is called that</p>
        )}
      </div>
    </nav>
  )
}

function split(fields: Field[], present: ReadonlyMap<string, number>, text: string) {
  const wanted = text.trim().toLowerCase()
  const named = wanted === '' ? fields : fields.filter(f => f.name.toLowerCase().includes(wanted))
  return { used: named.filter(f => present.has(f.name)), rest: named.filter(f => !present.has(f.name)) }
}
