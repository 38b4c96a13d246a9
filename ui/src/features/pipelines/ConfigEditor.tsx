import { useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { compare, writeSource } from '../../api/pipelines'
import { CodeEditor, type EditorHandle } from '../../components/CodeEditor'
import { Tabs } from '../../components/Tabs'
import { lineStarts } from '../../lib/lines'
import { tokenizeConfig } from '../../lib/logstash/tokens'
import { type Finding, offsetOf, type PipelineFile, type PipelineSource } from '../../lib/pipelines'
import { Failure, Outcome, Waiting } from '../../shell/States'
import { useSettled } from '../../shell/useSettled'
import { texts } from '../../texts/pipelines'
import { Compared } from './Compared'
import styles from './ConfigEditor.module.css'
import { useCheck, useDeed, useSource } from './queries'
import { formatDebuggerUrl } from './url'

/** Typing rests for so long before the configuration is checked. */
const REST_MILLIS = 300
/** The trial on what comes: so many events, or as many as come in so many seconds. */
const TRIED_EVENTS = 200
const TRIED_SECONDS = 10

export function ConfigEditor({ id }: { id: string }) {
  const source = useSource(id)
  if (source.error)
    return (
      <Failure
        error={source.error}
        title={texts.theConfigurationDidNotCome}
        onRetry={() => source.refetch()}
      />
    )
  if (!source.data) return <Waiting />
  return <Editor source={source.data} />
}

function Editor({ source }: { source: PipelineSource }) {
  const { id } = source
  const [edited, setEdited] = useState<Record<string, string>>({})
  const [path, setPath] = useState(source.files[0]?.path ?? '')
  const handle = useRef<EditorHandle>(null)
  const files = useMemo(
    () => source.files.map(file => ({ path: file.path, text: edited[file.path] ?? file.text })),
    [source.files, edited],
  )
  const changed = files.some((file, i) => file.text !== source.files[i]?.text)
  const settled = useSettled(files, REST_MILLIS)
  const check = useCheck(id, settled)
  const write = useDeed((all: PipelineFile[]) => writeSource(id, all))
  const tried = useDeed((all: PipelineFile[]) => compare(id, all, TRIED_EVENTS, TRIED_SECONDS))
  const text = files.find(file => file.path === path)?.text ?? ''
  const spans = useMemo(() => tokenizeConfig(text), [text])
  const starts = useMemo(() => lineStarts(text), [text])
  const findings = check.data?.findings ?? []
  const marks = findings.filter(f => f.line > 0 && f.file === path).map(f => markOf(f, starts, text))
  const current = settled === files && !check.isPlaceholderData && check.data !== undefined
  const faulty = findings.some(f => f.severity === 'error')
  const show = (finding: Finding) => {
    if (finding.line === 0) return
    if (finding.file !== path) setPath(finding.file)
    const at = offsetOf(starts, finding.line, finding.column)
    requestAnimationFrame(() => handle.current?.select(at, at))
  }
  return (
    <div className={styles.editor}>
      {files.length > 1 && (
        <Tabs
          label={texts.files}
          tabs={files.map(file => [file.path, file.path.split('/').at(-1) ?? file.path] as const)}
          current={path}
          onChange={setPath}
        />
      )}
      <div className={styles.tools}>
        <p className={styles.path}>{path}</p>
        <Link
          className="button small quiet"
          href={`/dev_tools/pipeline_debugger?${formatDebuggerUrl({ pipeline: id, text: changed && files.length === 1 ? text : null, event: '' })}`}
        >
          {texts.debug}
        </Link>
        <button
          type="button"
          className="button small outlined"
          disabled={!changed || faulty || !current || tried.isPending}
          title={texts.sendsTheNextEventsThrough(TRIED_EVENTS)}
          onClick={() => tried.mutate(files)}
        >
          {tried.isPending ? texts.waitingForEvents : texts.tryOnLiveEvents}
        </button>
        <button
          type="button"
          className="button small quiet"
          disabled={!changed}
          onClick={() => setEdited({})}
        >
          {texts.undoAll}
        </button>
        <button
          type="button"
          className="button small primary"
          disabled={!source.writable || !changed || faulty || !current || write.isPending}
          onClick={() => write.mutate(files)}
        >
          {texts.saveAndReload}
        </button>
      </div>
      {!source.writable && <p className={styles.note}>{texts.cannotBeSavedHere(source.why)}</p>}
      <div className={styles.code}>
        <CodeEditor
          handle={handle}
          label={texts.configuration}
          value={text}
          spans={spans}
          marks={marks}
          onChange={value => setEdited(before => ({ ...before, [path]: value }))}
        />
      </div>
      <section className={styles.findings} aria-label={texts.findings} aria-busy={!current}>
        <div className={styles.outcome}>
          <Outcome
            error={write.error ?? tried.error}
            done={write.isSuccess && !changed ? texts.savedAndRunning : null}
          />
        </div>
        <Findings findings={findings} onShow={show} ready={current} failure={check.error} />
        {tried.data && <Compared result={tried.data} seconds={TRIED_SECONDS} />}
      </section>
    </div>
  )
}

/** The word at a finding's place. */
export function markOf(finding: Finding, starts: number[], text: string) {
  const start = offsetOf(starts, finding.line, finding.column)
  const word = /^[\w@-]+|^\S/.exec(text.slice(start, start + 80))
  return { start, end: start + (word?.[0].length ?? 0) }
}

interface FindingsProps {
  findings: Finding[]
  ready: boolean
  failure: Error | null
  onShow: (finding: Finding) => void
}

export function Findings({ findings, ready, failure, onShow }: FindingsProps) {
  if (failure)
    return (
      <p className={styles.fault} role="alert">
        {failure.message}
      </p>
    )
  if (findings.length === 0)
    return (
      <p className={styles.fine} role="status">
        {ready ? texts.theConfigurationIsSound : texts.checking}
      </p>
    )
  return (
    <ul aria-label={texts.whatIsWrong}>
      {findings.map(finding => (
        <li key={`${finding.file}:${finding.line}:${finding.column}:${finding.message}`}>
          <button
            type="button"
            className={styles.finding}
            data-severity={finding.severity}
            onClick={() => onShow(finding)}
          >
            <span>{finding.line > 0 ? `${finding.line}:${finding.column}` : '–'}</span>
            <span>
              {[finding.plugin, finding.option].filter(Boolean).join(' · ')}
              {finding.plugin || finding.option ? ' – ' : ''}
              {finding.message}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
