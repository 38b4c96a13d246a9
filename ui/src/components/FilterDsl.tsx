import { type FormEvent, useState } from 'react'
import { type Filter, queryIn, queryOf } from '../lib/filters'
import { texts } from '../texts/components'
import styles from './FilterPill.module.css'

interface Props {
  /** Null for a new one. */
  filter: Filter | null
  onSave: (filter: Filter) => void
}

/** A filter as the query that it stands for, to be written freely. */
export function FilterDsl({ filter, onSave }: Props) {
  const [name, setName] = useState(filter?.kind === 'dsl' ? filter.field : '')
  const [text, setText] = useState(() =>
    filter === null
      ? '{\n  "term": { "field": "value" }\n}'
      : JSON.stringify(filter.kind === 'dsl' ? queryIn(String(filter.value)) : queryOf(filter), null, 2),
  )
  const query = queryIn(text)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (query === null) return
    const value = JSON.stringify(query)
    const { negated = false, disabled = false, pinned = false } = filter ?? {}
    onSave({
      field: name.trim() || value.slice(0, 60),
      kind: 'dsl',
      value,
      negated,
      disabled,
      ...(pinned && { pinned }),
    })
  }
  return (
    <form className={styles.editor} onSubmit={save}>
      <label>
        <span>{texts.query}</span>
        <textarea
          className="input"
          rows={8}
          value={text}
          spellCheck={false}
          aria-invalid={query === null}
          onChange={event => setText(event.target.value)}
        />
      </label>
      <label>
        <span>{texts.called}</span>
        <input
          className="input"
          value={name}
          placeholder={texts.asTheQueryWhenEmpty}
          onChange={event => setName(event.target.value)}
        />
      </label>
      <p role="status">{query === null ? texts.thisIsNotAJson : ''}</p>
      <button type="submit" className="button primary" disabled={query === null}>
        {texts.filterByIt}
      </button>
    </form>
  )
}
