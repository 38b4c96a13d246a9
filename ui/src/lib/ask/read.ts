// A question read from left to right: each phrase is understood, asks for nothing by itself, or is left over and said to be.

import { quoteKql } from '../kql/quote'
import type { TimeRange } from '../time/range'
import type { EpochMillis } from '../time/units'
import { amountOf, inUnitOf } from './amounts'
import { type FoundField, fieldAt, isCode, type World } from './nouns'
import {
  BY,
  COMPARE,
  COMPARISONS,
  FAILED,
  LEVEL_WORDS,
  MEASURES,
  type Measure,
  NOT,
  PLAIN,
  SLOW,
  SUPERLATIVES,
  TEXT,
} from './phrases'
import { intervalAt, numberOf, timeAt } from './times'
import { type Condition, errors, failures, isOneOf, levelCondition, nameKql, partAt, valueAt } from './values'
import { singular, type Word, wordsOf } from './words'

/** A phrase and what was made of it; without a meaning it was not understood. */
export interface Phrase {
  start: number
  end: number
  meaning: string | null
}

/** What a question asks for, in the terms of a view. */
export interface Question {
  conditions: Condition[]
  range: TimeRange | null
  /** The times that are compared, the present one first, with their names. */
  compare: { label: string; range: TimeRange }[]
  interval: string | null
  measure: Measure | null
  /** What is measured. */
  measured: string | null
  /** What the answer is broken down by, the outer one first. */
  by: string[]
  /** The first of several, by the measure. */
  top: { size: number | null; order: 'asc' | 'desc' } | null
  phrases: Phrase[]
}

/** Reads a question. Every word is in one phrase, or asks for nothing. */
export function readQuestion(text: string, world: World, now: EpochMillis): Question {
  return new Reader(wordsOf(text), world, now).read()
}

class Reader {
  private at = 0
  private negated = false
  /** A noun that is no measure stands for what is listed or counted. */
  private readonly things: string[] = []
  private comparing = false
  private readonly q: Question = {
    conditions: [],
    range: null,
    compare: [],
    interval: null,
    measure: null,
    measured: null,
    by: [],
    top: null,
    phrases: [],
  }

  constructor(
    private readonly words: Word[],
    private readonly world: World,
    private readonly now: EpochMillis,
  ) {}

  read(): Question {
    this.comparing = this.words.some(w => /^(compare|compared|vs|versus)$/.test(w.text))
    while (this.at < this.words.length) this.next()
    this.settle()
    return this.q
  }

  private next() {
    const word = this.words[this.at] as Word
    const read =
      this.quoted(word) ||
      this.time() ||
      this.interval() ||
      this.negation(word) ||
      this.measureWord() ||
      this.superlative() ||
      this.text() ||
      this.comparison() ||
      this.breakdown() ||
      this.level(word) ||
      this.fieldValue() ||
      this.value() ||
      this.noun() ||
      this.plain(word) ||
      this.part()
    if (!read) this.take(1, null)
  }

  /** Goes on behind some words, and says what they mean. */
  private take(length: number, meaning: string | null): true {
    const first = this.words[this.at] as Word
    const last = this.words[this.at + length - 1] as Word
    const before = this.q.phrases.at(-1)
    // Words beside each other that are not understood are left out together.
    if (meaning === null && before?.meaning === null && before.end === first.start - 1) before.end = last.end
    else this.q.phrases.push({ start: first.start, end: last.end, meaning })
    this.at += length
    return true
  }

  private phraseAt(phrase: string, at = this.at): number {
    const parts = phrase.split(' ')
    return parts.every((part, i) => !this.words[at + i]?.quoted && this.words[at + i]?.text === part)
      ? parts.length
      : 0
  }

  private condition(length: number, { kql, meaning }: Condition): true {
    const not = this.negated
    this.negated = false
    this.q.conditions.push(not ? { kql: `not ${kql}`, meaning: `not ${meaning}` } : { kql, meaning })
    return this.take(length, not ? `not: ${meaning}` : meaning)
  }

  private quoted(word: Word) {
    if (!word.quoted) return false
    const known = valueAt([word], 0, this.world)
    if (known) return this.condition(1, known)
    return this.condition(1, { kql: phraseKql(word.typed), meaning: `the text “${word.typed}”` })
  }

  private time() {
    const joint =
      this.comparing && COMPARE.some(c => this.phraseAt(c))
        ? Math.max(...COMPARE.map(c => this.phraseAt(c)))
        : 0
    const found =
      timeAt(this.words, this.at + joint, this.now) ??
      (joint > 0 ? null : timeAt(this.words, this.at, this.now))
    if (!found) return false
    const length = joint + found.length
    const label = this.words
      .slice(this.at + joint, this.at + length)
      .map(w => w.text)
      .join(' ')
      .replace(/^(in|on|over|during|for|within) /, '')
    if (this.comparing) this.q.compare.push({ label, range: found.value })
    else if (this.q.range) return false
    this.q.range ??= found.value
    return this.take(length, `time: ${found.value.from} to ${found.value.to}`)
  }

  private interval() {
    const found = intervalAt(this.words, this.at)
    if (!found || this.q.interval !== null) return false
    this.q.interval = found.value
    return this.take(found.length, found.value === 'auto' ? 'over time' : `a step of ${found.value}`)
  }

  private negation(word: Word) {
    if (word.quoted || !NOT.has(word.text)) return false
    this.negated = true
    return this.take(1, 'not')
  }

  private measureWord() {
    for (const [phrase, measure] of MEASURES) {
      const length = this.phraseAt(phrase)
      if (length === 0 || this.q.measure !== null) continue
      if (measure === 'error_rate' && errors(this.world) === null) return false
      this.q.measure = measure
      return this.take(length, MEASURE_WORDS[measure])
    }
    return false
  }

  private superlative() {
    const size = this.phraseAt('top')
      ? numberOf(this.words[this.at + 1]?.text)
      : numberOf(this.words[this.at]?.text)
    const lead = size !== undefined && !this.phraseAt('top') ? 1 : 0
    for (const [phrase, noun, order] of SUPERLATIVES) {
      const length = this.phraseAt(phrase, this.at + lead)
      if (length === 0 || this.q.top !== null) continue
      const about = noun === null ? null : this.nounOf(noun)
      if (noun !== null && !about) return false
      this.q.top = { size: size ?? null, order }
      if (about) this.measureBy(about, noun)
      const count = phrase === 'top' && size !== undefined ? 1 : 0
      return this.take(
        lead + length + count,
        `${order === 'desc' ? 'the most' : 'the least'}${about ? ` by ${about}` : ''}${size === undefined ? '' : `, ${size} of them`}`,
      )
    }
    return false
  }

  private measureBy(field: string, noun: string | null) {
    this.q.measured ??= field
    this.q.measure ??= noun === 'cost' ? 'sum' : 'avg'
  }

  /** The number that a noun of ours stands for. */
  private nounOf(noun: string): string | null {
    // "The longest prompts" are those with the greatest prompt_length.
    const next = this.words[this.at + 1]
    const own = next && fieldAt(wordsOf(`${singular(next.text)} ${noun}`), 0, this.world, 'number')
    const found = own?.length === 2 ? own : fieldAt(wordsOf(noun), 0, this.world, 'number')
    return found?.field.name ?? null
  }

  private text() {
    for (const phrase of TEXT) {
      const length = this.phraseAt(phrase)
      const said = this.words[this.at + length]
      if (length === 0 || !said) continue
      return this.condition(length + 1, { kql: phraseKql(said.typed), meaning: `the text “${said.typed}”` })
    }
    return false
  }

  /** `slower than 2 s`, `more than 1000 tokens`, `latency over 500 ms`. */
  private comparison() {
    for (const [phrase, sign, own] of COMPARISONS) {
      const length = this.phraseAt(phrase)
      if (length === 0) continue
      const amount = amountOf(this.words, this.at + length)
      if (!amount) return false
      const behind = fieldAt(this.words, this.at + length + amount.length, this.world, 'number')
      const noun = own !== null && (this.q.measured === null || own === 'latency') ? this.nounOf(own) : null
      const field =
        noun ??
        behind?.field.name ??
        this.q.measured ??
        (amount.millis !== null ? this.nounOf('latency') : null)
      if (field === null) return false
      const value = amount.millis === null ? amount.value : inUnitOf(field, amount.millis)
      // The noun before it was what is compared.
      if (this.q.measure === null && this.q.measured === field) this.q.measured = null
      const taken = noun === null && behind?.field.name === field ? behind.length : 0
      return this.condition(length + amount.length + taken, {
        kql: `${nameKql(field)} ${sign} ${value}`,
        meaning: `${field} ${sign} ${value}`,
      })
    }
    return false
  }

  private breakdown() {
    for (const phrase of BY) {
      const length = this.phraseAt(phrase)
      if (length === 0) continue
      const found = fieldAt(this.words, this.at + length, this.world, null)
      const { field } = found ?? {}
      // "By errors" is how many of them there are.
      const level = LEVEL_WORDS[singular(this.words[this.at + length]?.text ?? '')]
      if (!found || !field || (level && found.length === 1)) continue
      if (field.kind === 'number' && !isCode(field)) {
        this.q.measured = field.name
        if (this.q.measure === null || this.q.measure === 'count')
          this.q.measure = additive(field.name) ? 'sum' : 'avg'
        return this.take(length + found.length, `measured: ${field.name}`)
      }
      this.addBy(field.aggregateOn ?? field.name)
      this.take(length + found.length, `by ${field.name}${alternatives(found)}`)
      this.andBy()
      return true
    }
    return false
  }

  /** `by service and model`. */
  private andBy() {
    while (this.phraseAt('and') || this.phraseAt('then')) {
      const found = fieldAt(this.words, this.at + 1, this.world, 'value')
      if (!found) return
      this.addBy(found.field.aggregateOn ?? found.field.name)
      this.take(1 + found.length, `by ${found.field.name}`)
    }
  }

  private addBy(field: string) {
    if (!this.q.by.includes(field)) this.q.by.push(field)
  }

  private level(word: Word) {
    if (word.quoted) return false
    if (SLOW.has(word.text)) {
      const field = this.nounOf('latency')
      if (field === null || this.q.top !== null) return false
      this.q.top = { size: null, order: 'desc' }
      this.measureBy(field, 'latency')
      return this.take(1, `the most by ${field}`)
    }
    if (FAILED.has(word.text) || FAILED.has(singular(word.text))) {
      const condition = failures(this.world)
      return condition !== null && this.condition(1, condition)
    }
    const levels = LEVEL_WORDS[singular(word.text)]
    // "Error type" and "info" of something are fields.
    if (levels === undefined || (fieldAt(this.words, this.at, this.world, null)?.length ?? 0) > 1)
      return false
    const condition = word.text.startsWith('error') ? errors(this.world) : levelCondition(levels, this.world)
    if (condition === null) return false
    if (
      word.text === 'errors' &&
      this.q.top !== null &&
      this.q.measured === null &&
      this.things.length === 0
    ) {
      const kind = ['error type', 'exception', 'error message', 'error'].flatMap(
        noun => fieldAt(wordsOf(noun), 0, this.world, 'value') ?? [],
      )[0]
      if (kind) this.things.push(kind.field.aggregateOn ?? kind.field.name)
    }
    return this.condition(1, condition)
  }

  /** A field with its value: `user user_28b5`, `status 500`. */
  private fieldValue() {
    const found = fieldAt(this.words, this.at, this.world, null)
    if (!found) return false
    let behind = this.at + found.length
    for (const joint of ['is', '=', 'equals', 'called', 'named', 'of'])
      if (this.phraseAt(joint, behind)) behind += 1
    const said = this.words[behind]
    if (!said) return false
    const { field } = found
    const on = field.aggregateOn ?? field.name
    if (field.kind === 'number') {
      const hundreds = /^([1-5])xx$/.exec(said.text)
      if (hundreds && isCode(field)) {
        const from = Number(hundreds[1]) * 100
        const name = nameKql(field.name)
        return this.condition(behind + 1 - this.at, {
          kql: `(${name} >= ${from} and ${name} < ${from + 100})`,
          meaning: `${field.name} is ${from} to ${from + 99}`,
        })
      }
      if (!isCode(field) || !/^\d+$/.test(said.text)) return false
      return this.condition(behind + 1 - this.at, isOneOf(field.name, [said.text]))
    }
    const known = valueAt(this.words, behind, this.world, on)
    return known !== null && this.condition(behind - this.at + known.length, known)
  }

  private value() {
    const word = this.words[this.at] as Word
    const known = valueAt(this.words, this.at, this.world)
    if (!known || (known.length === 1 && PLAIN.has(word.text))) return false
    // What is a noun of the view too is the noun: a tool called "model" is meant by its field's name.
    const noun = fieldAt(this.words, this.at, this.world, null)
    if (noun && noun.length >= known.length && word.typed === word.text && !/[\d_-]/.test(word.text))
      return false
    this.condition(known.length, known)
    while (this.phraseAt('or')) {
      const next = valueAt(this.words, this.at + 1, this.world)
      const last = this.q.conditions.at(-1)
      if (!next || !last) break
      this.q.conditions.pop()
      const [, not = '', before = last.kql] = /^(not )?(.*)$/.exec(last.kql) ?? []
      const either = `(${before.replace(/^\((.*)\)$/, '$1')} or ${next.kql})`
      this.q.conditions.push({ kql: not + either, meaning: `${last.meaning} or ${next.meaning}` })
      this.take(1 + next.length, `or ${next.meaning}`)
    }
    return true
  }

  /** What is measured, or what is listed. */
  private noun() {
    const word = this.words[this.at] as Word
    if (PLAIN.has(word.text)) return false
    const found = fieldAt(this.words, this.at, this.world, null)
    if (!found) return false
    const { field, length } = found
    const name = field.aggregateOn ?? field.name
    if (field.kind === 'number' && !isCode(field)) {
      if (this.q.measured === null) this.q.measured = name
      return this.take(length, `measured: ${field.name}${alternatives(found)}`)
    }
    this.things.push(name)
    return this.take(length, `${field.name}${alternatives(found)}`)
  }

  private plain(word: Word) {
    if (word.quoted || !PLAIN.has(word.text)) return false
    this.at += 1
    return true
  }

  /** A word of a value: what it has of others is said too. */
  private part() {
    const found = partAt(this.words, this.at, this.world)
    return found !== null && this.condition(found.length, found)
  }

  /** Puts together what the phrases left open. */
  private settle() {
    const { q, things } = this
    if (q.measured !== null && (q.measure === null || q.measure === 'count' || q.measure === 'sum')) {
      if (
        q.measure !== null ||
        q.top !== null ||
        q.interval !== null ||
        q.by.length > 0 ||
        q.compare.length > 1
      )
        q.measure = additive(q.measured) ? 'sum' : 'avg'
    } else if (q.measure === 'sum' && q.measured === null) q.measure = 'count'
    if (q.measure === 'count' || q.measure === 'unique') {
      const [thing] = things
      // "How many users" counts users; "how many errors by user" errors.
      if (thing !== undefined && q.measured === null && q.top === null && !q.by.includes(thing)) {
        q.measure = 'unique'
        q.measured = thing
        things.shift()
      } else if (q.measure === 'unique' && q.measured === null) q.measure = 'count'
    }
    if (things.length > 0 && (q.top !== null || q.measure !== null))
      for (const thing of things) this.addBy(thing)
    else if (things.length > 0 && q.by.length === 0) this.addBy(things[0] as string)
    if (q.compare.length < 2) q.compare = []
    if (q.top !== null && q.measure === null && q.by.length > 0) q.measure = 'count'
    if (q.interval !== null && q.measure === null) q.measure = 'count'
    if (q.compare.length > 0 && q.measure === null) q.measure = 'count'
  }
}

const alternatives = ({ others }: FoundField) => (others.length > 0 ? `, not ${others.join(' or ')}` : '')

const phraseKql = (text: string) =>
  /^[\p{L}\p{N}_]+$/u.test(text) ? quoteKql(text) : `"${text.replace(/[\\"]/g, '\\$&')}"`

/** Numbers whose sum means something. */
const additive = (field: string) => /(cost|price|usd|amount|token|bytes|count|total|size|sum)/i.test(field)

const MEASURE_WORDS: Record<Measure, string> = {
  count: 'how many',
  sum: 'the sum',
  avg: 'the average',
  min: 'the least',
  max: 'the greatest',
  median: 'the median',
  p90: 'the 90th percentile',
  p95: 'the 95th percentile',
  p99: 'the 99th percentile',
  unique: 'how many different',
  error_rate: 'the share of errors',
}
