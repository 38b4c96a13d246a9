// Values that a question names: those that events have, by the whole and by a part of them.

import { quoteKql } from '../kql/quote'
import { LEVEL_FIELDS, type Level, levelOf } from '../levels'
import type { KnownValue, World } from './nouns'
import { partsOf, singular, type Word } from './words'

export interface Condition {
  kql: string
  /** What it says, for people. */
  meaning: string
}

export interface FoundCondition extends Condition {
  length: number
}

const bare = (text: string) => text.toLowerCase().replace(/[\s_.-]/g, '')

/** A name as KQL reads it. */
export const nameKql = (name: string) => name.replace(/[\\():<>"*{} ]/g, '\\$&')

/** One of several values of a field. */
export function isOneOf(field: string, values: readonly string[]): Condition {
  const listed = values.map(quoteKql)
  const kql =
    values.length === 1 ? `${nameKql(field)}: ${listed[0]}` : `${nameKql(field)}: (${listed.join(' or ')})`
  return { kql, meaning: `${field} is ${values.join(' or ')}` }
}

/** Fields that people name their things by come before those that hold the same in passing. */
const rank = (v: KnownValue) => (v.field.includes('.') ? 1 : 0)

const best = (found: KnownValue[]) => found.sort((a, b) => rank(a) - rank(b) || b.count - a.count)

/** The value that up to five words from `at` on are, whatever stands between them: `restaurant booking` is `restaurant-booking`. */
export function valueAt(
  words: readonly Word[],
  at: number,
  world: World,
  field?: string,
): FoundCondition | null {
  for (let length = Math.min(5, words.length - at); length > 0; length--) {
    const said = words.slice(at, at + length)
    const text = bare(said.map(w => w.typed).join(''))
    if (text.length < 2) continue
    const found = world.values.filter(
      v => bare(v.value) === text && (field === undefined || v.field === field),
    )
    const [first] = best(found)
    if (!first) continue
    const others = [...new Set(found.map(v => v.field))].filter(name => name !== first.field)
    const condition = isOneOf(first.field, [first.value])
    const also = others.length > 0 ? ` (a value of ${others.slice(0, 3).join(', ')} too)` : ''
    return { ...condition, meaning: condition.meaning + also, length }
  }
  return null
}

/** Words that stand for others in names of services, events and errors. */
const ALIKE: Record<string, readonly string[]> = {
  login: ['login', 'logon', 'signin', 'auth', 'authentication', 'oauth'],
  signin: ['signin', 'login', 'logon', 'auth', 'authentication'],
  logon: ['logon', 'login', 'auth', 'authentication'],
  authentication: ['authentication', 'auth', 'oauth', 'login'],
  payment: ['payment', 'checkout', 'billing'],
  reservation: ['reservation', 'booking'],
}

/** More values are no thing that a word names. */
const MOST_PARTS = 6

/** The values of one field that have the word in them: `logins` are those of `auth-service`. */
export function partAt(words: readonly Word[], at: number, world: World): FoundCondition | null {
  const said = words[at]
  if (!said || said.quoted || said.text.length < 3) return null
  const noun = singular(said.text.replace(/-/g, ''))
  for (const part of ALIKE[noun] ?? [noun]) {
    const byField = new Map<string, KnownValue[]>()
    for (const v of world.values)
      if (partsOf(v.value).includes(part)) byField.set(v.field, [...(byField.get(v.field) ?? []), v])
    const [named] = [...byField.values()]
      .filter(values => values.length <= MOST_PARTS)
      .sort((a, b) => rank(a[0] as KnownValue) - rank(b[0] as KnownValue) || total(b) - total(a))
    if (named)
      return { ...isOneOf((named[0] as KnownValue).field, named.map(v => v.value).sort()), length: 1 }
  }
  return null
}

const total = (values: readonly KnownValue[]) => values.reduce((sum, v) => sum + v.count, 0)

/** Levels at least as bad as errors are errors. */
const BAD: readonly Level[] = ['error', 'fatal']

/** Events of a level; of failures, by status or outcome where there are no levels. */
export function levelCondition(levels: readonly Level[], world: World): Condition | null {
  const names = LEVEL_FIELDS.filter(name => world.fields.some(f => f.name === name))
  for (const name of names) {
    const field = world.fields.find(f => f.name === name)
    const on = field?.aggregateOn ?? name
    const values = world.values.filter(v => v.field === on && levels.includes(levelOf(v.value) as Level))
    if (values.length > 0) return isOneOf(on, values.map(v => v.value).sort())
  }
  const [name] = names
  if (name !== undefined) return isOneOf(name, levels)
  const status = world.fields.find(
    f => f.kind === 'number' && /(^|[._])(status|status_code|response)$/.test(f.name),
  )
  if (levels.includes('error') && status)
    return {
      kql: `${nameKql(status.name)} >= 500`,
      meaning: `${status.name} is 500 or more, as there is no level`,
    }
  return null
}

export const errors = (world: World) => levelCondition(BAD, world)

/** What did not go well: an error, an outcome, or a refusing status. */
export function failures(world: World): Condition | null {
  const outcome = world.values.find(v => /(^|\.)outcome$/.test(v.field) && /^fail/i.test(v.value))
  return outcome ? isOneOf(outcome.field, [outcome.value]) : errors(world)
}
