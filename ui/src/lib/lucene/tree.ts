// The tree of a Lucene query and its canonical text, the same as the server's (internal/es/lucene).

export type Occur = 'should' | 'must' | 'must_not'

export interface Clause {
  occur: Occur
  node: Node
}

/** One end of a range; null is open. */
export type Bound = { text: string; inclusive: boolean } | null

/** `field` is empty where none is named; a boost is 1 unless given. */
export type Node =
  | { kind: 'group'; field: string; clauses: Clause[]; boost: number }
  /**
   * A term, a prefix or a pattern. In a pattern a backslash stays before a literal star, question mark or backslash.
   * `fuzzy` is the edits allowed: '' for none, 'AUTO', or a number.
   */
  | { kind: 'word'; field: string; text: string; pattern: boolean; fuzzy: string; boost: number }
  | { kind: 'phrase'; field: string; text: string; slop: number; boost: number }
  | { kind: 'range'; field: string; lower: Bound; upper: Bound; boost: number }
  | { kind: 'regexp'; field: string; pattern: string; boost: number }

/** Prints a tree so that the parser reads an equal one. Null, the empty search, is an empty text. */
export function printLucene(node: Node | null): string {
  if (node === null) return ''
  if (node.kind === 'group' && node.field === '' && node.boost === 1) return clauses(node.clauses)
  return print(node)
}

function print(node: Node): string {
  const field = node.field === '' ? '' : `${escapeWord(node.field, '*?')}:`
  return field + body(node) + (node.boost === 1 ? '' : `^${decimal(node.boost)}`)
}

function body(node: Node): string {
  switch (node.kind) {
    case 'group':
      return `(${clauses(node.clauses)})`
    case 'word': {
      const fuzzy = node.fuzzy === '' ? '' : `~${node.fuzzy === 'AUTO' ? '' : node.fuzzy}`
      return escapeWord(node.text, node.pattern ? '*?\\' : '') + fuzzy
    }
    case 'phrase':
      return quote(node.text) + (node.slop > 0 ? `~${node.slop}` : '')
    case 'range': {
      const opening = node.lower && !node.lower.inclusive ? '{' : '['
      const closing = node.upper && !node.upper.inclusive ? '}' : ']'
      const bound = (b: Bound) => (b === null ? '*' : quote(b.text))
      return `${opening}${bound(node.lower)} TO ${bound(node.upper)}${closing}`
    }
    case 'regexp':
      return `/${node.pattern.replaceAll('/', '\\/')}/`
  }
}

const SIGNS: Record<Occur, string> = { should: '', must: '+', must_not: '-' }

const clauses = (list: Clause[]) => list.map(c => SIGNS[c.occur] + print(c.node)).join(' ')

const quote = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`

/** Everything with a meaning outside quotation marks, white space included. */
const SPECIAL = /[+\-!(){}[\]^"~*?:\\/&|<>= \t\n\r\u3000]/g

/** A word with a backslash before special characters other than those of `keep`, and before operators. */
export function escapeWord(text: string, keep = ''): string {
  const escaped = text.replace(SPECIAL, c => (keep.includes(c) ? c : `\\${c}`))
  return /^(AND|OR|NOT|TO)$/.test(text) ? `\\${escaped}` : escaped
}

/** A number without an exponent, which the syntax lacks. */
function decimal(value: number): string {
  const [, digits = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    String(value),
  ) as RegExpExecArray
  const point = digits.length + Number(exponent)
  const all = digits + fraction
  if (point <= 0) return `0.${'0'.repeat(-point)}${all}`
  if (point >= all.length) return all.padEnd(point, '0')
  return `${all.slice(0, point)}.${all.slice(point)}`
}
