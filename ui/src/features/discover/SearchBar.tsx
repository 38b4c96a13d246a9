import { type RefObject, useMemo, useState } from 'react'
import { LuceneOffer } from '../../components/LuceneOffer'
import { QueryBar } from '../../components/QueryBar'
import type { Field } from '../../lib/fields'
import { luceneNote } from '../../lib/kql/notes'
import { queryHints } from '../../lib/query/hints'
import { queryErrorOf } from '../../lib/queryerror'
import { exampleOf } from './examples'
import type { AskedRange, Subject } from './queries'
import { typedClauses } from './request'
import styles from './SearchBar.module.css'
import type { Language } from './url'
import { useSuggestions } from './useSuggestions'

export interface SearchBarProps {
  query: string
  language: Language
  fields: Field[]
  /** Where values are suggested from. */
  place: Subject | null
  range: AskedRange | null
  onQuery: (query: string) => void
  onLanguage: (language: Language) => void
  /** Searches for a text as Lucene from now on. */
  onLucene: (query: string) => void
}

interface Draft {
  text: string
  /** Null until the person types or moves the cursor. */
  cursor: number | null
  /** Enter was pressed: now an unfinished text is a fault too. */
  submitted: boolean
  /** The query it was started from. A new one from elsewhere replaces the draft. */
  base: string
}

/** The text being written, which becomes the search with Enter, if it can be read. */
export function SearchBar(props: SearchBarProps & { inputRef: RefObject<HTMLInputElement | null> }) {
  const { query, language, onQuery } = props
  const [draft, setDraft] = useState<Draft>(() => draftOf(query))
  if (draft.base !== query) setDraft(draftOf(query))
  const error = useMemo(() => faultOf(draft.text, language), [draft.text, language])
  const fault =
    error !== null && (draft.submitted || !error.unfinished || draft.text === query) ? error : null
  const hints = useMemo(
    () => queryHints(draft.text, language, props.fields),
    [draft.text, language, props.fields],
  )
  const suggestions = useSuggestions(draft, language, props.fields, props.place, props.range)
  const example = useMemo(() => exampleOf(props.fields, language), [props.fields, language])
  const submit = (text: string) => {
    const wrong = faultOf(text, language) !== null
    setDraft({ ...draft, text, submitted: wrong })
    if (!wrong) onQuery(text.trim())
  }
  return (
    <QueryBar
      value={draft.text}
      pending={draft.text.trim() !== query.trim()}
      fault={
        fault && {
          message: fault.message,
          start: fault.start,
          end: fault.end,
          ...(fault.hint && { hint: fault.hint }),
        }
      }
      note={language === 'kql' ? luceneNote(draft.text) : null}
      hints={hints}
      cursor={draft.cursor}
      suggestions={suggestions}
      example={example}
      inputRef={props.inputRef}
      onChange={(text, at) =>
        setDraft(d => ({ ...d, text, cursor: at, submitted: d.submitted && d.text === text }))
      }
      onSubmit={submit}
    >
      {language === 'kql' && <LuceneOffer text={draft.text} onTake={props.onLucene} />}
      <LanguageSwitch language={language} onLanguage={props.onLanguage} />
    </QueryBar>
  )
}

function LanguageSwitch({ language, onLanguage }: Pick<SearchBarProps, 'language' | 'onLanguage'>) {
  return (
    <fieldset className={styles.languages}>
      <legend className="visually-hidden">Query language</legend>
      {(['kql', 'lucene'] as const).map(one => (
        <button key={one} type="button" aria-pressed={language === one} onClick={() => onLanguage(one)}>
          {one === 'kql' ? 'KQL' : 'Lucene'}
        </button>
      ))}
    </fieldset>
  )
}

const draftOf = (query: string): Draft => ({ text: query, cursor: null, submitted: false, base: query })

const faultOf = (text: string, language: Language) => queryErrorOf(() => typedClauses(text, language))
