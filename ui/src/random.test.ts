// Hostile and unfinished texts: what reads links and searches may refuse them, by its own kind of error only.

import { describe, expect, it } from 'vitest'
import { formatDiscoverUrl, parseDiscoverUrl } from './features/discover/url'
import { completeConsole } from './lib/console/complete'
import { copyAs } from './lib/console/copyas'
import { layOut } from './lib/console/json'
import { parseConsole } from './lib/console/parse'
import { tokenizeConsole } from './lib/console/tokens'
import { fieldsOfMappings } from './lib/fields'
import { formatFilter, parseFilter } from './lib/filters'
import { completeKql } from './lib/kql/complete'
import { kqlToQuery } from './lib/kql/dsl'
import { KqlError } from './lib/kql/error'
import { luceneNote } from './lib/kql/notes'
import { completeLucene } from './lib/lucene/complete'
import { LuceneError } from './lib/lucene/error'
import { parseLucene } from './lib/lucene/parse'
import { printLucene } from './lib/lucene/tree'
import { queryHints } from './lib/query/hints'
import { luceneOffer } from './lib/query/lucene'
import { resolveBound } from './lib/time/datemath'

const FIELDS = fieldsOfMappings([
  { index: 'a', properties: { log_level: { type: 'long' }, a: { properties: { b: { type: 'date' } } } } },
])

const PIECES = [
  'a',
  'log_level',
  '_',
  '.',
  ':',
  ':',
  '>',
  '<=',
  '(',
  ')',
  '{',
  '}',
  '"',
  '\\',
  '\\u',
  '*',
  ' ',
  ' ',
  'and',
  'or',
  'NOT',
  'AND',
  '||',
  'true',
  '1',
  '-',
  '/',
  '//',
  '\n',
  '"a":',
  'GET b',
  '~',
  '!',
  '%',
  '%z',
  '%2C',
  '&',
  '=',
  '#',
  '+',
  ',',
  'f=',
  'columns=',
  'from=',
  'now',
  'now-',
  '15m',
  '/d',
  'é',
  '\u{1F98C}',
  '\u0000',
  '[',
  ']',
  ' TO ',
  '^2',
  'null',
]

/** Texts from one seed, so that a failure comes back. */
function* texts(seed: number, count: number) {
  let state = seed
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
  for (let i = 0; i < count; i++) {
    yield Array.from({ length: next(12) }, () => PIECES[next(PIECES.length)]).join('')
  }
}

describe('random texts', () => {
  it('are read as KQL or refused at a place within them', () => {
    for (const text of texts(1, 20_000)) {
      try {
        JSON.stringify(kqlToQuery(text))
      } catch (error) {
        if (!(error instanceof KqlError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`)
        expect(error.start).toBeGreaterThanOrEqual(0)
        expect(error.start).toBeLessThanOrEqual(error.end)
        expect(error.end).toBeLessThanOrEqual(text.length)
      }
    }
  })
  it('are read as Lucene, printed and read again as the same, or refused at a place within them', () => {
    for (const text of texts(6, 20_000)) {
      try {
        const printed = printLucene(parseLucene(text))
        expect(printLucene(parseLucene(printed)), text).toBe(printed)
      } catch (error) {
        if (!(error instanceof LuceneError)) throw new Error(`${JSON.stringify(text)}: ${String(error)}`)
        expect(error.start).toBeGreaterThanOrEqual(0)
        expect(error.start).toBeLessThanOrEqual(error.end)
        expect(error.end).toBeLessThanOrEqual(text.length)
        expect(error.at).toBeLessThanOrEqual(text.length)
      }
    }
  })
  it('are completed or left alone', () => {
    for (const text of texts(2, 5000)) {
      for (let cursor = 0; cursor <= text.length; cursor++) {
        completeKql(text, cursor)
        completeLucene(text, cursor)
      }
      luceneNote(text)
      luceneOffer(text)
      for (const language of ['kql', 'lucene'] as const) {
        for (const hint of queryHints(text, language, FIELDS)) {
          expect(hint.start, text).toBeLessThanOrEqual(hint.end)
          expect(hint.end, text).toBeLessThanOrEqual(text.length)
        }
      }
    }
  })
  it('are console texts whose tokens lie one behind the other, and are laid out once', () => {
    const nothing = {
      endpoints: [],
      commonParams: [],
      queries: [],
      aggregations: [],
      indices: [],
      fields: [],
    }
    for (const text of texts(7, 10_000)) {
      const written = `GET a\n${text}`
      const { tokens, requests } = parseConsole(written)
      let end = 0
      for (const token of tokens) {
        expect(token.start, written).toBeGreaterThanOrEqual(end)
        expect(token.end, written).toBeGreaterThan(token.start)
        expect(written.slice(end, token.start).trim(), written).toBe('')
        end = token.end
      }
      for (const request of requests) {
        copyAs('Python', [request], 'http://x')
        if (request.fault) continue
        const laid = layOut(request.body, tokenizeConsole(request.body))
        expect(layOut(laid, tokenizeConsole(laid)), written).toBe(laid)
      }
      completeConsole(written, written.length, nothing)
    }
  })
  it('give a state as URLs, which then survives its own URL', () => {
    for (const text of texts(3, 10_000)) {
      const state = parseDiscoverUrl(text)
      expect(parseDiscoverUrl(formatDiscoverUrl(state)), text).toEqual(state)
    }
  })
  it('are filters that survive, or none', () => {
    for (const text of texts(4, 10_000)) {
      const filter = parseFilter(text)
      if (filter) expect(parseFilter(formatFilter(filter)), text).toEqual(filter)
    }
  })
  it('are moments or none', () => {
    for (const text of texts(5, 10_000)) {
      const moment = resolveBound(text, 1_800_000_000_000, 'up')
      if (moment !== null) expect(Number.isFinite(moment), text).toBe(true)
    }
  })
})
