import { useState } from 'react'
import { Icon } from '../../components/Icon'
import { canAggregate, type Field, type FieldKind } from '../../lib/fields'
import { schemaLabel, schemasOf } from '../../lib/vis/edit'
import { isDocuments, type Schema, type Vis } from '../../lib/vis/model'
import { texts } from '../../texts/visualize'
import { carryField } from './Drop'
import styles from './FieldPicker.module.css'

interface Props {
  fields: Field[]
  /** Names of fields that the chart uses. */
  used: ReadonlySet<string>
  /** Null while there is no chart. */
  vis: Vis | null
  onPick: (field: Field, together: boolean) => void
  /** Puts a field to a place of the chart. */
  onPut: (field: Field, schema: Schema) => void
  onDragging: (on: boolean) => void
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

/** The fields of the data: a press makes a chart, with Shift together with the one before. A field can be dragged to a place of the chart, or put there by its own button. */
export function FieldPicker({ fields, used, vis, onPick, onPut, onDragging }: Props) {
  const [find, setFind] = useState('')
  const [open, setOpen] = useState<string | null>(null)
  const usable = fields.filter(f => canAggregate(f) || f.kind === 'geo')
  const shown = usable.filter(f => f.name.toLowerCase().includes(find.trim().toLowerCase()))
  const places: Schema[] =
    vis === null || isDocuments(vis.type) || vis.type === 'markdown' ? [] : ['metric', ...schemasOf(vis.type)]
  return (
    <section className={styles.picker} aria-label={texts.fields}>
      <input
        className="input"
        type="search"
        aria-label={texts.findAField}
        placeholder={texts.findAField}
        spellCheck={false}
        value={find}
        onChange={event => setFind(event.target.value)}
        onKeyDown={event => {
          const [first] = shown
          if (event.key === 'Enter' && first) onPick(first, event.shiftKey)
        }}
      />
      <ul aria-label={texts.fieldsToDraw}>
        {shown.map(field => (
          <li key={field.name} data-open={open === field.name}>
            <div className={styles.row}>
              <button
                type="button"
                className={styles.field}
                draggable
                data-used={used.has(field.name) || used.has(field.aggregateOn ?? field.name)}
                title={texts.shiftTogetherWithTheFieldBeforeDrag(field.name, field.type)}
                onClick={event => onPick(field, event.shiftKey)}
                onDragStart={event => {
                  carryField(event, field.name)
                  onDragging(true)
                }}
                onDragEnd={() => onDragging(false)}
              >
                <i data-kind={field.kind} aria-hidden="true">
                  {SIGNS[field.kind]}
                </i>
                <span>{field.name}</span>
              </button>
              {places.length > 0 && (
                <button
                  type="button"
                  className={styles.put}
                  aria-label={texts.putToAPlace(field.name)}
                  aria-expanded={open === field.name}
                  title={texts.toAPlace}
                  onClick={() => setOpen(open === field.name ? null : field.name)}
                >
                  <Icon name="plus" size={13} />
                </button>
              )}
            </div>
            {open === field.name && vis && (
              <div className={styles.places}>
                {places.map(schema => (
                  <button
                    key={schema}
                    type="button"
                    onClick={() => {
                      setOpen(null)
                      onPut(field, schema)
                    }}
                  >
                    {schemaLabel(vis.type, schema)}
                  </button>
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.none}>{texts.noFieldHasThisName}</p>}
    </section>
  )
}
