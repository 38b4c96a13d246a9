import { type RefObject, useMemo, useState } from 'react'
import { LuceneOffer } from '../../components/LuceneOffer'
import { QueryBar, type Suggestion } from '../../components/QueryBar'
import type { Views } from '../../lib/dashboard/views'
import type { Field } from '../../lib/fields'
import { completeKql } from '../../lib/kql/complete'
import { luceneNote } from '../../lib/kql/notes'
import { quoteKql } from '../../lib/kql/quote'
import { formatCount } from '../../lib/numbers'
import { queryErrorOf } from '../../lib/queryerror'
import type { VisQuery } from '../../lib/vis/model'
import { queryClauses } from '../../lib/vis/query'
import { texts } from '../../texts/dashboards'
import styles from './DashboardPage.module.css'
import { type Narrowing, useControlValues, useViewFields } from './queries'

interface Props {
  query: VisQuery
  views: Views | null
  narrowing: Narrowing | null
  inputRef: RefObject<HTMLInputElement | null>
  onQuery: (query: VisQuery) => void
}

const SHOWN = 9

/** The search of the whole dashboard, which begins to hold with Enter. */
export function SearchBar({ query, views, narrowing, inputRef, onQuery }: Props) {
  const [draft, setDraft] = useState({ text: query.query, cursor: null as number | null, base: query.query })
  if (draft.base !== query.query) setDraft({ text: query.query, cursor: null, base: query.query })
  const { language } = query
  const error = useMemo(
    () => queryErrorOf(() => void queryClauses({ query: draft.text, language })),
    [draft.text, language],
  )
  const suggestions = useSuggested(draft, language, views, narrowing)
  return (
    <QueryBar
      value={draft.text}
      pending={draft.text.trim() !== query.query.trim()}
      fault={
        error !== null && !error.unfinished
          ? {
              message: error.message,
              start: error.start,
              end: error.end,
              ...(error.hint && { hint: error.hint }),
            }
          : null
      }
      note={language === 'kuery' ? luceneNote(draft.text) : null}
      suggestions={suggestions}
      inputRef={inputRef}
      onChange={(text, cursor) => setDraft(d => ({ ...d, text, cursor }))}
      onSubmit={text => error === null && onQuery({ query: text.trim(), language })}
    >
      {language === 'kuery' && (
        <LuceneOffer text={draft.text} onTake={text => onQuery({ query: text, language: 'lucene' })} />
      )}
      <fieldset className={styles.languages}>
        <legend className="visually-hidden">{texts.queryLanguage}</legend>
        {(['kuery', 'lucene'] as const).map(one => (
          <button
            key={one}
            type="button"
            aria-pressed={language === one}
            onClick={() => onQuery({ ...query, language: one })}
          >
            {one === 'kuery' ? 'KQL' : 'Lucene'}
          </button>
        ))}
      </fieldset>
    </QueryBar>
  )
}

/** Fields, then real values with their counts; of KQL alone, as Lucene's queries come from older dashboards. */
function useSuggested(
  { text, cursor }: { text: string; cursor: number | null },
  language: VisQuery['language'],
  views: Views | null,
  narrowing: Narrowing | null,
): Suggestion[] {
  const view = views?.standard ?? null
  const fields = useViewFields(view?.title ?? null).data ?? NO_FIELDS
  const completion = useMemo(
    () => (cursor === null || language !== 'kuery' ? null : completeKql(text, cursor)),
    [text, cursor, language],
  )
  const name = completion?.kind === 'value' ? (completion.field ?? '') : ''
  const control = {
    id: '',
    kind: 'options' as const,
    title: name,
    field: name,
    view: null,
    chosen: { kind: 'options' as const, values: [], exclude: false },
  }
  const values = useControlValues(control, view, narrowing, name !== '')
  if (completion === null) return []
  const { start, end, kind } = completion
  const prefix = completion.prefix.toLowerCase()
  const options =
    kind === 'field'
      ? fields
          .filter(f => f.searchable && f.name.toLowerCase().includes(prefix))
          .map(f => ({ insert: `${f.name}: `, label: f.name, note: f.type }))
      : kind === 'value' && !values.isPlaceholderData
        ? (values.data?.values ?? [])
            .filter(v => v.text.toLowerCase().includes(prefix))
            .map(v => ({ insert: `${quoteKql(v.text)} `, label: v.text, note: formatCount(v.count) }))
        : []
  return options.slice(0, SHOWN).map(o => ({ ...o, start, end }))
}

const NO_FIELDS: Field[] = []
