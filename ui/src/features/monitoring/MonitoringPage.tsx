import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { metrics } from '../../api/metrics'
import { LineChart } from '../../components/LineChart'
import { formatBytes } from '../../lib/bytes'
import { type MetricPoint, type Metrics, withGaps } from '../../lib/metrics'
import { formatRough, formatShort } from '../../lib/numbers'
import { formatConsoleUrl } from '../../lib/pages'
import { formatAgo, formatDuration, formatFull } from '../../lib/time/format'
import { PageBar } from '../../shell/PageBar'
import { Failure, Waiting } from '../../shell/States'
import { navigate } from '../../state/navigate'
import styles from './MonitoringPage.module.css'
import { shippers } from './shippers'

const PATH = '/monitoring'
const SPANS = {
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
} as const
type Span = keyof typeof SPANS
const SPAN_WORDS: Record<Span, string> = {
  '15m': '15 minutes',
  '1h': '1 hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
}
/** Points of a chart: as many as its pixels can show. */
const POINTS = 240
const SHIPPER_MILLIS = 60_000
/** Shares of the disk at which the store acts, by default. */
const LOW = 0.85
const FLOOD = 0.95

const isSpan = (text: string | null): text is Span => text !== null && text in SPANS

export function MonitoringPage() {
  const asked = new URLSearchParams(useSearch()).get('span')
  const span: Span = isSpan(asked) ? asked : '15m'
  const query = useQuery({
    queryKey: ['metrics', span],
    queryFn: ({ signal }) => metrics(SPANS[span], POINTS, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  })
  const setSpan = (next: Span) => navigate(next === '15m' ? PATH : `${PATH}?span=${next}`, { replace: true })
  const spans = Object.keys(SPANS).filter(isSpan)
  const commands = spans.map(s => ({
    id: s,
    label: `Show the last ${SPAN_WORDS[s]}`,
    kind: 'monitoring',
    run: () => setSpan(s),
  }))
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={commands}>
        <fieldset className={styles.spans} aria-label="How far back">
          {spans.map(s => (
            <button
              key={s}
              type="button"
              aria-pressed={s === span}
              title={`The last ${SPAN_WORDS[s]}`}
              onClick={() => setSpan(s)}
            >
              {s}
            </button>
          ))}
        </fieldset>
      </PageBar>
      <main className={styles.body} aria-label="Stack monitoring">
        <h1 className="visually-hidden">Stack monitoring</h1>
        {query.error ? (
          <Failure
            error={query.error}
            title="The server tells nothing of itself"
            onRetry={() => query.refetch()}
          />
        ) : !query.data ? (
          <Waiting />
        ) : (
          <>
            <Charts data={query.data} seconds={SPANS[span]} />
            <Slow data={query.data} />
            <Shippers />
          </>
        )}
      </main>
    </div>
  )
}

function Charts({ data, seconds }: { data: Metrics; seconds: number }) {
  const [pointed, setPointed] = useState<number | null>(null)
  const { points, now } = data
  const last = points.at(-1)
  const first = points[0]
  const from = now - seconds * 1000
  const steps = withGaps(points)
  const shared = { times: steps.map(step => step.at), from, to: now, pointed, onPoint: setPointed }
  const of = (label: string, value: (p: MetricPoint) => number | null) => ({
    label,
    values: steps.map(({ point }) => point && value(point)),
  })
  const rate = (n: number) => `${n < 10_000 ? formatRough(n) : formatShort(n)}/s`
  const millis = (n: number) => `${formatRough(n)} ms`
  const disk = last?.diskTotalBytes ?? 0
  return (
    <>
      <p className={styles.since} role="status">
        {last === undefined
          ? 'The server has just started: the first numbers come within seconds.'
          : first && first.at > from + seconds * 20
            ? `The first numbers are of ${formatDuration(now - first.at)} ago.`
            : ''}
      </p>
      <div className={styles.charts}>
        <LineChart
          {...shared}
          title="Documents written"
          lines={[of('written', p => p.indexRate)]}
          format={rate}
        />
        <LineChart {...shared} title="Searches" lines={[of('searches', p => p.searchRate)]} format={rate} />
        <LineChart
          {...shared}
          title="Time for one search"
          lines={[of('search', p => p.searchMillis)]}
          format={millis}
        />
        <LineChart
          {...shared}
          title="Pipelines"
          lines={[of('in', p => p.eventsInRate), of('out', p => p.eventsOutRate)]}
          format={rate}
        />
        <LineChart
          {...shared}
          title="Waiting"
          lines={[of('queued', p => p.queued), of('dead letters', p => p.letters)]}
          format={formatShort}
        />
        <LineChart
          {...shared}
          title="Processor time, 100 % is one processor"
          lines={[of('processors', p => p.processors)]}
          format={n => `${formatRough(n * 100)} %`}
        />
        <LineChart
          {...shared}
          title="Memory"
          lines={[of('held', p => p.memoryBytes), of('objects', p => p.heapBytes)]}
          format={formatBytes}
        />
        <LineChart
          {...shared}
          title="Disk in use"
          lines={[of('in use', p => p.diskTotalBytes - p.diskFreeBytes)]}
          format={n => `${formatBytes(n)} of ${formatBytes(disk)}`}
          most={disk}
          levels={[
            { at: disk * LOW, label: 'low watermark: new shards go elsewhere' },
            { at: disk * FLOOD, label: 'flood stage: writes are refused' },
          ]}
        />
        <LineChart
          {...shared}
          title="Data of the store"
          lines={[of('files', p => p.storeBytes), of('log', p => p.logBytes)]}
          format={formatBytes}
        />
        <LineChart
          {...shared}
          title="Segments"
          lines={[of('segments', p => p.segments)]}
          format={formatShort}
        />
        <LineChart {...shared} title="Merges" lines={[of('merges', p => p.mergeRate)]} format={rate} />
        <LineChart
          {...shared}
          title="Documents"
          lines={[of('documents', p => p.docs)]}
          format={formatShort}
        />
      </div>
    </>
  )
}

/** Searches that took long, to be sent again from the console. */
function Slow({ data }: { data: Metrics }) {
  return (
    <section className={styles.section} aria-label="Slow searches">
      <h2>Slow searches</h2>
      {data.slow.length === 0 ? (
        <p className={styles.note}>No search has taken half a second since the server started.</p>
      ) : (
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Took</th>
              <th scope="col">Request</th>
              <th scope="col">
                <span className="visually-hidden">Ways on</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.slow.slice(0, 20).map(s => (
              <tr key={`${s.at} ${s.request} ${s.tookMillis}`}>
                <td>{formatFull(Date.parse(s.at))}</td>
                <td>{formatDuration(s.tookMillis)}</td>
                <td>
                  <code title={s.body}>
                    {s.request} {s.body}
                  </code>
                </td>
                <td>
                  <Link href={formatConsoleUrl(`${consoleLine(s.request)}\n${s.body}`)}>Console</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** A request's line as the console writes it. */
const consoleLine = (request: string) => request.replace(/ \/es\//, ' /')

function Shippers() {
  const query = useQuery({
    queryKey: ['shippers'],
    queryFn: ({ signal }) => shippers(signal),
    refetchInterval: SHIPPER_MILLIS,
  })
  const now = Date.now()
  return (
    <section className={styles.section} aria-label="Shippers">
      <h2>Shippers of the last day</h2>
      {query.error ? (
        <p className={styles.note} role="alert">
          {query.error.message}
        </p>
      ) : !query.data ? (
        <Waiting rows={2} />
      ) : query.data.length === 0 ? (
        <p className={styles.note}>No event of the last day names the shipper that sent it (agent.name).</p>
      ) : (
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">Shipper</th>
              <th scope="col">Kind</th>
              <th scope="col">Version</th>
              <th scope="col">Events</th>
              <th scope="col">Newest event</th>
            </tr>
          </thead>
          <tbody>
            {query.data
              .toSorted((a, b) => b.last - a.last)
              .map(s => (
                <tr key={`${s.name} ${s.type} ${s.version}`}>
                  <td>
                    <Link
                      href={`/discover?${new URLSearchParams({ q: `agent.name: "${s.name}"`, from: 'now-1d' })}`}
                    >
                      {s.name}
                    </Link>
                  </td>
                  <td>{s.type || '–'}</td>
                  <td>{s.version || '–'}</td>
                  <td>{formatShort(s.events)}</td>
                  <td>{formatAgo(s.last, now)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
