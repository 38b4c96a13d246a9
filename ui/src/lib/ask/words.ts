// A question as words with their places.

export interface Word {
  /** In lower case, without the signs around it. */
  text: string
  /** As it was typed. */
  typed: string
  /** It stood in quotation marks: text to be found as it is. */
  quoted: boolean
  start: number
  end: number
}

/** The words of a text. Quotation marks hold several together; punctuation at their edges is none of theirs. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = []
  for (const match of text.matchAll(/"([^"]*)"|“([^”]*)”|(?:>=|<=|[<>])|[^\s"“”<>]+/g)) {
    const quoted = match[1] ?? match[2]
    if (quoted !== undefined) {
      if (quoted.trim() !== '')
        words.push(word(quoted.trim(), match.index, match.index + match[0].length, true))
      continue
    }
    const bare = match[0].replace(/^[([{'‘]+/, '')
    const typed = bare.replace(/(?:['’]s)?[?!.,;:)\]}'’]+$/, '').replace(/['’]s$/, '')
    const start = match.index + match[0].length - bare.length
    if (typed !== '') words.push(word(typed, start, start + typed.length, false))
  }
  return words
}

const word = (typed: string, start: number, end: number, quoted: boolean): Word => ({
  text: typed.toLowerCase(),
  typed,
  quoted,
  start,
  end,
})

/** One of several things: `queries` are `query`, `statuses` are `status`. */
export function singular(word: string): string {
  if (/(ss|us|is)$/.test(word) || word.length < 3) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(sses|shes|ches|xes|uses)$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** The words in a name: `inference_metrics.latencyMs` has four. */
export const partsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}@]+/u)
    .filter(Boolean)
    .map(singular)
