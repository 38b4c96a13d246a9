import { useState } from 'react'
import { Link } from 'wouter'
import { deleteStream, rollOver } from '../../api/manage'
import { Confirm } from '../../components/Confirm'
import { HealthMark } from '../../components/HealthMark'
import type { StreamRow } from '../../lib/manage'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import styles from './Detail.module.css'
import { useDeed } from './queries'

interface Props {
  row: StreamRow
  onIndex: (name: string) => void
  onClose: () => void
}

/** One data stream: its indices, a new one for what comes next, its end. */
export function StreamDetail({ row, onIndex, onClose }: Props) {
  const [asking, setAsking] = useState(false)
  const roll = useDeed(rollOver)
  const remove = useDeed(async (name: string) => {
    await deleteStream(name)
    onClose()
  })
  return (
    <DetailPane
      label={row.name}
      head={row.name}
      onClose={onClose}
      actions={
        <Link className="button quiet small" href={`/discover?index=${encodeURIComponent(row.name)}`}>
          Discover
        </Link>
      }
    >
      <div className={styles.content}>
        <dl className={styles.facts}>
          <div>
            <dt>State</dt>
            <dd>
              <HealthMark health={row.health} words />
            </dd>
          </div>
          <div>
            <dt>Template</dt>
            <dd>{row.template}</dd>
          </div>
          <div>
            <dt>Policy</dt>
            <dd>{row.policy || 'none: kept until somebody deletes it'}</dd>
          </div>
          <div>
            <dt>Indices</dt>
            <dd>
              <ol>
                {row.indices.map((name, i) => (
                  <li key={name}>
                    <button type="button" className="button small" onClick={() => onIndex(name)}>
                      {name}
                    </button>
                    {i === row.indices.length - 1 && ' is written to'}
                  </li>
                ))}
              </ol>
            </dd>
          </div>
        </dl>
        <div className={styles.actions}>
          <button
            type="button"
            className="button small outlined"
            disabled={roll.isPending}
            onClick={() => roll.mutate(row.name)}
          >
            Roll over
          </button>
          <button type="button" className="button small outlined danger" onClick={() => setAsking(true)}>
            Delete…
          </button>
        </div>
        <div className={styles.outcome}>
          <Outcome
            error={roll.error ?? remove.error}
            done={roll.data ? `Writes go to ${String(roll.data.new_index)} now.` : null}
          />
        </div>
      </div>
      {asking && (
        <Confirm
          title={`Delete ${row.name}?`}
          word={row.name}
          action="Delete for ever"
          onConfirm={() => remove.mutate(row.name)}
          onClose={() => setAsking(false)}
        >
          <p>
            The stream and its {row.indices.length} {row.indices.length === 1 ? 'index is' : 'indices are'}{' '}
            gone for ever, but for what a snapshot holds.
          </p>
        </Confirm>
      )}
    </DetailPane>
  )
}
