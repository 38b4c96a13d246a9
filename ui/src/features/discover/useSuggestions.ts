import { useMemo } from 'react'
import type { Suggestion } from '../../components/QueryBar'
import type { Completion } from '../../lib/completion'
import type { Field } from '../../lib/fields'
import { completeKql } from '../../lib/kql/complete'
import { quoteKql } from '../../lib/kql/quote'
import { completeLucene } from '../../lib/lucene/complete'
import { nameLucene, quoteLucene } from '../../lib/lucene/quote'
import { formatCount } from '../../lib/numbers'
import { texts } from '../../texts/discover'
import { type AskedRange, type Subject, type TopValues, useTopValues } from './queries'
import type { Language } from './url'

const SHOWN = 9
/** Asked for once per field and narrowed here while typing. */
const VALUES = 50

/** How what is chosen is written. */
interface Syntax {
  complete: (text: string, cursor: number) => Completion | null
  name: (field: string) => string
  value: (value: string) => string
  /** What stands behind a name; the comparisons only behind numbers and dates. */
  is: string
  exists: string
  comparison: (operator: string) => string
  conjunctions: string[]
}

const SYNTAXES: Record<Language, Syntax> = {
  kql: {
    complete: completeKql,
    name: field => field,
    value: quoteKql,
    is: ': ',
    exists: ':* ',
    comparison: operator => `${operator} `,
    conjunctions: ['and', 'or'],
  },
  lucene: {
    complete: completeLucene,
    name: nameLucene,
    value: quoteLucene,
    is: ':',
    exists: ':* ',
    comparison: operator => `:${operator}`,
    conjunctions: ['AND', 'OR', 'NOT'],
  },
}

/** What fits at the cursor of a text: fields, then operators, then real values with their counts. */
export function useSuggestions(
  { text, cursor }: { text: string; cursor: number | null },
  language: Language,
  fields: Field[],
  place: Subject | null,
  range: AskedRange | null,
): Suggestion[] {
  const syntax = SYNTAXES[language]
  const completion = useMemo(
    () => (cursor === null ? null : syntax.complete(text, cursor)),
    [syntax, text, cursor],
  )
  const field = fields.find(f => f.name === completion?.field)
  const values = useTopValues(place, range, field, VALUES, completion?.kind === 'value')
  // Values of the field before would be wrong ones.
  const known = values.isPlaceholderData ? undefined : values.data
  return useMemo(() => {
    if (!completion) return []
    const { start, end, prefix } = completion
    return candidates(completion, syntax, fields, field, known)
      .filter(c => c.label.toLowerCase() !== prefix.toLowerCase() || c.insert !== prefix)
      .slice(0, SHOWN)
      .map(c => ({ ...c, start, end }))
  }, [completion, syntax, fields, field, known])
}

type Candidate = Pick<Suggestion, 'insert' | 'label' | 'note'>

function candidates(
  completion: Completion,
  syntax: Syntax,
  fields: Field[],
  field: Field | undefined,
  values: TopValues | undefined,
): Candidate[] {
  const prefix = completion.prefix.toLowerCase()
  switch (completion.kind) {
    case 'field': {
      const named = fields.filter(f => f.searchable && f.name.toLowerCase().includes(prefix))
      const begins = (f: Field) => (f.name.toLowerCase().startsWith(prefix) ? 0 : 1)
      return named
        .sort((a, b) => begins(a) - begins(b))
        .map(f => ({ insert: `${syntax.name(f.name)}:`, label: f.name, note: f.type }))
    }
    case 'operator': {
      const compare = field?.kind === 'number' || field?.kind === 'date' ? ['>', '>=', '<', '<='] : []
      return [
        { insert: syntax.is, label: ':', note: texts.is },
        { insert: syntax.exists, label: ':*', note: texts.exists },
        ...compare.map(o => ({ insert: syntax.comparison(o), label: syntax.comparison(o).trim() })),
      ]
    }
    case 'value':
      return (values?.values ?? [])
        .filter(v => v.text.toLowerCase().includes(prefix))
        .map(v => ({ insert: `${syntax.value(v.text)} `, label: v.text, note: formatCount(v.count) }))
    case 'conjunction':
      return syntax.conjunctions.map(word => ({ insert: `${word} `, label: word }))
  }
}
