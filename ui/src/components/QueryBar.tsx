import {
  Fragment,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { texts } from '../texts/components'
import { Icon } from './Icon'
import styles from './QueryBar.module.css'

export interface Suggestion {
  /** What replaces the part of the text between start and end. */
  insert: string
  label: string
  /** At the right edge: a type, a count. */
  note?: string
  start: number
  end: number
}

export interface TextFault {
  message: string
  hint?: string
  start: number
  end: number
}

/** A remark about a part of the text that can be searched as it is, and what could stand there instead. */
export interface TextHint {
  message: string
  start: number
  end: number
  mends: string[]
}

interface Props {
  value: string
  /** The text is not the one that was searched for. */
  pending: boolean
  fault: TextFault | null
  /** A remark that is no error. */
  note: string | null
  hints?: readonly TextHint[]
  /** Where the cursor stands; null before the text has been touched. */
  cursor?: number | null
  /** How the text is read, where it is a question; shown while one is at it. */
  reading?: ReactNode
  suggestions: Suggestion[]
  /** A search of what there is here. */
  example?: string | null
  inputRef: Ref<HTMLInputElement>
  /** Beside the text, such as the switch of the language. */
  children: ReactNode
  onChange: (text: string, cursor: number) => void
  onSubmit: (text: string) => void
}

export function QueryBar(props: Props) {
  const { value, pending, fault, note, suggestions, inputRef, children, onChange, onSubmit } = props
  const [open, setOpen] = useState(false)
  const [focused, setFocused] = useState(false)
  const [chosen, setChosen] = useState(-1)
  const [scroll, setScroll] = useState(0)
  const listId = useId()
  const box = useRef<HTMLDivElement>(null)
  /** Where the cursor goes once the accepted text is in the input: before the next key, whenever that comes. */
  const cursorAfter = useRef<number | null>(null)
  useLayoutEffect(() => {
    if (cursorAfter.current === null) return
    const input = box.current?.querySelector('input')
    input?.focus()
    input?.setSelectionRange(cursorAfter.current, cursorAfter.current)
    cursorAfter.current = null
  })
  const listed = open ? suggestions : []
  // The one under the cursor before the others; none while a suggestion may yet mend it.
  const { hints = [], cursor = null } = props
  const hint =
    fault || listed.length > 0
      ? undefined
      : (hints.find(h => cursor !== null && h.start <= cursor && cursor <= h.end) ?? hints[0])

  const edit = (input: HTMLInputElement) => {
    setChosen(-1)
    setScroll(input.scrollLeft)
    onChange(input.value, input.selectionStart ?? input.value.length)
  }
  const accept = (suggestion: Suggestion) => {
    const text = value.slice(0, suggestion.start) + suggestion.insert + value.slice(suggestion.end)
    const after = suggestion.start + suggestion.insert.length
    cursorAfter.current = after
    setChosen(-1)
    onChange(text, after)
  }
  const mend = ({ start, end }: TextHint, instead: string) => {
    cursorAfter.current = start + instead.length
    onSubmit(value.slice(0, start) + instead + value.slice(end))
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const suggestion = listed[chosen]
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const step = event.key === 'ArrowDown' ? 1 : -1
      setChosen(at => (suggestions.length === 0 ? -1 : (at + step + suggestions.length) % suggestions.length))
    } else if (event.key === 'Enter' && suggestion) {
      event.preventDefault()
      accept(suggestion)
    } else if (event.key === 'Tab' && listed.length > 0 && !event.shiftKey && value !== '') {
      event.preventDefault()
      accept(suggestion ?? (listed[0] as Suggestion))
    } else if (event.key === 'Enter') {
      setOpen(false)
      onSubmit(value)
    } else if (event.key === 'Escape') {
      if (listed.length > 0) setOpen(false)
      else event.currentTarget.blur()
    }
  }

  return (
    <div className={styles.bar} data-wrong={fault !== null} data-pending={pending} ref={box}>
      <Icon name="search" />
      <div className={styles.text}>
        <input
          ref={inputRef}
          className={styles.input}
          value={value}
          role="combobox"
          aria-label={texts.search}
          aria-expanded={listed.length > 0}
          aria-controls={listId}
          aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
          aria-invalid={fault !== null}
          autoComplete="off"
          spellCheck={false}
          placeholder={props.example ? texts.searchForExample(props.example) : texts.search}
          onChange={event => {
            setOpen(true)
            edit(event.currentTarget)
          }}
          onSelect={event => edit(event.currentTarget)}
          onScroll={event => setScroll(event.currentTarget.scrollLeft)}
          onClick={() => setOpen(true)}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false)
            setOpen(false)
          }}
          onKeyDown={press}
        />
        {fault && <Underline text={value} parts={[fault]} scroll={scroll} kind="wrong" />}
        {!fault && hints.length > 0 && (
          <Underline text={value} parts={hints} scroll={scroll} kind="doubtful" />
        )}
      </div>
      <span className="visually-hidden" role="status">
        {pending ? texts.notSearchedForYet : ''}
      </span>
      {pending && (
        <button
          type="button"
          className={`button small ${styles.run}`}
          title={texts.theResultsAreThose}
          onClick={() => onSubmit(value)}
        >
          {texts.search} <kbd>↵</kbd>
        </button>
      )}
      {value !== '' && (
        <button
          type="button"
          className="button quiet small icon"
          aria-label={texts.clearTheSearch}
          onClick={() => onSubmit('')}
        >
          <Icon name="close" size={13} />
        </button>
      )}
      {children}
      <div className={styles.below}>
        {listed.length > 0 && (
          <div className={styles.list} id={listId} role="listbox" aria-label={texts.suggestions}>
            {listed.map((suggestion, i) => (
              <Option
                key={`${suggestion.label} ${suggestion.insert}`}
                id={`${listId}-${i}`}
                suggestion={suggestion}
                chosen={i === chosen}
                onAccept={accept}
              />
            ))}
          </div>
        )}
        {fault && focused && (
          <p className={styles.fault} role="alert">
            {fault.message}
            {fault.hint && <span className={styles.hint}> – {fault.hint}</span>}
          </p>
        )}
        {hint && focused && (
          <div className={styles.remark} role="status">
            {hint.message}
            {hint.mends.length > 0 && (
              <span className={styles.mends}>
                {texts.didYouMean}
                {hint.mends.map(instead => (
                  <button
                    key={instead}
                    type="button"
                    className={styles.mend}
                    // Before the blur of the input, which would close this.
                    onPointerDown={event => event.preventDefault()}
                    onClick={() => mend(hint, instead)}
                  >
                    {instead}
                  </button>
                ))}
              </span>
            )}
          </div>
        )}
        {!fault && note && open && <p className={styles.note}>{note}</p>}
        {focused && props.reading}
      </div>
    </div>
  )
}

interface OptionProps {
  id: string
  suggestion: Suggestion
  chosen: boolean
  onAccept: (suggestion: Suggestion) => void
}

function Option({ id, suggestion, chosen, onAccept }: OptionProps) {
  return (
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={styles.option}
      // Before the blur of the input, which would close the list.
      onPointerDown={event => {
        event.preventDefault()
        onAccept(suggestion)
      }}
    >
      <span className={styles.optionLabel}>{suggestion.label}</span>
      <span className={styles.optionNote}>{suggestion.note}</span>
    </div>
  )
}

interface UnderlineProps {
  text: string
  parts: readonly { start: number; end: number }[]
  scroll: number
  kind: 'wrong' | 'doubtful'
}

/** A wavy line under parts, drawn by the same text in the same place without colour. */
function Underline({ text, parts, scroll, kind }: UnderlineProps) {
  let at = 0
  const pieces = parts.map(({ start, end }) => {
    const before = text.slice(at, start)
    at = Math.max(end, start + 1)
    return { start, before, marked: start >= text.length ? '\u00A0\u00A0' : text.slice(start, at) }
  })
  return (
    <div className={styles.underlay} aria-hidden="true">
      <span style={{ transform: `translateX(${-scroll}px)`, display: 'inline-block' }}>
        {pieces.map(piece => (
          <Fragment key={piece.start}>
            {piece.before}
            <mark className={styles[kind]}>{piece.marked}</mark>
          </Fragment>
        ))}
      </span>
    </div>
  )
}
