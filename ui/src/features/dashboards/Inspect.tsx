import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { encodePattern, sendRaw } from '../../api/client'
import { CopyButton } from '../../components/CopyButton'
import { Dialog } from '../../components/Dialog'
import { formatConsoleUrl } from '../../lib/pages'
import type { SearchBody } from '../../lib/vis/request'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'

interface Props {
  title: string
  requests: readonly { index: string; body: SearchBody }[]
  onClose: () => void
}

/** What a panel asked, and what is answered to it now. */
export function Inspect({ title, requests, onClose }: Props) {
  return (
    <Dialog label={texts.requestsOf(title)} onClose={onClose}>
      <div className={styles.dialog}>
        <h2>{title}</h2>
        {requests.map(({ index, body }) => (
          <Asked key={JSON.stringify(body)} index={index} body={body} />
        ))}
      </div>
    </Dialog>
  )
}

function Asked({ index, body }: { index: string; body: SearchBody }) {
  const path = `/${encodePattern(index)}/_search?ignore_unavailable=true`
  const text = JSON.stringify(body, null, 2)
  const answer = useQuery({
    queryKey: ['inspect', path, text],
    queryFn: ({ signal }) =>
      sendRaw({ method: 'POST', path, body: JSON.stringify(body), lines: false }, signal),
    gcTime: 0,
  })
  const whole = `POST ${path}\n${text}`
  return (
    <>
      <div className={styles.ways}>
        <Link className="button outlined" href={formatConsoleUrl(whole)}>
          {texts.openInTheConsole}
        </Link>
        <CopyButton className="button outlined" label={texts.copyTheRequest} text={() => whole} />
      </div>
      <pre className={styles.code}>{whole}</pre>
      <h3>
        {texts.answer}
        {answer.data && ` · ${answer.data.status} · ${Math.round(answer.data.tookMillis)} ms`}
      </h3>
      <pre className={styles.code}>{answer.data ? laidOut(answer.data.text) : '…'}</pre>
    </>
  )
}

/** More would be too long to draw and to read. */
const SHOWN_CHARS = 60_000

function laidOut(text: string): string {
  let out = text
  try {
    out = JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // Shown as it came.
  }
  return out.length > SHOWN_CHARS
    ? `${out.slice(0, SHOWN_CHARS)}\n… ${texts.moreCharacters(out.length - SHOWN_CHARS)}`
    : out
}
