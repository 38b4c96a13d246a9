import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { backspace, type Edit, indent, newLine, toggleComment, typed } from '../lib/console/editing'
import { columnsOf, lineAt, lineStarts, placeOf } from '../lib/lines'
import { texts } from '../texts/components'
import styles from './CodeEditor.module.css'
import { CodeLines, type CodeMark, type CodeSpan, LINE } from './CodeLines'

export interface EditorCompletion {
  start: number
  end: number
  candidates: { insert: string; label: string; note?: string; back?: number }[]
}

export interface EditorHandle {
  focus: () => void
  /** Replaces a part of the text as if it were typed, so that it can be undone. */
  edit: (edit: Edit) => void
  /** Sets the cursor and brings it into view. */
  select: (from: number, to: number) => void
}

interface Props {
  label: string
  value: string
  spans: CodeSpan[]
  /** Parts that are wrong, underlined. */
  marks?: CodeMark[]
  /** Lines that belong together at the cursor, from first to last. */
  active?: { from: number; to: number } | null
  readOnly?: boolean
  placeholder?: string
  complete?: (text: string, cursor: number) => EditorCompletion | null
  /** Keys with Ctrl or ⌘; true says that the key is taken. */
  onCommand?: (event: KeyboardEvent) => boolean
  onChange?: (text: string) => void
  onSelect?: (from: number, to: number) => void
  handle?: Ref<EditorHandle>
  /** What lies over a corner, such as buttons. */
  children?: ReactNode
}

const NONE: never[] = []
/** Letters after which suggestions come by themselves. */
const SUGGESTS = /[\w/?&".*-]/
/** Space that a list of suggestions needs. */
const LIST_HEIGHT = 220

/** Wide enough for the longest suggestion, within limits; a letter takes about 7 pixels. */
function widthOf(candidates: EditorCompletion['candidates']): number {
  const letters = candidates.reduce((most, c) => Math.max(most, c.label.length + (c.note?.length ?? 0)), 0)
  return Math.min(460, Math.max(200, letters * 7 + 60))
}

const viewOf = (element: HTMLElement) => ({
  top: element.scrollTop,
  height: element.clientHeight,
  left: element.scrollLeft,
  width: element.clientWidth,
})

/**
 * A text area under coloured text: selection, undo, input methods and screen readers are the browser's own. Only the lines in view are
 * coloured. Tab indents; after Escape it leaves the editor.
 */
export function CodeEditor(props: Props) {
  const { value, readOnly = false, complete, onChange, onSelect } = props
  const scroller = useRef<HTMLDivElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const [view, setView] = useState({ top: 0, height: 600, left: 0, width: 600 })
  const [open, setOpen] = useState(false)
  /** -1 until an arrow key or Ctrl Space chooses: Enter is a line break till then. */
  const [chosen, setChosen] = useState(-1)
  const [cursor, setCursor] = useState(0)
  const leaving = useRef(false)
  const listId = useId()
  const starts = useMemo(() => lineStarts(value), [value])
  const width = useMemo(() => columnsOf(value, starts), [value, starts])
  const completion = useMemo(
    () => (open && complete ? complete(value, cursor) : null),
    [open, complete, value, cursor],
  )
  const candidates = completion?.candidates ?? NONE
  const shown = Math.min(chosen, candidates.length - 1)

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => setView(viewOf(element))
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [])

  const apply = (edit: Edit) => {
    const input = area.current
    if (!input) return
    input.focus()
    input.setSelectionRange(edit.from, edit.to)
    if (edit.insert !== '' || edit.from !== edit.to) {
      // The only way to change a text area that undo knows of.
      const done = document.execCommand(edit.insert === '' ? 'delete' : 'insertText', false, edit.insert)
      if (!done) {
        input.setRangeText(edit.insert, edit.from, edit.to)
        onChange?.(input.value)
      }
    }
    input.setSelectionRange(...edit.select)
    setCursor(edit.select[0])
    onSelect?.(...edit.select)
  }
  const select = (from: number, to: number) => {
    const input = area.current
    const element = scroller.current
    if (!input || !element) return
    input.focus({ preventScroll: true })
    input.setSelectionRange(from, to)
    const top = lineAt(starts, from) * LINE
    if (top < element.scrollTop || top > element.scrollTop + element.clientHeight - 2 * LINE)
      element.scrollTo({ top: Math.max(0, top - 3 * LINE) })
    setCursor(from)
    onSelect?.(from, to)
  }
  useImperativeHandle(props.handle, () => ({ focus: () => area.current?.focus(), edit: apply, select }))

  const accept = (at: number) => {
    const candidate = candidates[at]
    if (!completion || !candidate) return
    const end = completion.start + candidate.insert.length - (candidate.back ?? 0)
    apply({ from: completion.start, to: completion.end, insert: candidate.insert, select: [end, end] })
    setChosen(-1)
    setOpen(/[/ "{[]$/.test(candidate.insert.slice(0, candidate.insert.length - (candidate.back ?? 0))))
  }

  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, shiftKey } = event
    const leave = leaving.current
    if (key !== 'Shift') leaving.current = false
    if (event.nativeEvent.isComposing) return
    const take = () => event.preventDefault()
    if (event.ctrlKey || event.metaKey) {
      if (key === ' ' && complete) {
        take()
        setChosen(0)
        setOpen(true)
      } else if (key === '/' && !readOnly) {
        take()
        run(toggleComment)
      } else if (props.onCommand?.(event)) {
        take()
        setOpen(false)
      }
      return
    }
    if (event.altKey || readOnly) return
    if (candidates.length > 0) {
      if (key === 'ArrowDown' || key === 'ArrowUp') {
        take()
        const from = key === 'ArrowUp' && chosen < 0 ? 0 : chosen
        setChosen((from + (key === 'ArrowDown' ? 1 : -1) + candidates.length) % candidates.length)
        return
      }
      if ((key === 'Enter' && shown >= 0) || (key === 'Tab' && !shiftKey)) {
        take()
        accept(Math.max(0, shown))
        return
      }
    }
    if (key === 'Escape') {
      take()
      if (candidates.length > 0) setOpen(false)
      else leaving.current = true
    } else if (key === 'Tab' && !leave) {
      take()
      run((text, from, to) => indent(text, from, to, shiftKey))
    } else if (key === 'Enter') {
      take()
      run(newLine)
      setOpen(false)
    } else if (key === 'Backspace') {
      if (run(backspace)) take()
    } else if (key.length === 1 && run((text, from, to) => typed(text, from, to, key))) {
      take()
      if (SUGGESTS.test(key)) openList()
    }
  }
  const run = (change: (text: string, from: number, to: number) => Edit | null): boolean => {
    const input = area.current
    const edit = input && change(input.value, input.selectionStart, input.selectionEnd)
    if (edit) apply(edit)
    return Boolean(edit)
  }
  const openList = () => {
    setChosen(-1)
    setOpen(true)
  }
  const follow = (input: HTMLTextAreaElement) => {
    setCursor(input.selectionStart)
    onSelect?.(input.selectionStart, input.selectionEnd)
  }

  const place = placeOf(value, starts, completion?.start ?? 0)
  const listWidth = useMemo(() => widthOf(candidates), [candidates])
  const below = (place.line + 1) * LINE - view.top + LIST_HEIGHT < view.height
  return (
    <div className={styles.editor}>
      <div
        className={styles.scroller}
        ref={scroller}
        onScroll={event => setView(viewOf(event.currentTarget))}
      >
        <div
          className={styles.page}
          style={{ height: starts.length * LINE + LINE, minWidth: `calc(${width + 2}ch + var(--gutter))` }}
        >
          <CodeLines
            text={value}
            starts={starts}
            spans={props.spans}
            marks={props.marks ?? NONE}
            active={props.active ?? null}
            view={view}
          />
          <textarea
            ref={area}
            className={styles.area}
            value={value}
            aria-label={props.label}
            aria-multiline="true"
            aria-autocomplete={complete ? 'list' : undefined}
            aria-controls={candidates.length > 0 ? listId : undefined}
            aria-activedescendant={shown >= 0 ? `${listId}-${shown}` : undefined}
            aria-invalid={(props.marks?.length ?? 0) > 0}
            placeholder={props.placeholder}
            readOnly={readOnly}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="off"
            wrap="off"
            onChange={event => {
              const input = event.currentTarget
              onChange?.(input.value)
              follow(input)
              const native = event.nativeEvent as InputEvent
              if (native.inputType === 'insertText' && native.data !== null && SUGGESTS.test(native.data))
                openList()
              else if (native.inputType !== 'deleteContentBackward') setOpen(false)
            }}
            onSelect={event => follow(event.currentTarget)}
            onPointerDown={() => setOpen(false)}
            onBlur={() => setOpen(false)}
            onKeyDown={press}
          />
          {completion && candidates.length > 0 && (
            <div
              className={styles.list}
              id={listId}
              role="listbox"
              aria-label={texts.suggestions}
              style={{
                left: `min(var(--gutter) + ${place.column}ch, ${Math.max(0, view.left + view.width - listWidth - 8)}px)`,
                width: listWidth,
                top: below ? (place.line + 1) * LINE + 2 : undefined,
                bottom: below ? undefined : `calc(100% - ${place.line * LINE - 2}px)`,
              }}
            >
              {candidates.map((candidate, i) => (
                <Suggestion
                  key={candidate.label}
                  id={`${listId}-${i}`}
                  candidate={candidate}
                  chosen={i === shown}
                  onAccept={() => accept(i)}
                />
              ))}
            </div>
          )}
        </div>
      </div>
      {props.children}
    </div>
  )
}

interface SuggestionProps {
  id: string
  candidate: EditorCompletion['candidates'][number]
  chosen: boolean
  onAccept: () => void
}

function Suggestion({ id, candidate, chosen, onAccept }: SuggestionProps) {
  const option = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (chosen) option.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return (
    <div
      ref={option}
      id={id}
      role="option"
      aria-selected={chosen}
      tabIndex={-1}
      className={styles.option}
      // Before the blur of the text, which would close the list.
      onPointerDown={event => {
        event.preventDefault()
        onAccept()
      }}
    >
      <span className={styles.optionLabel}>{candidate.label}</span>
      {candidate.note && <span className={styles.optionNote}>{candidate.note}</span>}
    </div>
  )
}
