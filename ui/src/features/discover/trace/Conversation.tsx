import { JsonView } from '../../../components/JsonView'
import type { LogEvent } from '../../../lib/events'
import { formatCount } from '../../../lib/numbers'
import { valueText } from '../../../lib/source'
import { formatClockMillis, formatDuration } from '../../../lib/time/format'
import { redacted, type Said, type Conversation as Talk } from '../../../lib/trace/conversation'
import { texts } from '../../../texts/discover_trace'
import styles from './Conversation.module.css'

interface Props {
  talk: Talk
  start: number
  onOpen: (event: LogEvent) => void
}

const WHO: Record<Said['kind'], string> = {
  system: texts.system,
  prompt: texts.user,
  answer: texts.model,
  tool: texts.tool,
}

/** What was said, in order, with what it cost at the margin. */
export function Conversation({ talk, start, onOpen }: Props) {
  return (
    <section className={styles.talk} aria-label={texts.conversation}>
      <p className={styles.sum}>
        {talk.models.length > 0 && <span>{talk.models.join(', ')}</span>}
        {talk.tokensIn + talk.tokensOut > 0 && (
          <span>{texts.tokensInOut(formatCount(talk.tokensIn), formatCount(talk.tokensOut))}</span>
        )}
        {talk.cost > 0 && <span>{formatCost(talk.cost)}</span>}
      </p>
      <ol>
        {talk.said.map((one, i) => (
          <li key={i} className={styles.said} data-kind={one.kind} data-failed={one.error !== null}>
            <div className={styles.who}>
              <strong>{WHO[one.kind]}</strong>
              <button
                type="button"
                title={texts.showThisEventInDiscover}
                onClick={() => onOpen(one.event)}
              >{`+${formatDuration(Math.max(0, one.at - start))}`}</button>
            </div>
            <div className={styles.text}>
              {one.kind === 'tool' ? <ToolCall said={one} /> : <Text text={one.text} />}
              {one.error !== null && <p className={styles.error}>{one.error}</p>}
            </div>
            <Margin said={one} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function Text({ text }: { text: string }) {
  return (
    <p>
      {redacted(text).map(([part, taken], i) =>
        taken ? (
          <mark key={i} title={texts.takenOutBefore}>
            {part}
          </mark>
        ) : (
          part
        ),
      )}
    </p>
  )
}

function ToolCall({ said }: { said: Said }) {
  return (
    <>
      <p>
        <code>{said.text}</code>
      </p>
      {said.args === undefined && said.result === undefined && said.error === null && (
        <p className={styles.aside}>{said.event.summary.text}</p>
      )}
      {said.args !== undefined && <Folded label={texts.arguments} value={said.args} />}
      {said.result !== undefined && <Folded label={texts.result} value={said.result} />}
    </>
  )
}

function Folded({ label, value }: { label: string; value: unknown }) {
  return (
    <details className={styles.folded}>
      <summary>
        {label} <span>{valueText(value).slice(0, 120)}</span>
      </summary>
      {typeof value === 'object' ? <JsonView value={value} /> : <Text text={String(value)} />}
    </details>
  )
}

function Margin({ said }: { said: Said }) {
  const rows: [string, string][] = []
  if (said.model !== null) rows.push([texts.modelWord, said.model])
  if (said.tokensIn !== null || said.tokensOut !== null)
    rows.push([texts.tokens, `${formatCount(said.tokensIn ?? 0)} → ${formatCount(said.tokensOut ?? 0)}`])
  if (said.cost !== null) rows.push([texts.cost, formatCost(said.cost)])
  if (said.firstToken !== null) rows.push([texts.firstToken, formatDuration(said.firstToken)])
  if (said.took !== null) rows.push([texts.took, formatDuration(said.took)])
  if (said.attempt > 1) rows.push([texts.attempt, String(said.attempt)])
  return (
    <dl className={styles.margin} title={formatClockMillis(said.at)}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Costs are in US dollars, as providers bill them; small ones need their digits. */
function formatCost(cost: number): string {
  return `$${cost >= 1 ? cost.toFixed(2) : Number(cost.toPrecision(3))}`
}
