import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Field } from '../../lib/fields'
import { queryErrorOf } from '../../lib/queryerror'
import { compileFormula } from '../../lib/vis/formula/compile'
import { completeFormula } from '../../lib/vis/formula/complete'
import { texts } from '../../texts/visualize'
import styles from './FormulaInput.module.css'

interface Props {
  value: string
  fields: Field[]
  timeField: string | null
  onChange: (text: string) => void
}

/** A formula, which is the chart's as soon as it can be read. What is wrong is said beneath, with its place marked. */
export function FormulaInput({ value, fields, timeField, onChange }: Props) {
  const [draft, setDraft] = useState({ text: value, cursor: -1, base: value })
  const [chosen, setChosen] = useState(0)
  const area = useRef<HTMLTextAreaElement>(null)
  const listId = useId()
  /** Where the cursor goes once the accepted text is in the input: before the next key, whenever that comes. */
  const cursorAfter = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (cursorAfter.current === null) return
    area.current?.setSelectionRange(cursorAfter.current, cursorAfter.current)
    cursorAfter.current = null
  })
  // What is written and cannot be read yet stays; a formula from elsewhere replaces it.
  if (draft.base !== value)
    setDraft(draft.text === value ? { ...draft, base: value } : { text: value, cursor: -1, base: value })
  const error = useMemo(
    () => queryErrorOf(() => compileFormula(draft.text, 'f', timeField)),
    [draft.text, timeField],
  )
  const options = draft.cursor < 0 ? [] : completeFormula(draft.text, draft.cursor, fields)
  const write = (text: string, cursor: number) => {
    setDraft(d => ({ ...d, text, cursor }))
    setChosen(0)
    if (queryErrorOf(() => compileFormula(text, 'f', timeField)) === null) onChange(text)
  }
  const accept = (at: number) => {
    const option = options[at]
    if (!option) return
    const cursor = option.start + option.insert.length
    cursorAfter.current = cursor
    write(draft.text.slice(0, option.start) + option.insert + draft.text.slice(option.end), cursor)
  }
  return (
    <div className={styles.formula} data-wrong={error !== null}>
      <textarea
        ref={area}
        aria-label={texts.formula}
        aria-invalid={error !== null}
        aria-controls={listId}
        rows={2}
        spellCheck={false}
        value={draft.text}
        onChange={event => write(event.target.value, event.target.selectionStart)}
        onBlur={() => setDraft(d => ({ ...d, cursor: -1 }))}
        onKeyDown={event => {
          if (options.length === 0) return
          if (event.key === 'Tab' || event.key === 'Enter') {
            event.preventDefault()
            accept(chosen)
          } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault()
            const step = event.key === 'ArrowDown' ? 1 : -1
            setChosen(at => (at + step + options.length) % options.length)
          } else if (event.key === 'Escape') setDraft(d => ({ ...d, cursor: -1 }))
        }}
      />
      {options.length > 0 && (
        <div className={styles.options} id={listId} role="listbox" aria-label={texts.suggestions}>
          {options.map((option, at) => (
            <div
              key={option.label}
              role="option"
              tabIndex={-1}
              aria-selected={at === chosen}
              onPointerDown={event => {
                event.preventDefault()
                accept(at)
              }}
            >
              <span>{option.label}</span>
              <em>{option.note}</em>
            </div>
          ))}
        </div>
      )}
      {error && (
        <p className={styles.fault} role={error.unfinished ? undefined : 'alert'}>
          {draft.text.slice(0, error.start)}
          <mark>{draft.text.slice(error.start, Math.max(error.end, error.start + 1)) || ' '}</mark>
          {draft.text.slice(Math.max(error.end, error.start + 1))}
          <br />
          {error.message}
          {error.hint && `: ${error.hint}`}
        </p>
      )}
    </div>
  )
}
