// What the server says of a grok expression, and how its captures colour a text.

import { texts } from '../texts/lib'

export interface Capture {
  field: string
  start: number
  end: number
  value: unknown
}

export interface GrokResult {
  matched: boolean
  event: Record<string, unknown>
  error: string | null
  hint: string | null
  /** The part of the text that the whole expression took. */
  match: { start: number; end: number } | null
  captures: Capture[]
  /** The expression matches up to `pattern` and no further; in the text that is up to `text`. */
  stop: { pattern: number; text: number } | null
}

export interface NamedPattern {
  name: string
  definition: string
}

/** A part of a text with the innermost field it lies in; null for what no field took. */
export interface Part {
  start: number
  end: number
  field: string | null
}

/** Cuts a text where captures begin and end. Of captures inside each other the smaller one counts. */
export function partsOf(length: number, captures: readonly Capture[]): Part[] {
  const bounds = new Set([0, length])
  for (const { start, end } of captures) {
    if (start < end) bounds.add(start).add(end)
  }
  const cuts = [...bounds].sort((a, b) => a - b)
  const parts: Part[] = []
  for (const [i, start] of cuts.slice(0, -1).entries()) {
    const end = cuts[i + 1] as number
    const around = captures.filter(c => c.start <= start && end <= c.end)
    const inner = around.reduce<Capture | null>(
      (least, c) => (least === null || c.end - c.start <= least.end - least.start ? c : least),
      null,
    )
    parts.push({ start, end, field: inner?.field ?? null })
  }
  return parts
}

/** The fields in the order in which they stand in the text, each once. */
export function fieldsOf(captures: readonly Capture[]): string[] {
  const sorted = [...captures].sort((a, b) => a.start - b.start || b.end - a.end)
  return [...new Set(sorted.map(c => c.field))]
}

/** Definitions, one a line: a name, blanks, an expression. Lines with `#` and empty lines are skipped. */
export function parsePatterns(text: string): { patterns: Record<string, string>; fault: string | null } {
  const patterns: Record<string, string> = {}
  for (const [i, line] of text.split('\n').entries()) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const match = /^(\w+)[ \t]+(.+)$/.exec(trimmed)
    if (!match) return { patterns, fault: texts.lineAPatternWants(i + 1) }
    patterns[match[1] as string] = match[2] as string
  }
  return { patterns, fault: null }
}
