// The words of a query in SQL.

import { texts } from '../../../texts/canvas'
import { CanvasError } from '../error'

export interface Token {
  kind: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end'
  text: string
  at: number
}

const MAX_CHARS = 20_000

const PATTERN =
  /\s+|--[^\n]*|\/\*[\s\S]*?\*\/|([A-Za-z_@][\w@.-]*)|"((?:[^"]|"")*)"|`([^`]*)`|'((?:[^']|'')*)'|(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)|(<>|!=|<=|>=|::|[-+*/%(),=<>;?])/iy

export function tokensOf(text: string): Token[] {
  if (text.length > MAX_CHARS) throw new CanvasError(texts.aQueryInSql(MAX_CHARS))
  const out: Token[] = []
  for (let at = 0; at < text.length; ) {
    PATTERN.lastIndex = at
    const m = PATTERN.exec(text)
    if (!m) throw new CanvasError(texts.theSqlCannotBeRead(text.slice(at, at + 20)))
    const [, word, quoted, ticked, literal, number, sign] = m
    if (word !== undefined) out.push({ kind: 'word', text: word, at })
    else if (quoted !== undefined || ticked !== undefined)
      out.push({ kind: 'name', text: (quoted ?? ticked ?? '').replaceAll('""', '"'), at })
    else if (literal !== undefined) out.push({ kind: 'text', text: literal.replaceAll("''", "'"), at })
    else if (number !== undefined) out.push({ kind: 'number', text: number, at })
    else if (sign !== undefined) out.push({ kind: 'sign', text: sign, at })
    at = PATTERN.lastIndex
  }
  return [...out, { kind: 'end', text: '', at: text.length }]
}
