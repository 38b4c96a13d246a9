import { Link, useSearch } from 'wouter'
import { reload } from '../../api/pipelines'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { HealthMark } from '../../components/HealthMark'
import { Icon } from '../../components/Icon'
import { Tabs } from '../../components/Tabs'
import { formatBytes } from '../../lib/bytes'
import { formatCount, formatRough } from '../../lib/numbers'
import type { PipelineHealth, PipelineStats } from '../../lib/pipelines'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Outcome, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
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
    label: 'Pipeline',
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
    label: 'State',
    width: 'minmax(70px, 1fr)',
    sort: row => row.health?.state ?? '',
    cell: row => row.health?.state ?? '–',
  },
  {
    id: 'in',
    label: 'In/s',
    width: '80px',
    numeric: true,
    sort: row => row.inRate,
    cell: row => formatRough(row.inRate),
  },
  {
    id: 'out',
    label: 'Out/s',
    width: '80px',
    numeric: true,
    sort: row => row.outRate,
    cell: row => formatRough(row.outRate),
  },
  {
    id: 'total',
    label: 'Events',
    width: '100px',
    numeric: true,
    sort: row => row.in,
    cell: row => formatCount(row.in),
  },
  {
    id: 'busy',
    label: 'Workers busy',
    width: '96px',
    numeric: true,
    sort: row => row.utilization,
    cell: row => `${Math.round(row.utilization)} %`,
  },
  {
    id: 'queue',
    label: 'Queue',
    width: 'minmax(110px, 1fr)',
    numeric: true,
    sort: row => row.queue.events,
    cell: row =>
      `${formatCount(row.queue.events)}${row.queue.type === 'persisted' ? `, ${formatBytes(row.queue.bytes)} of ${formatBytes(row.queue.maxBytes)}` : ' in memory'}`,
  },
  {
    id: 'letters',
    label: 'Dead letters',
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
      label: 'Reload changed configurations',
      kind: 'pipelines',
      run: () => again.mutate(undefined),
    },
    ...rows.map(row => ({
      id: `pipeline ${row.id}`,
      label: row.id,
      kind: 'pipeline',
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
          <Icon name="refresh" size={13} /> reload configurations
        </button>
      </PageBar>
      <main className={styles.body} aria-label="Pipelines" data-open={Boolean(open)}>
        <h1 className="visually-hidden">Pipelines</h1>
        <div className={styles.outcome}>
          <Outcome error={again.error} done={again.data ? reloadText(again.data) : null} />
        </div>
        {stats.error ? (
          <Failure error={stats.error} title="The pipelines do not answer" onRetry={() => stats.refetch()} />
        ) : !stats.data ? (
          <Waiting rows={3} />
        ) : rows.length === 0 ? (
          <Nothing title="No pipelines run here">
            <p>
              <code>elkhorn up -f my.conf</code> runs a Logstash configuration.
            </p>
          </Nothing>
        ) : (
          <div
            className={styles.list}
            data-short={Boolean(open)}
            style={{ height: Math.min(6, rows.length) * 30 + 31 }}
          >
            <DataTable
              label="Pipelines"
              columns={COLUMNS}
              rows={rows}
              keyOf={row => row.id}
              selected={state.open}
              onSelect={row => set({ open: row.id })}
            />
          </div>
        )}
        {rows.length > 0 && !open && (
          <p className={styles.hint}>
            Choose a pipeline to see what it is made of, with live rates, and to change it.
          </p>
        )}
        {open && (
          <section className={styles.detail} aria-label={open.id}>
            <header className={styles.head}>
              <h2>{open.id}</h2>
              <Link
                className="button quiet small"
                href={`/dev_tools/pipeline_debugger?pipeline=${encodeURIComponent(open.id)}`}
              >
                Debug with an event
              </Link>
              <button
                type="button"
                className="button quiet small icon"
                aria-label="Close"
                title="Close"
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
              label="About the pipeline"
              tabs={[
                ['graph', 'Graph'],
                ['edit', 'Configuration'],
              ]}
              current={state.tab}
              onChange={tab => set({ tab })}
            />
            <div
              key={open.id}
              className={styles.content}
              role="tabpanel"
              aria-label={state.tab === 'graph' ? 'Graph' : 'Configuration'}
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

/** What a reload did, in words. */
function reloadText(answer: Record<string, unknown>): string {
  const report = (answer.reload ?? {}) as Record<string, unknown>
  const failed = Object.entries((report.failed ?? {}) as Record<string, string>)
  if (failed.length > 0) return failed.map(([id, why]) => `${id} was not loaded: ${why}`).join('\n')
  const parts = (['started', 'reloaded', 'stopped'] as const).flatMap(name => {
    const ids = report[name]
    return Array.isArray(ids) && ids.length > 0 ? `${name}: ${ids.join(', ')}` : []
  })
  return parts.length > 0 ? parts.join(' · ') : 'Nothing has changed on disk.'
}
