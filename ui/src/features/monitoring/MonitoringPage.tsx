import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { metrics } from '../../api/metrics'
import { LineChart } from '../../components/LineChart'
import { formatBytes } from '../../lib/bytes'
import { type MetricPoint, type Metrics, withGaps } from '../../lib/metrics'
import { formatRough, formatShort } from '../../lib/numbers'
import { formatConsoleUrl } from '../../lib/pages'
import { formatAgo, formatDuration, formatFull } from '../../lib/time/format'
import { PageBar } from '../../shell/PageBar'
import { Answered, Waiting } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/monitoring'
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
  '15m': texts.minutes15,
  '1h': texts.hour1,
  '6h': texts.hours6,
  '24h': texts.hours24,
  '7d': texts.days7,
  '30d': texts.days30,
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
    label: texts.showTheLast(SPAN_WORDS[s]),
    kind: texts.monitoring,
    run: () => setSpan(s),
  }))
  return (
    <div className={styles.page}>
      <PageBar current={PATH} commands={commands}>
        <fieldset className={styles.spans} aria-label={texts.howFarBack}>
          {spans.map(s => (
            <button
              key={s}
              type="button"
              aria-pressed={s === span}
              title={texts.theLast(SPAN_WORDS[s])}
              onClick={() => setSpan(s)}
            >
              {s}
            </button>
          ))}
        </fieldset>
      </PageBar>
      <main className={styles.body} aria-label={texts.stackMonitoring}>
        <h1 className="visually-hidden">{texts.stackMonitoring}</h1>
        <Answered query={query} title={texts.theServerTellsNothing}>
          {data => (
            <>
              <Charts data={data} seconds={SPANS[span]} />
              <Slow data={data} />
              <Shippers />
            </>
          )}
        </Answered>
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
          ? texts.theServerHasJustStarted
          : first && first.at > from + seconds * 20
            ? texts.theFirstNumbers(formatDuration(now - first.at))
            : ''}
      </p>
      <div className={styles.charts}>
        <LineChart
          {...shared}
          title={texts.documentsWritten}
          lines={[of(texts.written, p => p.indexRate)]}
          format={rate}
        />
        <LineChart
          {...shared}
          title={texts.searches}
          lines={[of(texts.searchesWord, p => p.searchRate)]}
          format={rate}
        />
        <LineChart
          {...shared}
          title={texts.timeForOneSearch}
          lines={[of(texts.search, p => p.searchMillis)]}
          format={millis}
        />
        <LineChart
          {...shared}
          title={texts.pipelines}
          lines={[of(texts.in, p => p.eventsInRate), of(texts.out, p => p.eventsOutRate)]}
          format={rate}
        />
        <LineChart
          {...shared}
          title={texts.waiting}
          lines={[of(texts.queued, p => p.queued), of(texts.deadLetters, p => p.letters)]}
          format={formatShort}
        />
        <LineChart
          {...shared}
          title={texts.processorTime100IsOne}
          lines={[of(texts.processors, p => p.processors)]}
          format={n => `${formatRough(n * 100)} %`}
        />
        <LineChart
          {...shared}
          title={texts.memory}
          lines={[of(texts.held, p => p.memoryBytes), of(texts.objects, p => p.heapBytes)]}
          format={formatBytes}
        />
        <LineChart
          {...shared}
          title={texts.diskInUse}
          lines={[of(texts.inUse, p => p.diskTotalBytes - p.diskFreeBytes)]}
          format={n => texts.of(formatBytes(n), formatBytes(disk))}
          most={disk}
          levels={[
            { at: disk * LOW, label: texts.lowWatermarkNewShardsGo },
            { at: disk * FLOOD, label: texts.floodStageWritesAreRefused },
          ]}
        />
        <LineChart
          {...shared}
          title={texts.dataOfTheStore}
          lines={[of(texts.files, p => p.storeBytes), of(texts.log, p => p.logBytes)]}
          format={formatBytes}
        />
        <LineChart
          {...shared}
          title={texts.segments}
          lines={[of(texts.segmentsWord, p => p.segments)]}
          format={formatShort}
        />
        <LineChart
          {...shared}
          title={texts.merges}
          lines={[of(texts.mergesWord, p => p.mergeRate)]}
          format={rate}
        />
        <LineChart
          {...shared}
          title={texts.documents}
          lines={[of(texts.documentsWord, p => p.docs)]}
          format={formatShort}
        />
      </div>
    </>
  )
}

/** Searches that took long, to be sent again from the console. */
function Slow({ data }: { data: Metrics }) {
  return (
    <section className={styles.section} aria-label={texts.slowSearches}>
      <h2>{texts.slowSearches}</h2>
      {data.slow.length === 0 ? (
        <p className={styles.note}>{texts.noSearchHasTakenHalf}</p>
      ) : (
        <table className={styles.rows}>
          <thead>
            <tr>
              <th scope="col">{texts.at}</th>
              <th scope="col">{texts.took}</th>
              <th scope="col">{texts.request}</th>
              <th scope="col">
                <span className="visually-hidden">{texts.waysOn}</span>
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
                  <Link href={formatConsoleUrl(`${consoleLine(s.request)}\n${s.body}`)}>{texts.console}</Link>
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
    <section className={styles.section} aria-label={texts.shippers}>
      <h2>{texts.shippersOfTheLastDay}</h2>
      <Answered query={query} title={texts.theShippersDidNotCome} waiting={<Waiting rows={2} />}>
        {data =>
          data.length === 0 ? (
            <p className={styles.note}>{texts.noEventOfTheLast}</p>
          ) : (
            <table className={styles.rows}>
              <thead>
                <tr>
                  <th scope="col">{texts.shipper}</th>
                  <th scope="col">{texts.kind}</th>
                  <th scope="col">{texts.version}</th>
                  <th scope="col">{texts.events}</th>
                  <th scope="col">{texts.newestEvent}</th>
                </tr>
              </thead>
              <tbody>
                {data
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
          )
        }
      </Answered>
    </section>
  )
}
