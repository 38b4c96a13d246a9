import { type RefObject, useEffect, useMemo, useState } from 'react'
import { LuceneOffer } from '../../components/LuceneOffer'
import { later } from '../../components/later'
import { QueryBar } from '../../components/QueryBar'
import type { Answer } from '../../lib/ask/ask'
import { maybeQuestion, questionOf } from '../../lib/ask/typed'
import type { Field } from '../../lib/fields'
import { luceneNote } from '../../lib/kql/notes'
import { queryHints } from '../../lib/query/hints'
import { queryErrorOf } from '../../lib/queryerror'
import type { TimeRange } from '../../lib/time/range'
import { onQuestion, takeQuestion } from '../../state/question'
import { texts } from '../../texts/discover'
import { exampleOf } from './examples'
import type { AskedRange, Subject } from './queries'
import { typedClauses } from './request'
import styles from './SearchBar.module.css'
import type { Language } from './url'
import { useSuggestions } from './useSuggestions'

/** Few searches are questions. */
const Ask = later(() => import('./ask/Ask').then(m => m.Ask))

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
  /** The time of the page as it is chosen. */
  chosenRange: TimeRange
  /** A question was read as a search of events. */
  onAnswer: (answer: Answer) => void
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
  const question = questionOf(draft.text, language)
  const [entered, setEntered] = useState({ question: '', times: 0 })
  const times = entered.question === question ? entered.times : 0
  const { inputRef } = props
  useEffect(() => {
    const take = () => {
      const asked = takeQuestion()
      if (asked === null) return
      setDraft(d => ({ ...d, text: `? ${asked}`, cursor: null, submitted: false }))
      inputRef.current?.focus()
    }
    take()
    return onQuestion(take)
  }, [inputRef])
  const error = useMemo(
    () => (question === null ? faultOf(draft.text, language) : null),
    [draft.text, language, question],
  )
  const fault =
    error !== null && (draft.submitted || !error.unfinished || draft.text === query) ? error : null
  const hints = useMemo(
    () => (question === null ? queryHints(draft.text, language, props.fields) : []),
    [draft.text, language, props.fields, question],
  )
  const completing = question === null ? draft : { text: '', cursor: null }
  const completions = useSuggestions(completing, language, props.fields, props.place, props.range)
  const suggestions =
    question === null && maybeQuestion(draft.text) ? [...completions, offerOf(draft.text)] : completions
  const example = useMemo(() => exampleOf(props.fields, language), [props.fields, language])
  const submit = (text: string) => {
    if (text === draft.text && question !== null) return setEntered({ question, times: times + 1 })
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
      reading={
        question !== null && (
          <Ask
            question={question}
            fields={props.fields}
            place={props.place}
            range={props.chosenRange}
            entered={times}
            onAnswer={answer => {
              setDraft({ ...draftOf(query), text: answer.kql })
              props.onAnswer(answer)
            }}
            onEdit={({ kql }) => setDraft({ ...draft, text: kql, cursor: kql.length })}
          />
        )
      }
      suggestions={suggestions}
      example={example}
      inputRef={props.inputRef}
      onChange={(text, at) =>
        setDraft(d => ({ ...d, text, cursor: at, submitted: d.submitted && d.text === text }))
      }
      onSubmit={submit}
    >
      {language === 'kql' && question === null && <LuceneOffer text={draft.text} onTake={props.onLucene} />}
      <LanguageSwitch language={language} onLanguage={props.onLanguage} />
    </QueryBar>
  )
}

function LanguageSwitch({ language, onLanguage }: Pick<SearchBarProps, 'language' | 'onLanguage'>) {
  return (
    <fieldset className={styles.languages}>
      <legend className="visually-hidden">{texts.queryLanguage}</legend>
      {(['kql', 'lucene'] as const).map(one => (
        <button key={one} type="button" aria-pressed={language === one} onClick={() => onLanguage(one)}>
          {one === 'kql' ? 'KQL' : 'Lucene'}
        </button>
      ))}
    </fieldset>
  )
}

/** Makes the search a question. */
const offerOf = (text: string) => ({
  insert: `? ${text.trim()}`,
  label: `? ${text.trim()}`,
  note: texts.askInPlainWords,
  start: 0,
  end: text.length,
})

const draftOf = (query: string): Draft => ({ text: query, cursor: null, submitted: false, base: query })

const faultOf = (text: string, language: Language) => queryErrorOf(() => typedClauses(text, language))
