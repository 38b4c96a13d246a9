// Whether what is typed into a search is a question. It is part of the first page, which has no grammar of questions yet.

/** The question behind a question mark; null for a search. In Lucene a question mark stands for any character of a word. */
export function questionOf(text: string, language: 'kql' | 'lucene'): string | null {
  const [, blank = '', question] = /^\s*\?(\s*)(.*)$/s.exec(text) ?? []
  if (question === undefined || (language === 'lucene' && blank === '')) return null
  return question
}

/** Words that questions have and searches seldom do. */
const ASKING =
  /\b(how|what|which|who|compare|top|most|slow\w*|fastest|average|total|since|yesterday|today|(last|past|this) (\d+ )?\w+|(per|by) \w+|errors|warnings|failed|failures|over time|rate)\b/i

/** Plain words that could be a question; a text with fields and signs is a search. */
export function maybeQuestion(text: string): boolean {
  return (
    /\S\s+\S/.test(text) &&
    !/[:=<>()*{}[\]\\]/.test(text) &&
    !/\b(AND|OR|NOT)\b/.test(text) &&
    ASKING.test(text)
  )
}
