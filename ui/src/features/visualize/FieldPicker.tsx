import { useState } from 'react'
import { canAggregate, type Field, type FieldKind } from '../../lib/fields'
import styles from './FieldPicker.module.css'

interface Props {
  fields: Field[]
  /** Names of fields that the chart uses. */
  used: ReadonlySet<string>
  onPick: (field: Field, together: boolean) => void
}

const SIGNS: Record<FieldKind, string> = {
  keyword: 'k',
  text: 't',
  number: '#',
  boolean: '?',
  date: '◷',
  ip: 'ip',
  geo: '◎',
  object: '{}',
  other: '·',
}

/** The fields of the data: a press makes a chart, with Shift together with the one before. A field can be dragged to a place of the chart. */
export function FieldPicker({ fields, used, onPick }: Props) {
  const [find, setFind] = useState('')
  const usable = fields.filter(f => canAggregate(f) || f.kind === 'geo')
  const shown = usable.filter(f => f.name.toLowerCase().includes(find.trim().toLowerCase()))
  return (
    <section className={styles.picker} aria-label="Fields">
      <input
        className="input"
        type="search"
        aria-label="Find a field"
        placeholder="Find a field"
        spellCheck={false}
        value={find}
        onChange={event => setFind(event.target.value)}
        onKeyDown={event => {
          const [first] = shown
          if (event.key === 'Enter' && first) onPick(first, event.shiftKey)
        }}
      />
      <ul aria-label="Fields to draw">
        {shown.map(field => (
          <li key={field.name}>
            <button
              type="button"
              draggable
              data-used={used.has(field.name) || used.has(field.aggregateOn ?? field.name)}
              title={`${field.name} (${field.type}). Shift: together with the field before`}
              onClick={event => onPick(field, event.shiftKey)}
              onDragStart={event => event.dataTransfer.setData('text/x-field', field.name)}
            >
              <i data-kind={field.kind} aria-hidden="true">
                {SIGNS[field.kind]}
              </i>
              <span>{field.name}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.none}>No field has this name.</p>}
    </section>
  )
}
