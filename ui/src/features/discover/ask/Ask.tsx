import { useEffect, useMemo, useState } from 'react'
import { type Answer, ask } from '../../../lib/ask/ask'
import { editorUrl } from '../../../lib/ask/link'
import type { Field } from '../../../lib/fields'
import type { TimeRange } from '../../../lib/time/range'
import { navigate } from '../../../state/navigate'
import type { Subject } from '../queries'
import { AskReading } from './AskReading'
import { useWorld } from './queries'

export interface AskProps {
  question: string
  fields: Field[]
  place: Subject | null
  /** The time of the page, for questions that name none. */
  range: TimeRange
  /** How often Enter was pressed on this question. */
  entered: number
  onAnswer: (answer: Answer) => void
  onEdit: (answer: Answer) => void
}

/** The question in the search, as it is read, and what becomes of it. */
export function Ask({ question, fields, place, range, entered, onAnswer, onEdit }: AskProps) {
  const { data, error, isPlaceholderData } = useWorld(place, fields, question)
  const world = isPlaceholderData ? undefined : data
  const [asked, setAsked] = useState(() => ({ question, now: Date.now() }))
  const [given, setGiven] = useState(0)
  const [seen, setSeen] = useState(false)
  // Times count from when the question was typed.
  if (asked.question !== question) {
    setAsked({ question, now: Date.now() })
    setGiven(0)
    setSeen(false)
  }
  const answer = useMemo(
    () => (world === undefined ? 'waiting' : ask(question, world, asked.now)),
    [question, world, asked.now],
  )
  const give = (found: Answer) => {
    if (found.chart === null || place === null) onAnswer(found)
    else navigate(editorUrl(found, place.index, range))
  }
  useEffect(() => {
    if (answer === 'waiting') return
    if (given === entered) {
      setSeen(true)
      return
    }
    setGiven(entered)
    // Enter came before the answer: what was not understood is to be seen before it is searched without it.
    if (answer && (seen || answer.phrases.every(p => p.meaning !== null))) give(answer)
  })
  return (
    <AskReading
      question={question}
      answer={answer}
      error={error}
      range={range}
      now={asked.now}
      onSearch={give}
      onEdit={onEdit}
    />
  )
}
