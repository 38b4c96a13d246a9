import { type RefObject, useMemo, useState } from 'react'
import { LuceneOffer } from '../../components/LuceneOffer'
import { QueryBar } from '../../components/QueryBar'
import { luceneNote } from '../../lib/kql/notes'
import { queryErrorOf } from '../../lib/queryerror'
import type { VisQuery } from '../../lib/vis/model'
import { queryClauses } from '../../lib/vis/query'
import { texts } from '../../texts/visualize'
import styles from './SearchBox.module.css'

interface Props {
  query: VisQuery
  inputRef: RefObject<HTMLInputElement | null>
  onQuery: (query: VisQuery) => void
}

/** The page's search: it takes effect with Enter, if it can be read. */
export function SearchBox({ query, inputRef, onQuery }: Props) {
  const [draft, setDraft] = useState({ text: query.query, base: query.query })
  if (draft.base !== query.query) setDraft({ text: query.query, base: query.query })
  const fault = useMemo(
    () => queryErrorOf(() => queryClauses({ ...query, query: draft.text })),
    [draft.text, query],
  )
  const shown = fault !== null && !fault.unfinished
  return (
    <QueryBar
      value={draft.text}
      pending={draft.text.trim() !== query.query.trim()}
      fault={
        shown && fault
          ? {
              message: fault.message,
              start: fault.start,
              end: fault.end,
              ...(fault.hint && { hint: fault.hint }),
            }
          : null
      }
      note={query.language === 'kuery' ? luceneNote(draft.text) : null}
      suggestions={[]}
      inputRef={inputRef}
      onChange={text => setDraft(d => ({ ...d, text }))}
      onSubmit={text => {
        setDraft(d => ({ ...d, text }))
        if (queryErrorOf(() => queryClauses({ ...query, query: text })) === null)
          onQuery({ ...query, query: text.trim() })
      }}
    >
      {query.language === 'kuery' && (
        <LuceneOffer
          text={draft.text}
          onTake={text => onQuery({ ...query, query: text, language: 'lucene' })}
        />
      )}
      <button
        type="button"
        className={styles.language}
        title={texts.theOtherQueryLanguage}
        onClick={() => onQuery({ ...query, language: query.language === 'kuery' ? 'lucene' : 'kuery' })}
      >
        {query.language === 'kuery' ? 'KQL' : 'Lucene'}
      </button>
    </QueryBar>
  )
}
