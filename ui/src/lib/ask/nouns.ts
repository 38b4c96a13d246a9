// What the nouns of a question mean in a view: its fields, by their names and by what such fields are usually called.

import { canAggregate, type Field, SERVICE_FIELDS } from '../fields'
import { partsOf, singular, type Word } from './words'

/** A value that a field has. */
export interface KnownValue {
  field: string
  value: string
  count: number
}

/** What questions are about. */
export interface World {
  fields: readonly Field[]
  timeField: string | null
  /** The most frequent values of the view's keywords, and those that the question names. */
  values: readonly KnownValue[]
  /** Fields that some events have; null when that is not known. */
  present: ReadonlySet<string> | null
}

export interface FoundField {
  field: Field
  length: number
  /** Others that it could have been. */
  others: string[]
}

/** What is meant by a noun that is in no field's name: names to look for instead, best first. */
const OTHERWISE: Record<string, readonly string[]> = {
  latency: ['response time', 'duration', 'took', 'elapsed', 'request time'],
  'response time': ['latency', 'duration', 'took', 'elapsed'],
  duration: ['response time', 'latency', 'took', 'elapsed'],
  token: ['tokens used', 'total tokens', 'token count'],
  cost: ['total cost', 'price', 'usd', 'amount'],
  spending: ['cost', 'total cost', 'price'],
  user: ['user name', 'username', 'account', 'customer'],
  customer: ['user', 'account'],
  host: ['hostname', 'server', 'node'],
  server: ['host', 'hostname'],
  machine: ['host', 'hostname'],
  endpoint: ['url path', 'url', 'path', 'request', 'route'],
  page: ['url path', 'url', 'path', 'request'],
  url: ['url path', 'path', 'request'],
  ip: ['client ip', 'source ip', 'clientip', 'remote addr'],
  client: ['client ip', 'source ip', 'clientip'],
  country: ['country name', 'country code'],
  browser: ['user agent', 'agent'],
  'status code': ['status', 'response'],
  status: ['status code', 'response'],
  version: ['deployment version', 'app version', 'model version'],
  kind: ['type', 'category'],
  traffic: ['bytes', 'size'],
  size: ['bytes', 'length'],
  application: ['service', 'app'],
  app: ['service', 'application'],
  exception: ['error type', 'exception class'],
  session: ['session id'],
}

/** Nouns that one of several fields is usually meant by, whatever else has the word in its name. */
const USUAL: Record<string, readonly string[]> = {
  service: SERVICE_FIELDS,
  token: ['tokens_used', 'total_tokens', 'usage.total_tokens', 'gen_ai.usage.total_tokens'],
}

export type Wanted = 'number' | 'value'

/** The field that the words from `at` on name, of up to three words; null when there is none. */
export function fieldAt(
  words: readonly Word[],
  at: number,
  world: World,
  wanted: Wanted | null,
): FoundField | null {
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const said = words.slice(at, at + length)
    if (said.some(w => w.quoted)) continue
    const typed = said.map(w => w.typed).join(' ')
    const exact = world.fields.find(f => f.name === typed && fits(f, wanted) && isThere(f, world))
    if (exact) return { field: exact, length, others: [] }
    const found = fieldCalled(
      said.flatMap(w => partsOf(w.typed)),
      world,
      wanted,
    )
    if (found) return { ...found, length }
  }
  return null
}

/** Some event has it, as far as that is known. */
const isThere = (field: Field, world: World) => world.present === null || world.present.has(field.name)

const fits = (field: Field, wanted: Wanted | null) =>
  canAggregate(field) &&
  field.kind !== 'date' &&
  (wanted === null ||
    (field.kind === 'number') === (wanted === 'number') ||
    (wanted === 'value' && isCode(field)))

/** Numbers that stand for something and are not measured. */
export const isCode = (field: Field) =>
  field.kind === 'number' &&
  /(^|[._])(code|status|port|level|id|version|hour|hour_of_day|attempt)$/i.test(field.name)

function fieldCalled(noun: string[], world: World, wanted: Wanted | null): Omit<FoundField, 'length'> | null {
  const key = noun.join(' ')
  const usual = (USUAL[key] ?? []).flatMap(
    name => world.fields.find(f => f.name === name && fits(f, wanted)) ?? [],
  )
  const here = usual.find(f => isThere(f, world))
  if (here) return { field: here, others: [] }
  // What the events have goes before what only the mapping has, also by another name.
  for (const there of [true, false])
    for (const name of [key, ...(OTHERWISE[key] ?? [])]) {
      const wantedParts = name.split(' ').map(singular)
      const rated = world.fields
        .filter(f => fits(f, wanted) && isThere(f, world) === there)
        .map(field => ({ field, points: rate(field.name, wantedParts, world) }))
        .filter(r => r.points > 0)
        .sort((a, b) => b.points - a.points || a.field.name.length - b.field.name.length)
      const [best] = rated
      if (best && best.points >= ENOUGH)
        return {
          field: best.field,
          others: rated.slice(1, 4).flatMap(r => (r.points >= ENOUGH ? r.field.name : [])),
        }
    }
  return null
}

/** Fewer points are a name that only has the word in it somewhere. */
const ENOUGH = 30

/** How well a name fits the parts of a noun. */
function rate(name: string, noun: readonly string[], world: World): number {
  const parts = partsOf(name)
  const last = partsOf(name.slice(name.lastIndexOf('.') + 1))
  const same = (a: readonly string[]) => a.length === noun.length && a.every((p, i) => p === noun[i])
  const begins = (a: readonly string[]) => noun.every((p, i) => a[i] === p)
  const ends = (a: readonly string[]) => noun.every((p, i) => a[a.length - noun.length + i] === p)
  const rest = (a: readonly string[]) => a.slice(noun.length).join(' ')
  const points = same(parts)
    ? 100
    : begins(parts) && /^(name|id|keyword|ms|sec|code|used)$/.test(rest(parts))
      ? 90
      : same(last)
        ? 80
        : begins(last) && /^(name|id|ms|code)$/.test(rest(last))
          ? 75
          : ends(parts)
            ? 60
            : begins(parts)
              ? 40
              : 0
  const absent = world.present === null || world.present.has(name) ? 0 : 50
  return points - absent - (points === 60 && parts.length > noun.length + 2 ? 20 : 0)
}
