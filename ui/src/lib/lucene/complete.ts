// What could be written at the cursor of a Lucene text. Works on unfinished text, so it walks over words
// and signs, keeping only what it needs: whether a clause or a value is due, and of which field.

import type { Completion } from '../completion'
import { LuceneError } from './error'
import { Scanner } from './scan'

interface Word {
  text: string
  start: number
  end: number
}

/** What is due where reading stands: a clause, the value of `field`, or whatever joins clauses. */
interface State {
  due: 'clause' | 'value' | 'conjunction'
  /** The field that a colon stands behind. */
  field: string | null
  /** The word that was read last, if a colon could follow it. */
  word: Word | null
  /** The fields of the groups that are open; null for those without. */
  groups: (string | null)[]
}

export function completeLucene(text: string, cursor: number): Completion | null {
  const scan = new Scanner(text.slice(0, cursor))
  const state: State = { due: 'clause', field: null, word: null, groups: [] }
  try {
    for (;;) {
      scan.space()
      if (scan.ended) return between(state, cursor)
      const before = { ...state }
      if (!step(scan, state)) return null
      if (scan.ended && state.word?.end === cursor && state.word !== before.word)
        return within(before, state.word, wordEnd(text, cursor))
    }
  } catch (error) {
    if (error instanceof LuceneError) return null
    throw error
  }
}

/** Suggestions for a word that is being written. */
function within(before: State, word: Word, end: number): Completion {
  const place = { prefix: word.text, start: word.start, end }
  const field = before.due === 'value' ? before.field : (before.groups.at(-1) ?? null)
  return field === null ? { kind: 'field', ...place } : { kind: 'value', ...place, field }
}

/** Suggestions behind white space or a sign. */
function between(state: State, cursor: number): Completion {
  const place = { prefix: '', start: cursor, end: cursor }
  const group = state.groups.at(-1) ?? null
  if (state.due === 'value' && state.field !== null) return { kind: 'value', ...place, field: state.field }
  if (state.due === 'clause' && group !== null) return { kind: 'value', ...place, field: group }
  if (state.due === 'clause') return { kind: 'field', ...place }
  if (state.word !== null && group === null)
    return { kind: 'operator', ...place, start: state.word.end, field: state.word.text }
  return { kind: 'conjunction', ...place }
}

const OPERATORS = ['AND', 'OR', 'NOT', '&&', '||']

/** Goes over one word or sign; false inside something unfinished, where nothing is suggested. */
function step(scan: Scanner, state: State): boolean {
  const { due } = state
  const { next } = scan
  if (next === ':' && state.word) {
    scan.at++
    return become(state, 'value', state.word.text)
  }
  if (next === '(') {
    scan.at++
    state.groups.push(due === 'value' ? state.field : (state.groups.at(-1) ?? null))
    return become(state, 'clause')
  }
  if (next === ')') {
    scan.at++
    state.groups.pop()
    return become(state, 'conjunction')
  }
  if (next === '"') {
    scan.quoted()
    return become(state, 'conjunction')
  }
  if (next === '[' || next === '{') {
    scan.until(']}')
    while (scan.next !== ']' && scan.next !== '}') {
      if (scan.ended) return false
      scan.space()
      scan.until(']}')
    }
    scan.at++
    return become(state, 'conjunction')
  }
  if (scan.tilde() !== null) return become(state, 'conjunction')
  if (next === '^') {
    scan.boost()
    return become(state, 'conjunction')
  }
  if (due === 'value' && (scan.has('>') || scan.has('<'))) {
    scan.has('=')
    return true
  }
  if (OPERATORS.some(o => scan.operator(o)) || scan.has('+') || scan.has('-') || scan.has('!'))
    return become(state, 'clause')
  return word(scan, state)
}

function word(scan: Scanner, state: State): boolean {
  const start = scan.at
  const { text } = scan.term(true)
  if (scan.at === start) scan.at++ // a sign that nothing is suggested around
  const value = state.due === 'value'
  become(state, 'conjunction')
  // The value of a field is not the name of another, but it may be the word at the cursor.
  if (!value || scan.ended) state.word = { text, start, end: scan.at }
  return true
}

function become(state: State, due: State['due'], field: string | null = null): true {
  state.due = due
  state.field = field
  state.word = null
  return true
}

function wordEnd(text: string, cursor: number): number {
  return cursor + (/^[^\s:(){}[\]^"~]*/.exec(text.slice(cursor))?.[0].length ?? 0)
}
