import { useState } from 'react'
import { closeIndex, deleteIndex, flushIndex, mergeIndex, openIndex, refreshIndex } from '../../api/manage'
import { Confirm } from '../../components/Confirm'
import type { IndexRow } from '../../lib/manage'
import { formatCount } from '../../lib/numbers'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
import styles from './Detail.module.css'
import { useDeed } from './queries'

const DEEDS = {
  refresh: { label: texts.refresh, run: refreshIndex, done: texts.refreshedAll },
  flush: { label: texts.flush, run: flushIndex, done: texts.flushedEverythingIsInFiles },
  merge: { label: texts.mergeToOneSegment, run: mergeIndex, done: texts.merged },
  open: { label: texts.open, run: openIndex, done: texts.openAgain },
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
            {texts.closeAsking}
          </button>
        )}
        <button
          type="button"
          className="button small outlined danger"
          disabled={busy}
          onClick={() => setAsking('delete')}
        >
          {texts.deleteAsking}
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
          title={texts.closeNamed(row.name)}
          word=""
          action={texts.closeTheIndex}
          onConfirm={() => close.mutate(row.name)}
          onClose={() => setAsking(null)}
        >
          <p>{texts.itCanBeNeitherSearched}</p>
        </Confirm>
      )}
      {asking === 'delete' && (
        <Confirm
          title={texts.deleteNamed(row.name)}
          word={row.name}
          action={texts.deleteForEver}
          onConfirm={() => remove.mutate(row.name)}
          onClose={() => setAsking(null)}
        >
          <p>{row.docs > 0 ? texts.itsDocumentsAreGone(formatCount(row.docs)) : texts.itIsGone}</p>
        </Confirm>
      )}
    </>
  )
}
