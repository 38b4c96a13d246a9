import { Link } from 'wouter'
import { reload } from '../../api/pipelines'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { HealthMark } from '../../components/HealthMark'
import { Icon } from '../../components/Icon'
import { Tabs } from '../../components/Tabs'
import { formatBytes } from '../../lib/bytes'
import { formatCount, formatRough } from '../../lib/numbers'
import type { PipelineHealth, PipelineStats } from '../../lib/pipelines'
import { PageBar } from '../../shell/PageBar'
import { Answered, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/pipelines'
import { ConfigEditor } from './ConfigEditor'
import { PipelineGraph } from './PipelineGraph'
import styles from './PipelinesPage.module.css'
import { useDeed, useHealth, usePipelines } from './queries'
import { formatPipelinesUrl, type PipelinesState, parsePipelinesUrl } from './url'

const PATH = '/pipelines'

type Listed = PipelineStats & { health: PipelineHealth | undefined }

const COLUMNS: DataColumn<Listed>[] = [
  {
    id: 'id',
    label: texts.pipeline,
    width: 'minmax(150px, 2fr)',
    sort: row => row.id,
    cell: row => (
      <>
        <HealthMark health={row.health?.status ?? 'unknown'} />
        <button type="button" className={styles.name}>
          {row.id}
        </button>
      </>
    ),
  },
  {
    id: 'state',
    label: texts.state,
    width: 'minmax(70px, 1fr)',
    sort: row => row.health?.state ?? '',
    cell: row => row.health?.state ?? '–',
  },
  {
    id: 'in',
    label: texts.inS,
    width: '80px',
    numeric: true,
    sort: row => row.inRate,
    cell: row => formatRough(row.inRate),
  },
  {
    id: 'out',
    label: texts.outS,
    width: '80px',
    numeric: true,
    sort: row => row.outRate,
    cell: row => formatRough(row.outRate),
  },
  {
    id: 'total',
    label: texts.events,
    width: '100px',
    numeric: true,
    sort: row => row.in,
    cell: row => formatCount(row.in),
  },
  {
    id: 'busy',
    label: texts.workersBusy,
    width: '96px',
    numeric: true,
    sort: row => row.utilization,
    cell: row => `${Math.round(row.utilization)} %`,
  },
  {
    id: 'queue',
    label: texts.queue,
    width: 'minmax(110px, 1fr)',
    numeric: true,
    sort: row => row.queue.events,
    cell: row =>
      `${formatCount(row.queue.events)}${row.queue.type === 'persisted' ? `, ${texts.bytesOf(formatBytes(row.queue.bytes), formatBytes(row.queue.maxBytes))}` : ` ${texts.inMemory}`}`,
  },
  {
    id: 'letters',
    label: texts.deadLetters,
    width: '90px',
    numeric: true,
    sort: row => row.letters,
    cell: row => (row.letters > 0 ? <Link href="/dead_letters">{formatCount(row.letters)}</Link> : '0'),
  },
]

export function PipelinesPage() {
  const state = parsePipelinesUrl(useSearch())
  const set = (patch: Partial<PipelinesState>) => {
    const query = formatPipelinesUrl({ ...state, ...patch })
    navigate(query === '' ? PATH : `${PATH}?${query}`, { replace: patch.open === undefined })
  }
  const stats = usePipelines()
  const health = useHealth()
  const again = useDeed(reload)
  const rows = (stats.data ?? []).map(row => ({ ...row, health: health.data?.[row.id] }))
  const open = rows.find(row => row.id === state.open)
  const commands = [
    {
      id: 'reload',
      label: texts.reloadChangedConfigurations,
      kind: texts.pipelinesWord,
      run: () => again.mutate(undefined),
    },
    ...rows.map(row => ({
      id: `pipeline ${row.id}`,
      label: row.id,
      kind: texts.pipelineWord,
      run: () => set({ open: row.id }),
    })),
  ]
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={commands}>
        <button
          type="button"
          className="button quiet"
          disabled={again.isPending}
          onClick={() => again.mutate(undefined)}
        >
          <Icon name="refresh" size={13} /> {texts.reloadConfigurations}
        </button>
      </PageBar>
      <main className={styles.body} aria-label={texts.pipelines} data-open={Boolean(open)}>
        <h1 className="visually-hidden">{texts.pipelines}</h1>
        <div className={styles.outcome}>
          <Outcome error={again.error} done={again.data ? reloadText(again.data) : null} />
        </div>
        <Answered query={stats} title={texts.thePipelinesDoNotAnswer} waiting={<Waiting rows={3} />}>
          {() =>
            rows.length === 0 ? (
              <Nothing title={texts.noPipelinesRunHere}>
                <p>
                  <code>elkhorn up -f my.conf</code> {texts.runsALogstashConfiguration}
                </p>
              </Nothing>
            ) : (
              <div
                className={styles.list}
                data-short={Boolean(open)}
                style={{ height: Math.min(6, rows.length) * 30 + 31 }}
              >
                <DataTable
                  label={texts.pipelines}
                  columns={COLUMNS}
                  rows={rows}
                  keyOf={row => row.id}
                  selected={state.open}
                  onSelect={row => set({ open: row.id })}
                />
              </div>
            )
          }
        </Answered>
        {!stats.error && rows.length > 0 && !open && (
          <p className={styles.hint}>{texts.chooseAPipelineToSee}</p>
        )}
        {open && (
          <section className={styles.detail} aria-label={open.id}>
            <header className={styles.head}>
              <h2>{open.id}</h2>
              <Link
                className="button quiet small"
                href={`/dev_tools/pipeline_debugger?pipeline=${encodeURIComponent(open.id)}`}
              >
                {texts.debugWithAnEvent}
              </Link>
              <button
                type="button"
                className="button quiet small icon"
                aria-label={texts.close}
                title={texts.close}
                onClick={() => set({ open: null, tab: 'graph' })}
              >
                <Icon name="close" size={13} />
              </button>
            </header>
            {open.health?.diagnosis.map(d => (
              <p key={d.cause} className={styles.fault} role="alert">
                {d.cause} – {d.action}
              </p>
            ))}
            <Tabs
              label={texts.aboutThePipeline}
              tabs={[
                ['graph', texts.graph],
                ['edit', texts.configuration],
              ]}
              current={state.tab}
              onChange={tab => set({ tab })}
            />
            <div
              key={open.id}
              className={styles.content}
              role="tabpanel"
              aria-label={state.tab === 'graph' ? texts.graph : texts.configuration}
            >
              {state.tab === 'graph' ? (
                <PipelineGraph pipeline={open} at={stats.dataUpdatedAt} />
              ) : (
                <ConfigEditor id={open.id} />
              )}
            </div>
          </section>
        )}
      </main>
    </div>
  )
}

/** By the name that a report of a reload has for them. */
const RELOADED = { started: texts.started, reloaded: texts.reloaded, stopped: texts.stopped }

/** What a reload did, in words. */
function reloadText(answer: Record<string, unknown>): string {
  const report = (answer.reload ?? {}) as Record<string, unknown>
  const failed = Object.entries((report.failed ?? {}) as Record<string, string>)
  if (failed.length > 0) return failed.map(([id, why]) => texts.wasNotLoaded(id, why)).join('\n')
  const parts = Object.entries(RELOADED).flatMap(([name, word]) => {
    const ids = report[name]
    return Array.isArray(ids) && ids.length > 0 ? `${word}: ${ids.join(', ')}` : []
  })
  return parts.length > 0 ? parts.join(' · ') : texts.nothingHasChangedOnDisk
}
