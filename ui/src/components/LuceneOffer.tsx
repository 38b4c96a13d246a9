import { useMemo } from 'react'
import { luceneOffer } from '../lib/query/lucene'
import { texts } from '../texts/components'
import styles from './QueryBar.module.css'

/** Where a text meant as KQL has what only Lucene has: one press that searches for it as Lucene. */
export function LuceneOffer({ text, onTake }: { text: string; onTake: (written: string) => void }) {
  const offer = useMemo(() => luceneOffer(text), [text])
  if (offer === null) return null
  return (
    <button
      type="button"
      className={`button small ${styles.offer}`}
      title={texts.kqlHasNoSuchThing(offer.parts.join(', '))}
      onClick={() => onTake(offer.text)}
    >
      {texts.asLucene}
    </button>
  )
}
