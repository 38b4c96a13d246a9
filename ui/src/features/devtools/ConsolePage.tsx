import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react'
import { CodeEditor, type EditorHandle } from '../../components/CodeEditor'
import { CopyButton } from '../../components/CopyButton'
import { Icon } from '../../components/Icon'
import { Split } from '../../components/Split'
import { completeConsole } from '../../lib/console/complete'
import { layOut } from '../../lib/console/json'
import { type ConsoleRequest, parseConsole, requestsAt } from '../../lib/console/parse'
import { tokenizeConsole } from '../../lib/console/tokens'
import { lineAt, lineStarts } from '../../lib/lines'
import { formatConsoleUrl } from '../../lib/pages'
import { BASE } from '../../lib/space'
import { MOD, PageBar } from '../../shell/PageBar'
import { useSearch } from '../../state/navigate'
import { storedText, storeText } from '../../state/requests'
import { texts } from '../../texts/devtools'
import { Answers } from './Answers'
import styles from './ConsolePage.module.css'
import { CopyAs } from './CopyAs'
import { useCatalogue } from './queries'
import { RequestHistory } from './RequestHistory'
import { parseConsoleUrl } from './url'
import { useRuns } from './useRuns'

const WELCOME = `# ${texts.requestsToTheElasticsearchApi}
# ${texts.enterSendsTheOne(MOD)}

GET _cat/indices?v

GET _search
{
  "size": 5,
  "query": {
    "match_all": {}
  }
}
`

const EXAMPLES = {
  title: texts.writingRequests,
  rows: [
    ['GET _cat/indices?v', texts.aMethodAndAPath],
    ['# …   // …   /* … */', 'comments'],
    ['"""…"""', texts.aTextOfSeveralLines],
    ['POST _bulk', texts.valuesEachSent],
    ['GET kbn:/api/status', texts.aPathOfTheOwnPort],
    [texts.spaceWith(MOD), texts.suggestionsTabTakesTheFirst],
    [`${MOD} /`, texts.commentsOutAndInAgain],
    [texts.escThenTab, texts.leavesTheEditor],
  ],
} as const

export function ConsolePage() {
  const linked = parseConsoleUrl(useSearch())
  const [text, setText] = useState(() => linked ?? storedText() ?? WELCOME)
  const [selection, setSelection] = useState<[number, number]>([0, 0])
  const [history, setHistory] = useState(false)
  const editor = useRef<EditorHandle>(null)
  const { answers, busy, run, cancel } = useRuns()

  const parsed = useMemo(() => parseConsole(text), [text])
  const current = useMemo(() => requestsAt(parsed.requests, ...selection), [parsed, selection])
  const starts = useMemo(() => lineStarts(text), [text])
  const active = useMemo(() => linesOf(starts, current), [starts, current])
  const faults = useMemo(
    // What is being written is not wrong yet.
    () =>
      [parsed.stray, ...parsed.requests.map(r => r.fault)]
        .filter(f => f !== null)
        .filter(f => selection[0] < f.start || selection[0] > f.end),
    [parsed, selection],
  )
  const { catalogue, address } = useCatalogue(indexOf(current[0]))
  const complete = useCallback(
    (written: string, cursor: number) => completeConsole(written, cursor, catalogue),
    [catalogue],
  )
  const server =
    address === null
      ? `${location.origin}/es`
      : address && `http://${location.hostname}:${address.split(':').at(-1)}`

  const change = (changed: string) => {
    setText(changed)
    storeText(changed)
  }
  const send = () => run(current, text)
  const tidy = () => {
    for (const request of current.toReversed()) editBody(editor.current, text, request)
  }
  const step = (way: 1 | -1) => {
    const at = selection[0]
    const next =
      way > 0 ? parsed.requests.find(r => r.start > at) : parsed.requests.findLast(r => r.start < at)
    if (next) editor.current?.select(next.start, next.start)
  }
  const command = (event: KeyboardEvent): boolean => {
    const { key } = event
    if (key === 'Enter') send()
    else if (key === 'i') tidy()
    else if (key === 'ArrowDown' || key === 'ArrowUp') step(key === 'ArrowDown' ? 1 : -1)
    else return false
    return true
  }
  const insert = (written: string) => {
    const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n'
    const at = text.length
    const start = at + gap.length
    editor.current?.edit({ from: at, to: at, insert: `${gap}${written}\n`, select: [start, start] })
    requestAnimationFrame(() => editor.current?.select(start, start))
  }
  const commands = [
    { id: 'run', label: texts.sendTheRequest, keys: [MOD, 'Enter'], run: send },
    { id: 'tidy', label: texts.layOutTheBody, keys: [MOD, 'I'], run: tidy },
    { id: 'next', label: texts.nextRequest, keys: [MOD, '↓'], run: () => step(1) },
    { id: 'previous', label: texts.previousRequest, keys: [MOD, '↑'], run: () => step(-1) },
    { id: 'history', label: texts.requestsSentBefore, run: () => setHistory(true) },
  ].map(c => ({ ...c, kind: texts.consoleWord }))
  const fault = faults.find(f => f === parsed.stray || current.some(r => r.fault === f)) ?? null
  return (
    <div className={styles.page}>
      <PageBar current="/dev_tools/console" commands={commands} examples={EXAMPLES}>
        <RequestHistory open={history} onOpenChange={setHistory} onInsert={insert} />
        <CopyButton
          className="button quiet"
          label={texts.share}
          text={() => location.origin + BASE + formatConsoleUrl(text)}
        />
      </PageBar>
      <Split
        label={texts.widthOfTheEditor}
        left={
          <section className={styles.pane} aria-label={texts.requests}>
            <div className={styles.tools}>
              {busy ? (
                <button type="button" className="button small outlined" onClick={cancel}>
                  <Icon name="close" size={13} /> {texts.cancel}
                </button>
              ) : (
                <button
                  type="button"
                  className="button small primary"
                  disabled={current.every(r => r.path === '')}
                  onClick={send}
                >
                  <Icon name="play" size={13} />
                  {current.length > 1 ? texts.sendCount(current.length) : texts.send}
                  <span className={styles.keys}>{MOD} ↵</span>
                </button>
              )}
              <p className={styles.about} data-wrong={fault !== null} role="status">
                {fault
                  ? texts.line(lineAt(starts, fault.start) + 1, fault.message)
                  : current.length > 1
                    ? texts.countRequests(current.length)
                    : current[0] && `${current[0].method} ${current[0].path}`}
              </p>
              <button
                type="button"
                className="button quiet small"
                title={texts.layOutTheBodyWithKeys(MOD)}
                disabled={current.every(r => r.body === '')}
                onClick={tidy}
              >
                {texts.tidy}
              </button>
              <CopyAs requests={current} server={server} />
            </div>
            <CodeEditor
              handle={editor}
              label={texts.console}
              value={text}
              spans={parsed.tokens}
              marks={faults}
              active={active}
              complete={complete}
              placeholder="GET _cat/indices?v"
              onCommand={command}
              onChange={change}
              onSelect={(from, to) => setSelection(s => (s[0] === from && s[1] === to ? s : [from, to]))}
            />
          </section>
        }
        right={<Answers answers={answers} busy={busy} />}
      />
    </div>
  )
}

function linesOf(starts: number[], requests: ConsoleRequest[]): { from: number; to: number } | null {
  const first = requests[0]
  const last = requests.at(-1)
  return first && last ? { from: lineAt(starts, first.start), to: lineAt(starts, last.end) } : null
}

/** The indices that a request is about, for the names of their fields. */
function indexOf(request: ConsoleRequest | undefined): string {
  const first = /^\/?([^/?_][^/?]*)/.exec(request?.path ?? '')?.[1]
  return first === undefined || first.includes(':') ? '*' : first
}

/** Lays a body out: each line of a stream as one, else each member on a line. */
function editBody(editor: EditorHandle | null, text: string, request: ConsoleRequest) {
  if (request.body === '' || request.fault) return
  const { bodyStart: from, end: to } = request
  const written = text.slice(from, to)
  const insert = request.lines ? request.body.trimEnd() : layOut(written, tokenizeConsole(written))
  if (insert !== written) editor?.edit({ from, to, insert, select: [request.start, request.start] })
}
