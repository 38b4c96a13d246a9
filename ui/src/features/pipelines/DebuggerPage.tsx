import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { nextEvents, type Trial } from '../../api/pipelines'
import { CodeEditor, type EditorHandle } from '../../components/CodeEditor'
import { CopyButton } from '../../components/CopyButton'
import { JsonView } from '../../components/JsonView'
import { Split } from '../../components/Split'
import { lineStarts } from '../../lib/lines'
import { tokenizeConfig } from '../../lib/logstash/tokens'
import { offsetOf, type PipelineFile, parsePlace, type Run, type Step } from '../../lib/pipelines'
import { PageBar } from '../../shell/PageBar'
import { Outcome } from '../../shell/States'
import { useSettled } from '../../shell/useSettled'
import { keepInAddress, useSearch } from '../../state/navigate'
import { texts } from '../../texts/pipelines'
import { Changes } from './Compared'
import { Findings, markOf } from './ConfigEditor'
import styles from './DebuggerPage.module.css'
import { useDeed, usePipelines, useRuns, useSource } from './queries'
import { type DebuggerState, formatDebuggerUrl, parseDebuggerUrl } from './url'

const PATH = '/dev_tools/pipeline_debugger'
const REST_MILLIS = 250
const LIVE_SECONDS = 15

const EXAMPLE: DebuggerState = {
  pipeline: '',
  text: `filter {
  grok {
    match => { "message" => "%{LOGLEVEL:level} %{WORD:service} took %{INT:took:int} ms" }
  }
  if [took] > 1000 {
    mutate { add_tag => ["slow"] }
  } else {
    drop {}
  }
}
`,
  event: 'ERROR checkout took 5012 ms',
}

export function DebuggerPage() {
  const search = useSearch()
  const [state, setState] = useState(() => parseDebuggerUrl(search))
  const change = (patch: Partial<DebuggerState>) => setState(before => ({ ...before, ...patch }))
  const settled = useSettled(state, REST_MILLIS)
  useEffect(() => keepInAddress(PATH, formatDebuggerUrl(settled)), [settled])
  const known = usePipelines()
  const source = useSource(state.pipeline)
  const files = source.data?.files ?? []
  const text = state.text ?? files.map(file => file.text).join('\n')
  const trial = useMemo(() => trialOf(settled, source.data?.files ?? []), [settled, source.data])
  const runs = useRuns(trial)
  const stale = settled !== state || runs.isPlaceholderData
  const [at, setAt] = useState(0)
  const editor = useRef<EditorHandle>(null)
  const spans = useMemo(() => tokenizeConfig(text), [text])
  const starts = useMemo(() => lineStarts(text), [text])
  const live = useDeed(async (id: string) => {
    const [event] = await nextEvents(id, 1, LIVE_SECONDS)
    if (!event) throw new Error(texts.noEventCameToWithin(id, LIVE_SECONDS))
    return event
  })
  const takeLive = () => {
    const before = state.event
    live.mutate(state.pipeline, {
      onSuccess: event =>
        // What was written while the event was waited for stays.
        setState(now => (now.event === before ? { ...now, event: JSON.stringify(event, null, 2) } : now)),
    })
  }
  const steps = runs.data?.runs[0]?.steps ?? []
  const current = steps[Math.min(at, steps.length - 1)]
  const place = current && files.length <= 1 ? parsePlace(current.place) : null
  const active = place ? { from: place.line - 1, to: place.line - 1 } : null
  const findings = runs.data?.findings ?? []
  const commands = [
    { id: 'example', label: texts.fillInAnExample, run: () => setState(EXAMPLE) },
    ...(known.data ?? []).map(p => ({
      id: `debug ${p.id}`,
      label: texts.debugNamed(p.id),
      run: () => change({ pipeline: p.id, text: null }),
    })),
  ].map(c => ({ ...c, kind: texts.debugger }))
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={commands}>
        <CopyButton className="button quiet" label={texts.share} text={() => location.href} />
      </PageBar>
      <main className={styles.body} aria-label={texts.pipelineDebugger}>
        <h1 className="visually-hidden">{texts.pipelineDebugger}</h1>
        <Split
          label={texts.widthOfTheConfiguration}
          left={
            <section className={styles.pane} aria-label={texts.whatIsTried}>
              <div className={styles.tools}>
                <label className={styles.choice}>
                  <span>{texts.configuration}</span>
                  <select
                    className="input"
                    value={state.pipeline}
                    onChange={event => change({ pipeline: event.target.value, text: null })}
                  >
                    <option value="">{texts.ofMyOwn}</option>
                    {(known.data ?? []).map(p => (
                      <option key={p.id} value={p.id}>
                        {p.id}
                      </option>
                    ))}
                  </select>
                </label>
                {state.pipeline !== '' && state.text !== null && (
                  <button type="button" className="button small quiet" onClick={() => change({ text: null })}>
                    {texts.undoChanges}
                  </button>
                )}
              </div>
              <div className={styles.config}>
                <CodeEditor
                  handle={editor}
                  label={texts.configuration}
                  value={text}
                  spans={spans}
                  marks={findings.filter(f => f.line > 0).map(f => markOf(f, starts, text))}
                  active={active}
                  readOnly={files.length > 1}
                  placeholder={'filter {\n  …\n}'}
                  onChange={value => change({ text: value })}
                />
              </div>
              {findings.length > 0 && (
                <div className={styles.findings}>
                  <Findings
                    findings={findings}
                    ready
                    failure={null}
                    onShow={f =>
                      editor.current?.select(
                        offsetOf(starts, f.line, f.column),
                        offsetOf(starts, f.line, f.column),
                      )
                    }
                  />
                </div>
              )}
              <label className={styles.event}>
                <span className={styles.label}>{texts.eventAJsonObject}</span>
                <textarea
                  className={styles.area}
                  rows={6}
                  spellCheck={false}
                  aria-label={texts.event}
                  value={state.event}
                  placeholder={'{"message": "…"}'}
                  onChange={event => change({ event: event.target.value })}
                />
              </label>
              <div className={styles.tools}>
                {state.pipeline !== '' && (
                  <button
                    type="button"
                    className="button small outlined"
                    disabled={live.isPending}
                    onClick={takeLive}
                  >
                    {live.isPending ? texts.waitingForAnEvent : texts.takeTheNextRealEvent}
                  </button>
                )}
                {text === '' && state.event === '' && (
                  <button type="button" className="button small primary" onClick={() => setState(EXAMPLE)}>
                    {texts.fillInAnExample}
                  </button>
                )}
                <Outcome error={live.error} />
              </div>
            </section>
          }
          right={
            <section className={styles.pane} aria-label={texts.steps} aria-busy={stale} data-stale={stale}>
              {runs.error ? (
                <p className={styles.fault} role="alert">
                  {runs.error.message}
                </p>
              ) : trial === null || !runs.data ? (
                <p className={styles.hint}>{texts.eachPart}</p>
              ) : findings.length > 0 ? (
                <p className={styles.hint}>{texts.theConfigurationCannotRun}</p>
              ) : (
                runs.data.runs
                  .slice(0, 1)
                  .map(run => (
                    <Steps key="run" run={run} at={Math.min(at, run.steps.length - 1)} onAt={setAt} />
                  ))
              )}
            </section>
          }
        />
      </main>
    </div>
  )
}

/** What the server is asked; null while something is missing. */
function trialOf(state: DebuggerState, files: PipelineFile[]): Trial | null {
  const own = state.text !== null
  if (state.event.trim() === '' || (!own && files.length === 0) || (own && state.text === '')) return null
  const path = files[0]?.path ?? ''
  return {
    ...(state.pipeline !== '' && { id: state.pipeline }),
    ...(own && { files: [{ path, text: state.text as string }] }),
    ...eventOf(state.event),
  }
}

/** A JSON object is an event; anything else is a line. */
function eventOf(text: string): Pick<Trial, 'events' | 'lines'> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { events: [value] }
  } catch {
    // A line.
  }
  return { lines: [text.replace(/\n$/, '')] }
}

interface StepsProps {
  run: Run
  at: number
  onAt: (at: number) => void
}

function Steps({ run, at, onAt }: StepsProps) {
  const list = useRef<HTMLOListElement>(null)
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    const next = Math.min(run.steps.length - 1, Math.max(0, at + step))
    onAt(next)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  const after = stateAt(run, at)
  return (
    <>
      <p className={styles.verdict} role="status">
        {verdict(run)}
      </p>
      <ol ref={list} className={styles.steps} aria-label={texts.stepsOfTheEvent} onKeyDown={press}>
        {run.steps.map((step, i) => (
          <li key={i}>
            <button
              type="button"
              className={styles.step}
              aria-current={i === at ? 'step' : undefined}
              data-kind={step.kind}
              data-taken={step.taken || step.kind === 'output'}
              onClick={() => onAt(i)}
            >
              <span className={styles.line}>{parsePlace(step.place)?.line ?? ''}</span>
              <span className={styles.what}>{stepText(step)}</span>
              <span className={styles.came}>{cameText(step)}</span>
            </button>
            {step.changes.length > 0 && (
              <div className={styles.changed}>
                <Changes changes={step.changes} />
              </div>
            )}
          </li>
        ))}
      </ol>
      <section className={styles.after} aria-label={texts.theEventHere}>
        <h2>
          {texts.theEventAt(
            run.steps[at]?.kind === 'filter' ? texts.behind(run.steps[at]?.text) : texts.here,
          )}
        </h2>
        <JsonView value={after} />
      </section>
    </>
  )
}

/** The event as it is at a step: behind the last filter up to it. */
function stateAt(run: Run, at: number): Record<string, unknown> {
  const event = run.steps[at]?.event ?? 0
  const last = run.steps.slice(0, at + 1).findLast(step => step.after !== null && step.event === event)
  return last?.after ?? run.input
}

function verdict(run: Run): string {
  if (run.out.length === 0) return texts.nothingComesOutTheEvent
  const to = [...new Set(run.out.flatMap(o => o.outputs))]
  const many = run.out.length === 1 ? texts.oneEventComesOut : texts.eventsComeOut(run.out.length)
  return to.length > 0 ? texts.comeOutTo(many, to.join(` ${texts.and} `)) : `${many}.`
}

const stepText = (step: Step) =>
  step.kind === 'condition' ? texts.ifNamed(step.text) : step.kind === 'output' ? `→ ${step.text}` : step.text

function cameText(step: Step): string {
  const took = `${(step.nanos / 1e6).toFixed(step.nanos < 1e5 ? 3 : 2)} ms`
  const which = step.event > 0 ? `${texts.eventNumber(step.event + 1)} · ` : ''
  if (step.kind === 'condition')
    return `${which}${step.taken ? texts.yes : step.otherwise ? texts.noElse : texts.no}`
  if (step.kind === 'output') return `${which}${texts.writtenHere}`
  const made = step.emitted.length > 0 ? ` · ${texts.madeMore(step.emitted.length)}` : ''
  return `${which}${step.dropped ? texts.dropsTheEvent : step.taken ? texts.done : texts.doesNotMatch}${made} · ${took}`
}
