import { createContext, useContext } from 'react'
import { type FieldFormats, formatField } from '../lib/fieldformats'
import styles from './Formatted.module.css'

/** How the values of each field are written on this page. */
export const Formats = createContext<FieldFormats>(new Map())

/** A value as its field's format wants it; null where it has none. */
export function useFormatted(field: string, value: unknown) {
  const format = useContext(Formats).get(field)
  return format === undefined || value === undefined ? null : formatField(value, format)
}

/** A formatted value: text, a link, or text on a colour. */
export function Formatted({ of }: { of: ReturnType<typeof formatField> }) {
  if (of.href !== undefined) {
    return (
      <a className={styles.link} href={of.href} target="_blank" rel="noreferrer">
        {of.text}
      </a>
    )
  }
  if (of.colour) {
    return (
      <bdi className={styles.colour} style={{ color: of.colour.text, backgroundColor: of.colour.background }}>
        {of.text}
      </bdi>
    )
  }
  return <bdi>{of.text}</bdi>
}
