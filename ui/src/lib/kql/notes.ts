import { KqlError } from './error'
import { tokenize } from './tokens'

/** How a Lucene comparison (`field:>5`) inside KQL was read, to be shown beside the search; null when there is none. */
export function luceneNote(text: string): string | null {
  try {
    const tokens = tokenize(text)
    const at = tokens.findIndex((t, i) => t.kind === ':' && /^[<>]/.test(tokens[i + 1]?.kind ?? ''))
    const [field, , operator, value] = tokens.slice(Math.max(0, at - 1), at + 3)
    if (at < 1 || !field || !operator || !value) return null
    const part = (t: { start: number; end: number }) => text.slice(t.start, t.end)
    return `${part(field)}:${part(operator)}${part(value)} is Lucene; read as ${part(field)} ${part(operator)} ${part(value)}`
  } catch (error) {
    if (error instanceof KqlError) return null
    throw error
  }
}
