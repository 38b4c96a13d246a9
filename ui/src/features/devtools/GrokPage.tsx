import { useEffect, useMemo, useRef, useState } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { fieldsOf, type GrokResult, parsePatterns } from '../../lib/grok'
import { PageBar } from '../../shell/PageBar'
import { useSettled } from '../../shell/useSettled'
import { keepInAddress, useSearch } from '../../state/navigate'
import { texts } from '../../texts/devtools'
import { insertInto } from './editing'
import styles from './GrokPage.module.css'
import { Fields, Marked, Stopped } from './GrokResult'
import { PatternList } from './PatternList'
import { useGrok } from './queries'
import { formatGrokUrl, type GrokState, parseGrokUrl } from './url'

const EXAMPLE: Partial<GrokState> = {
  text: '2026-03-02T14:32:18.456Z ERROR [mcp-server] create_reservation failed after 5012ms: connection reset',
  pattern:
    '%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} \\[%{DATA:service}\\] %{WORD:tool} failed after %{INT:duration_ms:int}ms: %{GREEDYDATA:reason}',
}

const EXAMPLES = {
  title: texts.writingPatterns,
  rows: [
    ['%{NUMBER}', texts.aNamedPattern],
    ['%{NUMBER:took}', texts.theSameKept],
    ['%{NUMBER:took:float}', texts.theSameAsANumber],
    ['%{IP:[client][ip]}', texts.aFieldInsideAnother],
    ['(?<queue>[A-F0-9]{10})', texts.aFieldWithAnExpression],
    ['\\[ \\( \\.', texts.charactersWithAMeaning],
  ],
} as const

/** Typing rests for so long before the expression is tried. */
const REST_MILLIS = 120

export function GrokPage() {
  const search = useSearch()
  const [state, setState] = useState(() => parseGrokUrl(search))
  const change = (patch: Partial<GrokState>) => setState(s => ({ ...s, ...patch }))
  const settled = useSettled(state, REST_MILLIS)
  useEffect(() => keepInAddress('/dev_tools/grokdebugger', formatGrokUrl(settled)), [settled])
  const custom = useMemo(() => parsePatterns(state.custom), [state.custom])
  const trial = useGrok(settled)
  const empty = state.text === '' && state.pattern === ''
  const pattern = useRef<HTMLTextAreaElement>(null)
  const own = Object.entries(custom.patterns).map(([name, definition]) => ({ name, definition }))
  const commands = [
    { id: 'example', label: texts.fillInAnExample, run: () => change(EXAMPLE) },
    { id: 'clear', label: texts.clear, run: () => change({ text: '', pattern: '', custom: '' }) },
  ].map(c => ({ ...c, kind: texts.grokDebugger }))
  return (
    <div className={styles.page}>
      <PageBar current="/dev_tools/grokdebugger" commands={commands} examples={EXAMPLES}>
        <CopyButton className="button quiet" label={texts.share} text={() => location.href} />
      </PageBar>
      <div className={styles.body}>
        <main className={styles.work} aria-label={texts.grokExpression}>
          <label className={styles.field}>
            <span>{texts.text}</span>
            <textarea
              className={styles.area}
              rows={3}
              spellCheck={false}
              value={state.text}
              placeholder={texts.aLineOfALog}
              onChange={event => change({ text: event.target.value })}
            />
          </label>
          <label className={styles.field}>
            <span>{texts.pattern}</span>
            <textarea
              ref={pattern}
              className={styles.area}
              rows={2}
              spellCheck={false}
              value={state.pattern}
              placeholder="%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} %{GREEDYDATA:message}"
              onChange={event => change({ pattern: event.target.value })}
            />
          </label>
          <details className={styles.custom} open={state.custom !== '' || undefined}>
            <summary>
              {texts.customPatterns}
              {own.length > 0 && ` (${own.length})`}
            </summary>
            <textarea
              className={styles.area}
              rows={3}
              spellCheck={false}
              aria-label={texts.customPatterns}
              aria-invalid={custom.fault !== null}
              value={state.custom}
              placeholder="SESSION sess_[a-z0-9]+"
              onChange={event => change({ custom: event.target.value })}
            />
            {custom.fault && (
              <p className={styles.fault} role="alert">
                {custom.fault}
              </p>
            )}
          </details>
          {empty ? (
            <div className={styles.start}>
              <p>{texts.putInALine}</p>
              <button type="button" className="button primary" onClick={() => change(EXAMPLE)}>
                {texts.fillInAnExample}
              </button>
            </div>
          ) : (
            <Result
              result={trial.data}
              failure={trial.error}
              state={settled}
              stale={settled !== state || trial.isPlaceholderData}
            />
          )}
        </main>
        <PatternList
          ecs={state.ecs}
          custom={own}
          onEcs={ecs => change({ ecs })}
          onChoose={name => insertInto(pattern.current, `%{${name}:}`, 1)}
        />
      </div>
    </div>
  )
}

interface ResultProps {
  result: GrokResult | undefined
  failure: Error | null
  state: GrokState
  stale: boolean
}

function Result({ result, failure, state, stale }: ResultProps) {
  const [pointed, setPointed] = useState<string | null>(null)
  const fields = useMemo(() => fieldsOf(result?.captures ?? []), [result])
  if (failure)
    return (
      <p className={styles.fault} role="alert">
        {failure.message}
      </p>
    )
  if (!result || state.text === '' || state.pattern === '') return null
  const shared = { fields, pointed, onPoint: setPointed, text: state.text, result }
  return (
    <section className={styles.result} aria-label={texts.result} data-stale={stale} aria-busy={stale}>
      <div role="status">
        <h2 className={styles.verdict} data-good={result.matched}>
          {result.matched
            ? texts.matchesFields(result.captures.length)
            : result.stop
              ? texts.doesNotMatchItStops
              : texts.cannotBeUsed}
        </h2>
      </div>
      {result.matched || result.stop ? (
        <Marked {...shared} />
      ) : (
        <p className={styles.fault}>{result.error}</p>
      )}
      {result.stop && <Stopped stop={result.stop} pattern={state.pattern} text={state.text} />}
      {result.hint && <p className={styles.hint}>{result.hint}</p>}
      <Fields {...shared} />
      {result.matched && <Event event={result.event} />}
    </section>
  )
}

function Event({ event }: { event: Record<string, unknown> }) {
  const text = JSON.stringify(event, null, 2)
  return (
    <details className={styles.event}>
      <summary>{texts.asAnEvent}</summary>
      <div className={styles.json}>
        <pre>{text}</pre>
        <CopyButton label={texts.copy} text={() => text} />
      </div>
    </details>
  )
}
