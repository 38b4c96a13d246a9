import { useMemo, useState } from 'react'
import { Icon } from '../../components/Icon'
import type { Field } from '../../lib/fields'
import { texts } from '../../texts/discover'
import styles from './FieldList.module.css'
import { FieldValues, type ValuesProps } from './FieldValues'

interface Props extends Omit<ValuesProps, 'field' | 'fieldName'> {
  fields: Field[]
  /** How many of the loaded events have each field. */
  present: ReadonlyMap<string, number>
  columns: string[]
  /** Stands first and starts open: what the histogram is stacked by. */
  pinned: string | null
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
export function FieldList({ fields, present, columns, pinned, onToggleColumn, ...values }: Props) {
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<string | null | undefined>(undefined)
  const [showRest, setShowRest] = useState(false)
  const open = opened === undefined ? pinned : opened
  const { used, rest } = useMemo(() => split(fields, present, text, pinned), [fields, present, text, pinned])
  const row = (field: Field) => (
    <li key={field.name}>
      <div className={styles.row} data-open={open === field.name}>
        <button
          type="button"
          className={styles.name}
          aria-expanded={open === field.name}
          title={`${field.name} (${field.type})`}
          onClick={() => setOpened(open === field.name ? null : field.name)}
        >
          <span className={styles.glyph} data-kind={field.kind} aria-hidden="true">
            {GLYPHS[field.kind]}
          </span>
          <FieldName name={field.name} />
        </button>
        <button
          type="button"
          className={styles.column}
          aria-pressed={columns.includes(field.name)}
          aria-label={
            columns.includes(field.name) ? texts.removeColumn(field.name) : texts.showAsAColumn(field.name)
          }
          onClick={() => onToggleColumn(field.name)}
        >
          <Icon name={columns.includes(field.name) ? 'minus' : 'plus'} size={13} />
        </button>
      </div>
      {open === field.name && <FieldValues {...values} field={field} fieldName={field.name} />}
    </li>
  )
  return (
    <nav className={styles.fields} aria-label={texts.fields}>
      <label className={styles.search}>
        <Icon name="search" size={13} />
        <input
          value={text}
          placeholder={texts.findAField}
          aria-label={texts.findAField}
          spellCheck={false}
          onChange={event => setText(event.target.value)}
        />
      </label>
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
            {texts.notInTheseEvents(rest.length)}
          </button>
        )}
        {(showRest || text !== '') && <ul className={styles.rest}>{rest.map(row)}</ul>}
        {text !== '' && used.length + rest.length === 0 && (
          <p className={styles.none}>{texts.noFieldIsCalledThat}</p>
        )}
      </div>
    </nav>
  )
}

/** The path may be cut short, its last part tells fields apart. */
function FieldName({ name }: { name: string }) {
  const leaf = name.slice(name.lastIndexOf('.') + 1)
  const path = name.slice(0, name.length - leaf.length)
  return (
    <span className={styles.label}>
      {path !== '' && <span className={styles.path}>{path}</span>}
      <span className={styles.leaf}>{leaf}</span>
    </span>
  )
}

function split(fields: Field[], present: ReadonlyMap<string, number>, text: string, pinned: string | null) {
  const wanted = text.trim().toLowerCase()
  const named = wanted === '' ? fields : fields.filter(f => f.name.toLowerCase().includes(wanted))
  const used = named.filter(f => present.has(f.name) && f.name !== pinned)
  return {
    used: [...named.filter(f => f.name === pinned), ...used],
    rest: named.filter(f => !present.has(f.name) && f.name !== pinned),
  }
}
