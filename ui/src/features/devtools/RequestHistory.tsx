import { useMemo, useState } from 'react'
import { Icon } from '../../components/Icon'
import { Popover } from '../../components/Popover'
import { formatAgo } from '../../lib/time/format'
import { forgetRequests, type SentRequest, sentRequests } from '../../state/requests'
import { texts } from '../../texts/devtools'
import styles from './RequestHistory.module.css'

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Puts a request into the editor. */
  onInsert: (text: string) => void
}

/** Requests sent from this browser, newest first. */
export function RequestHistory({ open, onOpenChange, onInsert }: Props) {
  const trigger = (
    <button
      type="button"
      className="button quiet"
      aria-expanded={open}
      aria-haspopup="dialog"
      onClick={() => onOpenChange(!open)}
    >
      <Icon name="history" /> {texts.historyWord}
    </button>
  )
  return (
    <Popover open={open} onOpenChange={onOpenChange} trigger={trigger} label={texts.history} align="end">
      <Sent
        onChoose={request => {
          onOpenChange(false)
          onInsert(`${request.method} ${request.path}${request.body === '' ? '' : `\n${request.body}`}`)
        }}
        onForget={() => onOpenChange(false)}
      />
    </Popover>
  )
}

function Sent({ onChoose, onForget }: { onChoose: (request: SentRequest) => void; onForget: () => void }) {
  const [wanted, setWanted] = useState('')
  const all = useMemo(sentRequests, [])
  const now = useMemo(() => Date.now(), [])
  const found = all.filter(r =>
    `${r.method} ${r.path} ${r.body}`.toLowerCase().includes(wanted.toLowerCase()),
  )
  if (all.length === 0) return <p className={styles.none}>{texts.nothingSentYetWhatYou}</p>
  return (
    <div className={styles.history}>
      <input
        className="input"
        aria-label={texts.findInHistory}
        placeholder={texts.find}
        // biome-ignore lint/a11y/noAutofocus: the panel was opened by the person
        autoFocus
        value={wanted}
        onChange={event => setWanted(event.target.value)}
      />
      <ul className={styles.list} aria-label={texts.requestsSent}>
        {found.map(request => (
          <li key={`${request.at} ${request.method} ${request.path} ${request.body}`}>
            <button type="button" className={styles.row} onClick={() => onChoose(request)}>
              <span className={styles.request}>
                <b>{request.method}</b> {request.path}
                <span className={styles.body}> {request.body.replace(/\s+/g, ' ').slice(0, 120)}</span>
              </span>
              <span className={styles.ago}>{formatAgo(request.at, now)}</span>
            </button>
          </li>
        ))}
      </ul>
      <button
        type="button"
        className="button quiet small"
        onClick={() => {
          forgetRequests()
          onForget()
        }}
      >
        {texts.forgetAll}
      </button>
    </div>
  )
}
