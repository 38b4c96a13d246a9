import { useState } from 'react'
import { closeIndex, deleteIndex, flushIndex, mergeIndex, openIndex, refreshIndex } from '../../api/manage'
import { Confirm } from '../../components/Confirm'
import type { IndexRow } from '../../lib/manage'
import { formatCount } from '../../lib/numbers'
import { Outcome } from '../../shell/States'
import styles from './Detail.module.css'
import { useDeed } from './queries'

const DEEDS = {
  refresh: { label: 'Refresh', run: refreshIndex, done: 'Refreshed: all that was written can be found.' },
  flush: { label: 'Flush', run: flushIndex, done: 'Flushed: everything is in files.' },
  merge: { label: 'Merge to one segment', run: mergeIndex, done: 'Merged.' },
  open: { label: 'Open', run: openIndex, done: 'Open again.' },
} as const

type DeedName = keyof typeof DEEDS

/** What can be done to an index. Closing is undone by opening; deleting asks for the name. */
export function IndexActions({ row, onGone }: { row: IndexRow; onGone: () => void }) {
  const [asking, setAsking] = useState<'close' | 'delete' | null>(null)
  const deed = useDeed((name: DeedName) => DEEDS[name].run(row.name))
  const close = useDeed(closeIndex)
  const remove = useDeed(async (name: string) => {
    await deleteIndex(name)
    onGone()
  })
  const busy = deed.isPending || close.isPending || remove.isPending
  const names: DeedName[] = row.status === 'close' ? ['open'] : ['refresh', 'flush', 'merge']
  return (
    <>
      <div className={styles.actions}>
        {names.map(name => (
          <button
            key={name}
            type="button"
            className="button small outlined"
            disabled={busy}
            onClick={() => deed.mutate(name)}
          >
            {DEEDS[name].label}
          </button>
        ))}
        {row.status === 'open' && (
          <button
            type="button"
            className="button small outlined"
            disabled={busy}
            onClick={() => setAsking('close')}
          >
            Close…
          </button>
        )}
        <button
          type="button"
          className="button small outlined danger"
          disabled={busy}
          onClick={() => setAsking('delete')}
        >
          Delete…
        </button>
      </div>
      <div className={styles.outcome}>
        <Outcome
          error={deed.error ?? close.error ?? remove.error}
          done={
            deed.isPending
              ? `${DEEDS[deed.variables].label}…`
              : deed.isSuccess
                ? DEEDS[deed.variables].done
                : null
          }
        />
      </div>
      {asking === 'close' && (
        <Confirm
          title={`Close ${row.name}?`}
          word=""
          action="Close the index"
          onConfirm={() => close.mutate(row.name)}
          onClose={() => setAsking(null)}
        >
          <p>It can be neither searched nor written until it is opened again. Nothing is lost.</p>
        </Confirm>
      )}
      {asking === 'delete' && (
        <Confirm
          title={`Delete ${row.name}?`}
          word={row.name}
          action="Delete for ever"
          onConfirm={() => remove.mutate(row.name)}
          onClose={() => setAsking(null)}
        >
          <p>
            {row.docs > 0 ? `Its ${formatCount(row.docs)} documents are gone` : 'It is gone'} for ever, but
            for what a snapshot holds.
          </p>
        </Confirm>
      )}
    </>
  )
}
