import { useState } from 'react'
import { deleteAll, replayAll } from '../../api/pipelines'
import { Confirm } from '../../components/Confirm'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { formatCount } from '../../lib/numbers'
import type { DeadLetter } from '../../lib/pipelines'
import { formatFull } from '../../lib/time/format'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing, Outcome } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/pipelines'
import { LetterDetail } from './LetterDetail'
import styles from './LettersPage.module.css'
import { LETTERS, useDeed, useLetters, usePipelines } from './queries'

const PATH = '/dead_letters'

const keyOf = (letter: DeadLetter) => `${letter.pipeline} ${letter.id}`

/** The event without what every event has. */
function briefOf(letter: DeadLetter): string {
  const { '@timestamp': _at, '@version': _version, ...rest } = letter.event
  return JSON.stringify(rest).slice(0, 300)
}

const COLUMNS: DataColumn<DeadLetter>[] = [
  {
    id: 'time',
    label: texts.kept,
    width: '176px',
    sort: letter => letter.time,
    cell: letter => (
      <button type="button" className={styles.time}>
        {formatFull(Date.parse(letter.time))}
      </button>
    ),
  },
  {
    id: 'pipeline',
    label: texts.pipeline,
    width: 'minmax(60px, 100px)',
    sort: letter => letter.pipeline,
    cell: letter => letter.pipeline,
  },
  {
    id: 'plugin',
    label: texts.output,
    width: 'minmax(60px, 110px)',
    sort: letter => letter.plugin,
    cell: letter => letter.plugin,
  },
  {
    id: 'status',
    label: texts.status,
    width: '48px',
    numeric: true,
    sort: letter => letter.status,
    cell: letter => (letter.status > 0 ? String(letter.status) : '–'),
  },
  {
    id: 'reason',
    label: texts.reason,
    width: 'minmax(160px, 3fr)',
    sort: letter => letter.reason,
    cell: letter => letter.reason,
  },
  {
    id: 'event',
    label: texts.event,
    width: 'minmax(120px, 2fr)',
    cell: letter => <code>{briefOf(letter)}</code>,
  },
]

/** Beside the pane of one, which has the rest, reasons have the room. */
const BRIEF_COLUMNS = COLUMNS.filter(c => ['time', 'reason', 'event'].includes(c.id))

/** Events that no output took: why, and another try. */
export function LettersPage() {
  const open = new URLSearchParams(useSearch()).get('open')
  const setOpen = (key: string | null) =>
    navigate(key === null ? PATH : `${PATH}?${new URLSearchParams({ open: key })}`)
  const [find, setFind] = useState('')
  const [asking, setAsking] = useState<string | null>(null)
  const letters = useLetters()
  const pipelines = usePipelines()
  const replay = useDeed((id: string) => replayAll(id, true))
  const remove = useDeed(deleteAll)
  const text = find.trim().toLowerCase()
  const all = letters.data ?? []
  const shown = all.filter(letter =>
    text === ''
      ? true
      : `${letter.pipeline} ${letter.plugin} ${letter.reason} ${JSON.stringify(letter.event)}`
          .toLowerCase()
          .includes(text),
  )
  const kept = (pipelines.data ?? []).filter(p => p.letters > 0)
  const total = kept.reduce((sum, p) => sum + p.letters, 0)
  const letter = all.find(one => keyOf(one) === open)
  const commands = kept.map(p => ({
    id: `replay ${p.id}`,
    label: texts.writeTheDeadLetters(p.id),
    kind: texts.deadLettersWord,
    run: () => replay.mutate(p.id),
  }))
  return (
    <>
      <ListPage
        path={PATH}
        commands={commands}
        title={texts.deadLetters}
        tools={
          <>
            <FindBox
              label={texts.findInDeadLetters}
              placeholder={texts.findInReasonsAndEvents}
              value={find}
              onChange={setFind}
            />
            <ListTotal>
              {' '}
              {letters.data &&
                `${texts.lettersCount(formatCount(shown.length), shown.length)}${total > LETTERS ? `, ${texts.theOldestOf(formatCount(LETTERS), formatCount(total))}` : ''}`}
            </ListTotal>
            {kept.map(p => (
              <span key={p.id} className={styles.one}>
                <button
                  type="button"
                  className="button small outlined"
                  disabled={replay.isPending}
                  onClick={() => replay.mutate(p.id)}
                >
                  {texts.writeAllOfAgain(p.id)}
                </button>
                <button type="button" className="button small quiet danger" onClick={() => setAsking(p.id)}>
                  {texts.deleteAll}
                </button>
              </span>
            ))}
          </>
        }
        outcome={
          <Outcome
            error={replay.error ?? remove.error}
            done={
              replay.data ? texts.writtenAgainWhatIsRefused(formatCount(Number(replay.data.replayed))) : null
            }
          />
        }
        detail={
          letter ? <LetterDetail key={keyOf(letter)} letter={letter} onClose={() => setOpen(null)} /> : null
        }
      >
        <Answered query={letters} title={texts.theDeadLettersDidNotCome}>
          {() =>
            shown.length === 0 ? (
              <Nothing title={all.length > 0 ? texts.noDeadLetterHasThisText : texts.thereAreNoDeadLetters}>
                <p>{texts.whatAnOutputRefusesSuch}</p>
              </Nothing>
            ) : (
              <DataTable
                label={texts.deadLetters}
                columns={letter ? BRIEF_COLUMNS : COLUMNS}
                rows={shown}
                keyOf={keyOf}
                selected={open}
                onSelect={one => setOpen(keyOf(one))}
                order="-time"
              />
            )
          }
        </Answered>
      </ListPage>
      {asking !== null && (
        <Confirm
          title={texts.deleteAllDeadLettersOf(asking)}
          word={asking}
          action={texts.deleteForEver}
          onConfirm={() => remove.mutate(asking)}
          onClose={() => setAsking(null)}
        >
          <p>{texts.theseEvents}</p>
        </Confirm>
      )}
    </>
  )
}
