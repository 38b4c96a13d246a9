// Lucene's query syntax to a tree, clause by clause as the server reads it (internal/es/lucene):
//
//   clauses    = { [ "AND" | "OR" ] [ "+" | "-" | "!" | "NOT" ] clause }
//   clause     = [ field ":" ] ( "(" clauses ")" | phrase | range | comparison | regexp | word )
//   phrase     = '"' text '"', then ~slop and ^boost in either order
//   range      = ( "[" | "{" ) bound "TO" bound ( "]" | "}" ), comparison = ">" | ">=" | "<" | "<=" value
//   word       = text with * and ?, then ~edits and ^boost
//
// AND and OR have no precedence: they mark the clauses on both sides as wanted or optional.

import { texts } from '../../texts/queries'
import type { Named } from '../query/named'
import { LuceneError } from './error'
import { numberOf, Scanner } from './scan'
import type { Bound, Clause, Node, Occur } from './tree'

/** The server's limit on parentheses inside each other. */
const MAX_NESTING = 50
const MAX_SLOP = 2 ** 31 - 1

type Conjunction = 'and' | 'or' | null

/** Reads a query; throws {@link LuceneError}. A text without any clause is null. */
export function parseLucene(text: string): Node | null {
  return new Parser(text).parse()
}

/** The fields that a query names, in the order of the text; throws {@link LuceneError}. */
export function namedLucene(text: string): Named[] {
  const parser = new Parser(text)
  parser.parse()
  return parser.named
}

class Parser {
  readonly named: Named[] = []
  /** The field that the values being read belong to. */
  private within: Named | null = null
  private readonly scan: Scanner

  constructor(text: string) {
    this.scan = new Scanner(text)
  }

  parse(): Node | null {
    const clauses = this.clauses(0)
    if (!this.scan.ended) throw this.scan.fail(texts.thisClosesNothing, texts.removeIt)
    return clauses.length === 0 ? null : { kind: 'group', field: '', clauses, boost: 1 }
  }

  private clauses(depth: number): Clause[] {
    const { scan } = this
    if (depth > MAX_NESTING) throw scan.fail(texts.nestedTooDeeply)
    const clauses: Clause[] = []
    for (;;) {
      scan.space()
      if (scan.ended || scan.next === ')') return clauses
      const start = scan.at
      const conjunction = this.conjunction()
      if (conjunction !== null && clauses.length === 0) throw this.misplaced(start, texts.nothingStandsBefore)
      scan.space()
      const occur = this.modifier()
      scan.space()
      add(clauses, conjunction, occur, this.clause(depth))
    }
  }

  private conjunction(): Conjunction {
    if (this.scan.operator('&&') || this.scan.operator('AND')) return 'and'
    return this.scan.operator('||') || this.scan.operator('OR') ? 'or' : null
  }

  private modifier(): Occur {
    const { scan } = this
    if (scan.bareSign) return 'should'
    if (scan.has('+')) return 'must'
    return scan.has('-') || scan.has('!') || scan.operator('NOT') ? 'must_not' : 'should'
  }

  private misplaced(start: number, what: string): LuceneError {
    const { scan } = this
    const word = scan.text.slice(start, scan.at)
    return scan.fail(`${what} “${word}”`, texts.putItInQuotationMarks, start, start, scan.at)
  }

  private clause(depth: number): Node {
    const { scan } = this
    const outer = this.within
    const from = scan.at
    const field = this.field()
    if (field !== '') {
      this.within = { field, start: from, end: scan.text.slice(0, scan.at).trimEnd().length - 1, values: [] }
      this.named.push(this.within)
    }
    scan.space()
    const start = scan.at
    const node = this.held(field, depth)
    this.within?.values.push(...valuesOf(node, start, scan.at))
    this.within = outer
    return node
  }

  /** What stands behind a field, or without one. */
  private held(field: string, depth: number): Node {
    const { scan } = this
    if (scan.ended) {
      throw field === ''
        ? scan.fail(texts.theSearchEndsTooEarly, texts.writeAField)
        : scan.fail(texts.aValueIsMissing, texts.writeAValue)
    }
    const start = scan.at
    if (this.conjunction() !== null || scan.operator('NOT'))
      throw this.misplaced(start, field === '' ? texts.aWordIsMissingBefore : texts.aValueIsMissingBefore)
    switch (scan.next) {
      case '(':
        return this.parenthesis(field, depth)
      case '"':
        return this.phrase(field)
      case '[':
      case '{':
        return this.range(field)
      case '>':
      case '<':
        return field === '' ? this.word(field) : this.comparison(field)
      case '/':
        return this.regexp(field) ?? this.word(field)
      default:
        return this.word(field)
    }
  }

  /** A name and a colon, or nothing. */
  private field(): string {
    const start = this.scan.at
    const { text } = this.scan.term(true)
    if (text !== '' && this.scan.hasBehind(':')) return text
    this.scan.at = start
    return ''
  }

  private parenthesis(field: string, depth: number): Node {
    const { scan } = this
    const open = scan.at++
    const clauses = this.clauses(depth + 1)
    if (!scan.has(')')) throw scan.fail(texts.thisIsNeverClosed, texts.addParenthesisAtTheEnd, scan.at, open)
    if (clauses.length === 0)
      throw scan.fail(texts.nothingStandsInTheseParentheses, undefined, scan.at, open, scan.at)
    return { kind: 'group', field, clauses, boost: scan.boost() }
  }

  private word(field: string): Node {
    const { scan } = this
    let sign = ''
    if (scan.bareSign || (field !== '' && /^-\d/.test(scan.text.slice(scan.at, scan.at + 2)))) {
      sign = scan.next
      scan.at++
    }
    const { text, pattern } = scan.term(false)
    if (sign + text === '') throw this.unexpected()
    const { edits, boost } = this.suffixes()
    if (edits && pattern) {
      throw scan.fail(
        texts.aPatternCannotBeFuzzy,
        texts.remove,
        edits.at,
        edits.at - 1,
        edits.at + edits.text.length,
      )
    }
    return { kind: 'word', field, text: sign + text, pattern, fuzzy: edits ? fuzziness(edits) : '', boost }
  }

  private unexpected(): LuceneError {
    const { scan } = this
    const c = String.fromCodePoint(scan.text.codePointAt(scan.at) ?? 0)
    if (c === ':') return scan.fail(texts.noFieldStandsBefore, texts.writeToSearch)
    return scan.fail(texts.cannotStandHere(c), texts.writeToSearchForIt(c))
  }

  /** `~edits` and `^boost`, in either order. */
  private suffixes() {
    const before = this.scan.tilde()
    const boost = this.scan.boost()
    return { edits: before ?? this.scan.tilde(), boost }
  }

  private phrase(field: string): Node {
    const text = this.scan.quoted()
    const { edits, boost } = this.suffixes()
    if (!edits || edits.text === '') return { kind: 'phrase', field, text, slop: 0, boost }
    const slop = numberOf(edits.text)
    if (slop === null || slop > MAX_SLOP) {
      throw wrongTilde(edits, texts.aNumberMustFollowTilde, texts.writeHowFarApart)
    }
    return { kind: 'phrase', field, text, slop: Math.trunc(slop), boost }
  }

  private range(field: string): Node {
    const { scan } = this
    const open = scan.at
    const lowerInclusive = scan.next === '['
    scan.at++
    const lower = this.bound(open, lowerInclusive)
    scan.space()
    if (!scan.has('TO') || !scan.spaceAt(scan.at)) throw this.inRange(open, texts.toIsMissing)
    const upper = this.bound(open, false)
    scan.space()
    if (scan.has(']')) {
      if (upper) upper.inclusive = true
    } else if (!scan.has('}')) {
      throw this.inRange(open, texts.thisRangeIsNeverClosed)
    }
    return { kind: 'range', field, lower, upper, boost: scan.boost() }
  }

  private inRange(open: number, message: string): LuceneError {
    const { scan } = this
    return scan.fail(message, texts.writeItAsARange, scan.at, open, Math.max(scan.at, open + 1))
  }

  private bound(open: number, inclusive: boolean): Bound {
    const { scan } = this
    scan.space()
    if (scan.next === '"') return { text: scan.quoted(), inclusive }
    const text = scan.until(']}')
    if (text === '') throw this.inRange(open, texts.anEndOfThisRange)
    return text === '*' ? null : { text, inclusive }
  }

  private comparison(field: string): Node {
    const { scan } = this
    const lower = scan.next === '>'
    scan.at++
    const inclusive = scan.has('=')
    scan.space()
    const bound = { text: scan.next === '"' ? scan.quoted() : this.comparand(), inclusive }
    return {
      kind: 'range',
      field,
      lower: lower ? bound : null,
      upper: lower ? null : bound,
      boost: scan.boost(),
    }
  }

  /** May begin with a minus and hold colons, as dates do. */
  private comparand(): string {
    const text = this.scan.until(')^')
    if (text === '') throw this.scan.fail(texts.aValueIsMissing, texts.writeANumber)
    return text
  }

  /** Null when the slash encloses nothing, or the second one does not end the word: then it is a path. */
  private regexp(field: string): Node | null {
    const { scan } = this
    const match = /^\/((?:\\[\s\S]|[^/\n\\])+)\/(?=[ \t\n\r\u3000)^]|$)/u.exec(scan.text.slice(scan.at))
    if (!match) return null
    scan.at += match[0].length
    const pattern = (match[1] as string).replace(/\\([\s\S])/gu, (whole, c: string) =>
      c === '/' ? '/' : whole,
    )
    return { kind: 'regexp', field, pattern, boost: scan.boost() }
  }
}

function valuesOf(node: Node, start: number, end: number): Named['values'] {
  switch (node.kind) {
    case 'group':
      return []
    case 'word':
      return [{ text: node.text, start, end, pattern: node.pattern }]
    case 'phrase':
      return [{ text: node.text, start, end, pattern: false }]
    case 'regexp':
      return [{ text: node.pattern, start, end, pattern: true }]
    case 'range':
      return [node.lower, node.upper].flatMap(b => (b ? [{ text: b.text, start, end, pattern: false }] : []))
  }
}

/** Puts a clause behind the others; AND makes the clause before it wanted too. */
function add(clauses: Clause[], conjunction: Conjunction, occur: Occur, node: Node) {
  const last = clauses.at(-1)
  if (last && last.occur !== 'must_not' && conjunction === 'and') last.occur = 'must'
  clauses.push({ occur: occur === 'should' && conjunction === 'and' ? 'must' : occur, node })
}

/** Below 1 it is the share of letters that must be equal, and the server chooses the edits. */
function fuzziness(edits: { text: string; at: number }): string {
  if (edits.text === '' || edits.text.toUpperCase() === 'AUTO') return 'AUTO'
  const value = numberOf(edits.text)
  if (value !== null && value > 0 && value < 1) return 'AUTO'
  if (value === 0 || value === 1 || value === 2) return String(value)
  throw wrongTilde(edits, texts.soManyEditsCannotBe, texts.writeOneOrTwoEdits)
}

const wrongTilde = (edits: { text: string; at: number }, message: string, hint: string) =>
  new LuceneError(message, edits.at, edits.at - 1, edits.at + edits.text.length, hint)
