// What can be told of a search before it runs: fields that there are not, values that a field cannot have.

import { texts } from '../../texts/queries'
import type { Field } from '../fields'
import { namedKql } from '../kql/named'
import { namedLucene } from '../lucene/parse'
import { queryErrorOf } from '../queryerror'
import type { Named, NamedValue } from './named'
import { nearestNames } from './nearest'

/** A remark about a part of a text (UTF-16 offsets, end exclusive), and what could stand there instead. */
export interface QueryHint {
  start: number
  end: number
  message: string
  mends: string[]
}

/** Parts of an event that no mapping lists. */
const METADATA = new Set([
  '_id',
  '_index',
  '_source',
  '_ignored',
  '_routing',
  '_field_names',
  '_tier',
  '_type',
])
const SHOWN_NAMES = 3

/** Null where nothing is known of the fields yet. */
export function queryHints(text: string, language: 'kql' | 'lucene', fields: readonly Field[]): QueryHint[] {
  if (fields.length === 0) return []
  const named = language === 'kql' ? namedKql(text) : readLucene(text)
  return named.flatMap(one => {
    if (one.field === '_exists_')
      return one.values.filter(v => !v.pattern).flatMap(v => unknown(v.text, v, fields))
    const missing = unknown(one.field, one, fields)
    return missing.length > 0 ? missing : misfits(one, fields)
  })
}

/** What a failed search may be about, where the server's reason does not name the field. */
export function misfitOf(text: string, language: 'kql' | 'lucene', fields: readonly Field[]): string | null {
  const hint = queryHints(text, language, fields).find(h => h.mends.length === 0)
  return hint?.message ?? null
}

function readLucene(text: string): Named[] {
  let named: Named[] = []
  queryErrorOf(() => {
    named = namedLucene(text)
  })
  return named
}

function unknown(name: string, at: { start: number; end: number }, fields: readonly Field[]): QueryHint[] {
  if (METADATA.has(name) || name.includes('*') || isKnown(name, fields)) return []
  const within = fields.filter(f => f.name.startsWith(`${name}.`)).map(f => f.name)
  // Whether an object is there at all can be asked, its value cannot.
  if (within.length > 0) {
    const values = 'values' in at ? (at as Named).values : []
    if (values.length === 0 || values.every(v => v.pattern)) return []
    return [
      {
        ...placeOf(at),
        message: texts.isNotAValue(name),
        mends: within.slice(0, SHOWN_NAMES),
      },
    ]
  }
  const near = nearestNames(
    name,
    fields.filter(f => f.searchable).map(f => f.name),
  )
  return [{ ...placeOf(at), message: texts.noFieldHereIsNamed(name), mends: near.slice(0, SHOWN_NAMES) }]
}

/** Also for the sub-fields of a field, of which mappings may have any. */
function isKnown(name: string, fields: readonly Field[]): boolean {
  return fields.some(f => f.name === name || name.startsWith(`${f.name}.`))
}

function misfits({ field, values }: Named, fields: readonly Field[]): QueryHint[] {
  const kind = fields.find(f => f.name === field)
  return kind === undefined ? [] : values.flatMap(value => misfit(kind, value))
}

/** What a value must look like, by the kind of its field; what is not listed takes any text. */
const FITS: Partial<Record<Field['kind'], { test: (text: string) => boolean; is: string }>> = {
  number: { test: text => text.trim() !== '' && !Number.isNaN(Number(text)), is: texts.aNumber },
  boolean: { test: text => text === 'true' || text === 'false' || text === '', is: texts.trueOrFalse },
  ip: {
    test: text => /^[\d.]+(?:\/\d+)?$|^[\da-f:.]*:[\da-f:.]*(?:\/\d+)?$/i.test(text),
    is: texts.anAddressOrANetwork,
  },
  date: { test: text => /\d/.test(text) || text.startsWith('now'), is: texts.aDate },
}

function misfit(field: Field, value: NamedValue): QueryHint[] {
  const fits = FITS[field.kind]
  if (!fits || value.pattern || fits.test(value.text)) return []
  return [
    {
      ...placeOf(value),
      message: texts.fieldIsWhichValueIsNot(field.name, fits.is, field.type, value.text),
      mends: [],
    },
  ]
}

const placeOf = ({ start, end }: { start: number; end: number }) => ({ start, end })
