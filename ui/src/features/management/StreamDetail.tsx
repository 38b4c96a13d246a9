import { useState } from 'react'
import { Link } from 'wouter'
import { deleteStream, rollOver } from '../../api/manage'
import { Confirm } from '../../components/Confirm'
import { HealthMark } from '../../components/HealthMark'
import type { StreamRow } from '../../lib/manage'
import { DetailPane } from '../../shell/ListPage'
import { Outcome } from '../../shell/States'
import { texts } from '../../texts/management'
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
          {texts.discover}
        </Link>
      }
    >
      <div className={styles.content}>
        <dl className={styles.facts}>
          <div>
            <dt>{texts.state}</dt>
            <dd>
              <HealthMark health={row.health} words />
            </dd>
          </div>
          <div>
            <dt>{texts.template}</dt>
            <dd>{row.template}</dd>
          </div>
          <div>
            <dt>{texts.policy}</dt>
            <dd>{row.policy || texts.noneKeptUntilSomebody}</dd>
          </div>
          <div>
            <dt>{texts.indices}</dt>
            <dd>
              <ol>
                {row.indices.map((name, i) => (
                  <li key={name}>
                    <button type="button" className="button small" onClick={() => onIndex(name)}>
                      {name}
                    </button>
                    {i === row.indices.length - 1 && ` ${texts.isWrittenTo}`}
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
            {texts.rollOver}
          </button>
          <button type="button" className="button small outlined danger" onClick={() => setAsking(true)}>
            {texts.deleteAsking}
          </button>
        </div>
        <div className={styles.outcome}>
          <Outcome
            error={roll.error ?? remove.error}
            done={roll.data ? texts.writesGoToNow(String(roll.data.new_index)) : null}
          />
        </div>
      </div>
      {asking && (
        <Confirm
          title={texts.deleteNamed(row.name)}
          word={row.name}
          action={texts.deleteForEver}
          onConfirm={() => remove.mutate(row.name)}
          onClose={() => setAsking(false)}
        >
          <p>{texts.theStreamAndItsIndices(row.indices.length)}</p>
        </Confirm>
      )}
    </DetailPane>
  )
}
