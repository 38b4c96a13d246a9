import { type ReactNode, useMemo } from 'react'
import { lineEnd } from '../lib/lines'
import styles from './CodeEditor.module.css'

/** A coloured part. Kinds are names of colours in the style sheet. */
export interface CodeSpan {
  kind: string
  start: number
  end: number
}

export interface CodeMark {
  start: number
  end: number
}

/** The height of a line in pixels, as in the style sheet. */
export const LINE = 18
/** Lines drawn beyond the view, so that scrolling shows no gaps. */
const AHEAD = 12
/** The width of a column in pixels, nearly. */
const COLUMN = 7.2
/** Characters of a line that are drawn at once: a browser paints nothing of a line of megabytes. */
const MAX_LINE = 4000
/** A quarter of that is drawn to the left of the view, and it moves by as much. */
const STEP = MAX_LINE / 4

interface Props {
  text: string
  starts: number[]
  spans: CodeSpan[]
  marks: CodeMark[]
  active: { from: number; to: number } | null
  view: { top: number; height: number; left: number }
}

/** The lines in view, each with its number and its colours. */
export function CodeLines({ text, starts, spans, marks, active, view }: Props) {
  const first = Math.max(0, Math.floor(view.top / LINE) - AHEAD)
  const last = Math.min(starts.length - 1, Math.ceil((view.top + view.height) / LINE) + AHEAD)
  const column = Math.max(0, Math.floor(view.left / COLUMN / STEP) - 1) * STEP
  const lines = useMemo(() => {
    const out: ReactNode[] = []
    for (let line = first; line <= last; line++) {
      const start = starts[line] as number
      const end = lineEnd(text, starts, line)
      const from = end - start > MAX_LINE ? Math.min(start + column, end) : start
      const to = Math.min(end, from + MAX_LINE)
      out.push(
        <div
          key={line}
          className={styles.line}
          data-active={active !== null && line >= active.from && line <= active.to}
        >
          <span className={styles.lineNumber}>{line + 1}</span>
          <span className={styles.code} style={{ paddingLeft: `${from - start}ch` }}>
            {drawn(text, from, to, spans, firstSpan(spans, from), marks)}
          </span>
        </div>,
      )
    }
    return out
  }, [text, starts, spans, marks, active, first, last, column])
  return (
    <div className={styles.lines} style={{ top: first * LINE }} aria-hidden="true">
      {lines}
    </div>
  )
}

/** The first span that reaches beyond an offset. */
function firstSpan(spans: CodeSpan[], offset: number): number {
  let low = 0
  let high = spans.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle] as CodeSpan).end <= offset) low = middle + 1
    else high = middle
  }
  return low
}

function drawn(
  text: string,
  start: number,
  end: number,
  spans: CodeSpan[],
  from: number,
  marks: CodeMark[],
): ReactNode[] {
  const parts: ReactNode[] = []
  const here = marks.filter(m => m.start < end + 1 && m.end >= start)
  const add = (a: number, b: number, kind: string | null) => {
    for (const [x, y, wrong] of cut(a, b, here)) {
      const part = text.slice(x, y)
      if (kind === null && !wrong) parts.push(part)
      else
        parts.push(
          <span key={x} className={kind === null ? undefined : styles[kind]} data-wrong={wrong || undefined}>
            {part}
          </span>,
        )
    }
  }
  let at = start
  for (let i = from; i < spans.length && (spans[i] as CodeSpan).start < end; i++) {
    const span = spans[i] as CodeSpan
    const a = Math.max(at, span.start)
    const b = Math.min(end, span.end)
    if (a > at) add(at, a, null)
    if (b > a) add(a, b, span.kind)
    at = Math.max(at, b)
  }
  if (at < end) add(at, end, null)
  if (here.some(m => m.start === m.end && m.start === end))
    parts.push(
      <span key="end" data-wrong="true">
        {'\u00A0'}
      </span>,
    )
  return parts
}

/** A part cut where marks begin and end. */
function cut(start: number, end: number, marks: CodeMark[]): [number, number, boolean][] {
  if (marks.length === 0) return [[start, end, false]]
  const bounds = [start, end]
  for (const mark of marks) {
    for (const bound of [mark.start, mark.end]) if (bound > start && bound < end) bounds.push(bound)
  }
  bounds.sort((a, b) => a - b)
  return bounds
    .slice(0, -1)
    .map((a, i) => [
      a,
      bounds[i + 1] as number,
      marks.some(m => m.start <= a && m.end >= (bounds[i + 1] as number)),
    ])
}
