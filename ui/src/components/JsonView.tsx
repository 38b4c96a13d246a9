import { Fragment } from 'react'
import styles from './JsonView.module.css'

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)/g

/** JSON with its parts coloured, as text that can be selected and copied. */
export function JsonView({ value }: { value: unknown }) {
  const text = JSON.stringify(value, null, 2)
  const parts = []
  let end = 0
  for (const match of text.matchAll(TOKENS)) {
    const [whole, quoted, colon, number] = match
    const kind =
      colon !== undefined ? styles.key : quoted ? styles.text : number ? styles.number : styles.word
    parts.push(
      <Fragment key={match.index}>
        {text.slice(end, match.index)}
        <span className={kind}>{quoted ?? whole}</span>
        {colon}
      </Fragment>,
    )
    end = match.index + whole.length
  }
  return (
    <pre className={styles.json}>
      {parts}
      {text.slice(end)}
    </pre>
  )
}
