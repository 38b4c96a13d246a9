import { escapeWord } from './tree'

/** A value as Lucene text: bare when it is a plain word, else in quotation marks. */
export function quoteLucene(value: string): string {
  if (/^[\w@][\w.@-]*$/.test(value) && !/^(AND|OR|NOT|TO)$/.test(value)) return value
  return `"${value.replace(/[\\"]/g, '\\$&')}"`
}

/** A field's name as it stands before the colon. */
export const nameLucene = (name: string) => escapeWord(name)
