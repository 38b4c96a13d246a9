import { useMemo } from 'react'
import type { Suggestion } from '../../components/QueryBar'
import type { Field } from '../../lib/fields'
import { type Completion, completeKql } from '../../lib/kql/complete'
import { quoteKql } from '../../lib/kql/quote'
import { formatCount } from '../../lib/numbers'
import { type AskedRange, type Subject, type TopValues, useTopValues } from './queries'

const SHOWN = 9
/** Asked for once per field and narrowed here while typing. */
const VALUES = 50

/** What fits at the cursor of a KQL text: fields, then operators, then real values with their counts. */
export function useSuggestions(
  text: string,
  cursor: number | null,
  fields: Field[],
  place: Subject | null,
  range: AskedRange | null,
): Suggestion[] {
  const completion = useMemo(() => (cursor === null ? null : completeKql(text, cursor)), [text, cursor])
  const field = fields.find(f => f.name === completion?.field)
  const values = useTopValues(place, range, field, VALUES, completion?.kind === 'value')
  // Values of the field before would be wrong ones.
  const known = values.isPlaceholderData ? undefined : values.data
  return useMemo(() => {
    if (!completion) return []
    const { start, end, prefix } = completion
    return candidates(completion, fields, field, known)
      .filter(c => c.label.toLowerCase() !== prefix.toLowerCase() || c.insert !== prefix)
      .slice(0, SHOWN)
      .map(c => ({ ...c, start, end }))
  }, [completion, fields, field, known])
}

type Candidate = Pick<Suggestion, 'insert' | 'label' | 'note'>

function candidates(
  completion: Completion,
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
        .map(f => ({ insert: `${f.name}:`, label: f.name, note: f.type }))
    }
    case 'operator': {
      const compare = field?.kind === 'number' || field?.kind === 'date' ? ['>', '>=', '<', '<='] : []
      return [
        ...[': ', ':* '].map(o => ({ insert: o, label: o.trim(), note: o === ': ' ? 'is' : 'exists' })),
        ...compare.map(o => ({ insert: `${o} `, label: o })),
      ]
    }
    case 'value':
      return (values?.values ?? [])
        .filter(v => v.text.toLowerCase().includes(prefix))
        .map(v => ({ insert: `${quoteKql(v.text)} `, label: v.text, note: formatCount(v.count) }))
    case 'conjunction':
      return ['and', 'or'].map(word => ({ insert: `${word} `, label: word }))
  }
}
