// What the help sheet shows of each language, and the example in an empty search.

import { chooseBreakdown, type Field, MESSAGE_FIELDS, SERVICE_FIELDS } from '../../lib/fields'
import { LEVEL_FIELDS } from '../../lib/levels'
import { texts } from '../../texts/discover'
import type { Language } from './url'

/** The fields of this view that examples are made of; null where it has none of the kind. */
interface Parts {
  level: string | null
  text: string | null
  word: string | null
  other: string | null
  number: string | null
}

type Row = readonly [text: string, meaning: string]

const KQL = ({ level, text, word, other, number }: Parts): (Row | null)[] => [
  ['timeout', texts.theWordInAnyField],
  level && word ? [`${level}:ERROR and not ${word}:health`, texts.oneConditionAndNotAnother] : null,
  text ? [`${text}:"connection lost"`, texts.thePhrase] : null,
  word ? [`${word}:(one or another)`, texts.oneOfTwo] : null,
  number ? [`${number} > 500`, texts.aComparison] : null,
  other ? [`${other}:*`, texts.hasTheField] : null,
  word ? [`${word}:check*`, texts.beginsWith] : null,
]

const LUCENE = ({ level, text, word, other, number }: Parts): (Row | null)[] => [
  ['timeout', texts.theWordInAnyField],
  level && word ? [`${level}:ERROR AND NOT ${word}:health`, texts.oneConditionAndNotAnother] : null,
  level && word ? [`+${level}:ERROR -${word}:health`, texts.theSameWithSigns] : null,
  text ? [`${text}:"connection lost"~2`, texts.theWordsAtMostTwo] : null,
  word ? [`${word}:(one OR another)`, texts.oneOfTwo] : null,
  number ? [`${number}:[500 TO 1000}`, texts.from500ToBelow1000] : null,
  number ? [`${number}:>500`, texts.aComparison] : null,
  other ? [`_exists_:${other}`, texts.hasTheField] : null,
  word ? [`${word}:check*`, texts.beginsWith] : null,
  text ? [`${text}:tmieout~1`, texts.oneLetterMayDiffer] : null,
  text ? [`${text}:/time(d )?out/`, texts.aRegularExpression] : null,
]

/** What the help sheet shows, of fields that there are here. */
export function examplesOf(fields: readonly Field[], language: Language): { title: string; rows: Row[] } {
  const named = (names: readonly string[], kinds: readonly Field['kind'][]) =>
    names.find(name => fields.some(f => f.name === name && kinds.includes(f.kind))) ?? null
  const first = (fits: (f: Field) => boolean) => fields.find(f => f.searchable && fits(f))?.name ?? null
  const level = named(LEVEL_FIELDS, ['keyword', 'text'])
  const text = named(MESSAGE_FIELDS, ['text']) ?? first(f => f.kind === 'text' && f.name !== level)
  const word =
    named(SERVICE_FIELDS, ['keyword', 'text']) ??
    first(f => f.kind === 'keyword' && f.name !== level && f.name !== text)
  const parts: Parts = {
    level,
    text,
    word,
    other: named(['error_message', 'error.message', 'error'], ['keyword', 'text']) ?? word ?? text,
    number: first(f => f.kind === 'number' && MEASURES.test(f.name)) ?? first(f => f.kind === 'number'),
  }
  const rows = (language === 'kql' ? KQL : LUCENE)(parts).filter(row => row !== null)
  return { title: texts.searchingWith(language === 'kql' ? 'KQL' : 'Lucene'), rows }
}

/** Numbers that people compare, best first. */
const MEASURES = /^(response_time|latency|duration|took|bytes|status|http_status|.*_ms|.*_millis)$/

/** A search that finds something here, from the fields there are; null where none suggests one. */
export function exampleOf(fields: readonly Field[], language: Language): string | null {
  const level = LEVEL_FIELDS.find(name => fields.some(f => f.name === name))
  const group = level === undefined ? chooseBreakdown(fields) : level
  const measure = fields.find(f => f.kind === 'number' && MEASURES.test(f.name))?.name
  const parts = [
    ...(level !== undefined ? [`${level}:ERROR`] : group !== null ? [`${group}:*`] : []),
    ...(measure === undefined ? [] : [language === 'kql' ? `${measure} > 500` : `${measure}:>500`]),
  ]
  return parts.length === 0 ? null : parts.join(language === 'kql' ? ' and ' : ' AND ')
}
