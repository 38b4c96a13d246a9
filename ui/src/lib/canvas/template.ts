// Values in a text: `{{rows.0.total}}`, `{{total}}` of the first row, `{{#each rows}}…{{/each}}`, `{{#if …}}…{{else}}…{{/if}}`,
// `{{math rows "sum(cost)" 2}}` and `{{format total "0,0"}}`. What is put in is text, and no mark of Markdown.

import { texts } from '../../texts/canvas'
import { CanvasError } from './error'
import { evaluateMath, parseMath } from './math'
import { formatNumeral } from './numeral'
import { type Cell, columnAt, type Datatable } from './values'

const MAX_CHARS = 200_000
const MAX_DEPTH = 10

interface Scope {
  table: Datatable
  /** The row that names mean; null outside of all loops is the first one. */
  row: number | null
}

type Node =
  | { kind: 'text'; text: string }
  | { kind: 'value'; words: string[] }
  | { kind: 'each' | 'if' | 'unless'; words: string[]; body: Node[]; otherwise: Node[] }

const EMPTY: Datatable = { type: 'datatable', columns: [], rows: [] }

/** Throws CanvasError for what is no template. */
export function fillTemplate(text: string, table: Datatable | null): string {
  if (!text.includes('{{')) return text
  const out: string[] = []
  let length = 0
  const put = (part: string) => {
    length += part.length
    if (length > MAX_CHARS) throw new CanvasError(texts.theTextIsLongerThanCharacters(MAX_CHARS))
    out.push(part)
  }
  fill(parse(text), { table: table ?? EMPTY, row: null }, put, 0)
  return out.join('')
}

function parse(text: string): Node[] {
  const root: Node[] = []
  const open: { node: Node & { body: Node[] }; into: Node[] }[] = []
  let into = root
  let end = 0
  for (const m of text.matchAll(/\{\{\{?([^{}]*)\}?\}\}/g)) {
    into.push({ kind: 'text', text: text.slice(end, m.index) })
    end = m.index + m[0].length
    const inside = (m[1] ?? '').trim()
    const opens = /^#(each|if|unless)\b\s*(.*)$/s.exec(inside)
    if (inside.startsWith('!')) continue
    if (opens) {
      if (open.length >= MAX_DEPTH) throw new CanvasError(texts.theTextIsTooDeep)
      const node = {
        kind: opens[1] as 'each' | 'if' | 'unless',
        words: wordsOf(opens[2] ?? ''),
        body: [] as Node[],
        otherwise: [] as Node[],
      }
      into.push(node)
      open.push({ node, into })
      into = node.body
    } else if (inside === 'else' || inside === '^') {
      const top = open.at(-1)
      if (!top || !('otherwise' in top.node)) throw new CanvasError(texts.theTextHasAnElse)
      into = (top.node as { otherwise: Node[] }).otherwise
    } else if (inside.startsWith('/')) {
      const top = open.pop()
      if (top?.node.kind !== inside.slice(1).trim()) throw new CanvasError(texts.theTextClosesNoBlock(inside))
      into = top.into
    } else if (inside.startsWith('#')) throw new CanvasError(texts.textsHaveNoBlockHere(inside))
    else into.push({ kind: 'value', words: wordsOf(inside) })
  }
  const left = open.at(-1)
  if (left) throw new CanvasError(texts.theTextDoesNotClose(left.node.kind))
  into.push({ kind: 'text', text: text.slice(end) })
  return root
}

const wordsOf = (text: string): string[] => text.match(/"[^"]*"|'[^']*'|\[[^\]]*\]|\S+/g) ?? []

const unquoted = (word: string | undefined): string => (word ?? '').replace(/^(["'])(.*)\1$/s, '$2')

function fill(nodes: readonly Node[], scope: Scope, put: (text: string) => void, depth: number) {
  for (const node of nodes) {
    if (node.kind === 'text') put(node.text)
    else if (node.kind === 'value') put(escaped(wordsValue(node.words, scope)))
    else if (node.kind === 'each') {
      if (node.words[0] !== 'rows') throw new CanvasError(texts.eachGoesOverRowsHere)
      if (scope.table.rows.length === 0) fill(node.otherwise, scope, put, depth + 1)
      for (const row of scope.table.rows.keys()) fill(node.body, { ...scope, row }, put, depth + 1)
    } else {
      const holds = Boolean(pathOf(node.words[0] ?? '', scope)) === (node.kind === 'if')
      fill(holds ? node.body : node.otherwise, scope, put, depth + 1)
    }
  }
}

function wordsValue(words: readonly string[], scope: Scope): Cell {
  const [first = '', second = '', third = ''] = words
  if (first === 'math') {
    const value = evaluateMath(parseMath(unquoted(second === 'rows' ? third : second)), scope.table)
    const digits = words[second === 'rows' ? 3 : 2]
    return value === null || digits === undefined ? value : value.toFixed(Math.min(Number(digits) || 0, 12))
  }
  if (first === 'format') {
    const value = second === 'rows' || second.startsWith('math') ? null : pathOf(second, scope)
    return typeof value === 'number' ? formatNumeral(value, unquoted(third)) : value
  }
  if (words.length > 1) throw new CanvasError(texts.textsHaveNoHereThere(first))
  return pathOf(first, scope)
}

/** `rows.0.total`, `rows.[0].total`, `total`, `@index`. */
function pathOf(path: string, scope: Scope): Cell {
  if (path === '@index') return scope.row ?? 0
  const at = columnAt(scope.table, path.replace(/^this\./, ''))
  if (at >= 0) return scope.table.rows[scope.row ?? 0]?.[at] ?? null
  const m = /^rows(?:\.length|\.\[?(\d{1,6})\]?\.(?:\[(.+)\]|(.+)))?$/.exec(path)
  if (path === 'rows' || path === 'rows.length') return scope.table.rows.length
  if (m?.[1] !== undefined) {
    const column = columnAt(scope.table, m[2] ?? m[3] ?? '')
    if (column >= 0) return scope.table.rows[Number(m[1])]?.[column] ?? null
  }
  const names = scope.table.columns.map(c => c.name).join(', ')
  throw new CanvasError(texts.theTextNamesNoColumn(path, names || 'none'))
}

/** Data must not become headings, links or tables. */
function escaped(value: Cell): string {
  if (value === null) return '–'
  return String(value)
    .replace(/[\\`*_~[\]()#|>]/g, c => `\\${c}`)
    .replace(/\s*\n\s*/g, ' ')
}
