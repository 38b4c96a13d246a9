import type { CSSProperties, ReactNode } from 'react'
import { type GrokResult, partsOf } from '../../lib/grok'
import { texts } from '../../texts/devtools'
import styles from './GrokResult.module.css'

interface Shared {
  text: string
  result: GrokResult
  /** In the order of the line; a field's number and colour come from its place. */
  fields: string[]
  /** The field that the pointer or the focus is on. */
  pointed: string | null
  onPoint: (field: string | null) => void
}

/** The colour of a field, by its place among those of the line. */
const toneOf = (fields: string[], field: string) =>
  ({ '--tone': `var(--series-${(fields.indexOf(field) % 10) + 1})` }) as CSSProperties

/** The text with each part in the colour and under the number of its field; what nothing took is plain. */
export function Marked({ text, result, fields, pointed, onPoint }: Shared) {
  const end = result.stop?.text ?? text.length
  const parts = partsOf(end, result.captures)
  return (
    <p className={styles.marked}>
      {parts.map(({ start, end, field }) => {
        const part = visible(text.slice(start, end))
        if (field === null) {
          const outside = result.match && (end <= result.match.start || start >= result.match.end)
          return (
            <span key={start} className={outside ? styles.outside : undefined}>
              {part}
            </span>
          )
        }
        return (
          <span
            key={start}
            className={styles.part}
            style={toneOf(fields, field)}
            title={field}
            data-pointed={field === pointed}
            onPointerEnter={() => onPoint(field)}
            onPointerLeave={() => onPoint(null)}
          >
            <sup aria-hidden="true">{fields.indexOf(field) + 1}</sup>
            {part}
          </span>
        )
      })}
      {result.stop && (
        <>
          <span className={styles.stop} aria-hidden="true" />
          <mark className={styles.rest}>{visible(text.slice(end)) || ' '}</mark>
        </>
      )}
    </p>
  )
}

/** Line breaks can be seen. */
function visible(text: string): ReactNode {
  const lines = text.split('\n')
  if (lines.length === 1) return text
  return lines.map((line, i) => (
    <span key={i}>
      {i > 0 && (
        <>
          <span className={styles.break}>↵</span>
          {'\n'}
        </>
      )}
      {line}
    </span>
  ))
}

interface StoppedProps {
  stop: { pattern: number; text: number }
  pattern: string
  text: string
}

/** The pattern up to where it matches, and in words what does not match what. */
export function Stopped({ stop, pattern, text }: StoppedProps) {
  const failing = /^(?:%\{[^}]*\}|\\[\s\S]|[\s\S])?/.exec(pattern.slice(stop.pattern))?.[0] ?? ''
  const rest = text.slice(stop.text, stop.text + 24)
  return (
    <div className={styles.stopped}>
      <p className={styles.marked}>
        <span className={styles.taken}>{pattern.slice(0, stop.pattern)}</span>
        <span className={styles.stop} aria-hidden="true" />
        <mark className={styles.rest}>{failing}</mark>
        {pattern.slice(stop.pattern + failing.length)}
      </p>
      <p className={styles.why}>
        <code>{failing === ' ' ? texts.aBlank : failing}</code> {texts.doesNotMatch}{' '}
        {rest === '' ? (
          texts.theEndOfTheText
        ) : (
          <code>{rest + (stop.text + 24 < text.length ? '…' : '')}</code>
        )}
        {stop.pattern === 0 && `; ${texts.nothingOfThePatternDoes}`}
      </p>
    </div>
  )
}

/** Each field with its value and type. */
export function Fields({ result, fields, pointed, onPoint }: Shared) {
  if (result.captures.length === 0) return null
  return (
    <table className={styles.fields}>
      <thead className="visually-hidden">
        <tr>
          <th>{texts.number}</th>
          <th>{texts.field}</th>
          <th>{texts.value}</th>
          <th>{texts.type}</th>
        </tr>
      </thead>
      <tbody>
        {result.captures.map(({ field, value, start, end }, i) => (
          <tr
            key={i}
            style={toneOf(fields, field)}
            data-pointed={field === pointed}
            onPointerEnter={() => onPoint(field)}
            onPointerLeave={() => onPoint(null)}
          >
            <td className={styles.index}>{fields.indexOf(field) + 1}</td>
            <td className={styles.name}>{field}</td>
            <td className={styles.value}>
              {start === end ? <i>{texts.nothing}</i> : visible(String(value))}
            </td>
            <td className={styles.type}>{typeof value === 'number' ? texts.numberWord : texts.textWord}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
