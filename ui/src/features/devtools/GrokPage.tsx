import { useEffect, useMemo, useRef, useState } from 'react'
import { useSearch } from 'wouter'
import { CopyButton } from '../../components/CopyButton'
import { fieldsOf, type GrokResult, parsePatterns } from '../../lib/grok'
import { PageBar } from '../../shell/PageBar'
import { useSettled } from '../../shell/useSettled'
import { navigate } from '../../state/navigate'
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
  title: 'Writing patterns',
  rows: [
    ['%{NUMBER}', 'a named pattern'],
    ['%{NUMBER:took}', 'the same, kept as a field'],
    ['%{NUMBER:took:float}', 'the same, as a number; int takes whole ones'],
    ['%{IP:[client][ip]}', 'a field inside another'],
    ['(?<queue>[A-F0-9]{10})', 'a field with an expression of its own'],
    ['\\[ \\( \\.', 'characters that have a meaning stand behind a backslash'],
  ],
} as const

/** Typing rests for so long before the expression is tried. */
const REST_MILLIS = 120

export function GrokPage() {
  const search = useSearch()
  const [state, setState] = useState(() => parseGrokUrl(search))
  const change = (patch: Partial<GrokState>) => setState(s => ({ ...s, ...patch }))
  const settled = useSettled(state, REST_MILLIS)
  useEffect(() => {
    const query = formatGrokUrl(settled)
    if (query === location.search.slice(1)) return
    navigate(query === '' ? '/dev_tools/grokdebugger' : `/dev_tools/grokdebugger?${query}`, { replace: true })
  }, [settled])
  const custom = useMemo(() => parsePatterns(state.custom), [state.custom])
  const trial = useGrok(settled)
  const empty = state.text === '' && state.pattern === ''
  const pattern = useRef<HTMLTextAreaElement>(null)
  const own = Object.entries(custom.patterns).map(([name, definition]) => ({ name, definition }))
  const commands = [
    { id: 'example', label: 'Fill in an example', run: () => change(EXAMPLE) },
    { id: 'clear', label: 'Clear', run: () => change({ text: '', pattern: '', custom: '' }) },
  ].map(c => ({ ...c, kind: 'grok debugger' }))
  return (
    <div className={styles.page}>
      <PageBar current="/dev_tools/grokdebugger" commands={commands} examples={EXAMPLES}>
        <CopyButton className="button quiet" label="share" text={() => location.href} />
      </PageBar>
      <div className={styles.body}>
        <main className={styles.work} aria-label="Grok expression">
          <label className={styles.field}>
            <span>Text</span>
            <textarea
              className={styles.area}
              rows={3}
              spellCheck={false}
              value={state.text}
              placeholder="A line of a log"
              onChange={event => change({ text: event.target.value })}
            />
          </label>
          <label className={styles.field}>
            <span>Pattern</span>
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
            <summary>Custom patterns{own.length > 0 && ` (${own.length})`}</summary>
            <textarea
              className={styles.area}
              rows={3}
              spellCheck={false}
              aria-label="Custom patterns"
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
              <p>
                Put in a line of a log and a pattern: each part of the line is coloured with its field, or you
                see where the pattern stops.
              </p>
              <button type="button" className="button primary" onClick={() => change(EXAMPLE)}>
                Fill in an example
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
    <section className={styles.result} aria-label="Result" data-stale={stale} aria-busy={stale}>
      <div role="status">
        <h2 className={styles.verdict} data-good={result.matched}>
          {result.matched
            ? `Matches, ${result.captures.length} ${result.captures.length === 1 ? 'field' : 'fields'}`
            : result.stop
              ? 'Does not match: it stops here'
              : 'Cannot be used'}
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
      <summary>As an event</summary>
      <div className={styles.json}>
        <pre>{text}</pre>
        <CopyButton label="copy" text={() => text} />
      </div>
    </details>
  )
}
