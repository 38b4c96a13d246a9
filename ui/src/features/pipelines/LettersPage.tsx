import { useState } from 'react'
import { useSearch } from 'wouter'
import { deleteAll, replayAll } from '../../api/pipelines'
import { Confirm } from '../../components/Confirm'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { formatCount } from '../../lib/numbers'
import type { DeadLetter } from '../../lib/pipelines'
import { formatFull } from '../../lib/time/format'
import { FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
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
    label: 'Kept',
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
    label: 'Pipeline',
    width: 'minmax(60px, 100px)',
    sort: letter => letter.pipeline,
    cell: letter => letter.pipeline,
  },
  {
    id: 'plugin',
    label: 'Output',
    width: 'minmax(60px, 110px)',
    sort: letter => letter.plugin,
    cell: letter => letter.plugin,
  },
  {
    id: 'status',
    label: 'Status',
    width: '48px',
    numeric: true,
    sort: letter => letter.status,
    cell: letter => (letter.status > 0 ? String(letter.status) : '–'),
  },
  {
    id: 'reason',
    label: 'Reason',
    width: 'minmax(160px, 3fr)',
    sort: letter => letter.reason,
    cell: letter => letter.reason,
  },
  {
    id: 'event',
    label: 'Event',
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
    label: `Write the dead letters of ${p.id} again`,
    kind: 'dead letters',
    run: () => replay.mutate(p.id),
  }))
  return (
    <>
      <ListPage
        path={PATH}
        commands={commands}
        title="Dead letters"
        tools={
          <>
            <FindBox
              label="Find in dead letters"
              placeholder="Find in reasons and events"
              value={find}
              onChange={setFind}
            />
            <ListTotal>
              {' '}
              {letters.data &&
                `${formatCount(shown.length)} ${shown.length === 1 ? 'letter' : 'letters'}${total > LETTERS ? `, the oldest ${formatCount(LETTERS)} of ${formatCount(total)}` : ''}`}
            </ListTotal>
            {kept.map(p => (
              <span key={p.id} className={styles.one}>
                <button
                  type="button"
                  className="button small outlined"
                  disabled={replay.isPending}
                  onClick={() => replay.mutate(p.id)}
                >
                  Write all of {p.id} again
                </button>
                <button type="button" className="button small quiet danger" onClick={() => setAsking(p.id)}>
                  Delete all…
                </button>
              </span>
            ))}
          </>
        }
        outcome={
          <Outcome
            error={replay.error ?? remove.error}
            done={
              replay.data
                ? `${formatCount(Number(replay.data.replayed))} written again; what is refused again comes back here.`
                : null
            }
          />
        }
        detail={
          letter ? <LetterDetail key={keyOf(letter)} letter={letter} onClose={() => setOpen(null)} /> : null
        }
      >
        {letters.error ? (
          <Failure
            error={letters.error}
            title="The dead letters did not come"
            onRetry={() => letters.refetch()}
          />
        ) : !letters.data ? (
          <Waiting />
        ) : shown.length === 0 ? (
          <Nothing title={all.length > 0 ? 'No dead letter has this text' : 'There are no dead letters'}>
            <p>
              What an output refuses, such as a document that does not fit its index’s mapping, is kept here
              with the reason until you mend it.
            </p>
          </Nothing>
        ) : (
          <DataTable
            label="Dead letters"
            columns={letter ? BRIEF_COLUMNS : COLUMNS}
            rows={shown}
            keyOf={keyOf}
            selected={open}
            onSelect={one => setOpen(keyOf(one))}
            order="-time"
          />
        )}
      </ListPage>
      {asking !== null && (
        <Confirm
          title={`Delete all dead letters of ${asking}?`}
          word={asking}
          action="Delete for ever"
          onConfirm={() => remove.mutate(asking)}
          onClose={() => setAsking(null)}
        >
          <p>These events are in no index. They are gone for ever.</p>
        </Confirm>
      )}
    </>
  )
}
