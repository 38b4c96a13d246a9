import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { search } from '../../../api/client'
import { Icon } from '../../../components/Icon'
import type { Field } from '../../../lib/fields'
import { formatCount, formatMeasure, formatShare } from '../../../lib/numbers'
import { formatFull } from '../../../lib/time/format'
import { texts } from '../../../texts/discover_tabs'
import { Failed } from '../Notices'
import { boolQuery, timeClause } from '../request'
import type { Discover } from '../useDiscover'
import type { Edits } from '../useEdits'
import { BATCH, decodeStats, type FieldStats, statsRequest } from './fieldstats'
import styles from './Tabs.module.css'

/** Every field of what was found: how often it is there, what it holds, and how its numbers are spread. */
export function Fields({ discover, edits }: { discover: Discover; edits: Edits }) {
  const { subject, range, fields, present } = discover
  const [all, setAll] = useState(false)
  const shown = useMemo(
    () => fields.filter(f => f.kind !== 'object' && f.searchable && (all || present.has(f.name))),
    [fields, present, all],
  )
  const batches = useMemo(() => {
    const out: Field[][] = []
    for (let i = 0; i < shown.length; i += BATCH) out.push(shown.slice(i, i + BATCH))
    return out
  }, [shown])
  const query = useMemo(
    () =>
      subject && range
        ? boolQuery(subject.conditions, timeClause(subject.timeField, { gte: range.from, lte: range.to }))
        : null,
    [subject, range],
  )
  const results = useQueries({
    queries: batches.map(batch => ({
      queryKey: ['fieldstats', subject?.index, query, range?.askedAt, batch.map(f => f.name)],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const answer = await search(subject?.index ?? '', statsRequest(query ?? {}, batch), signal)
        return { total: answer.total?.value ?? 0, stats: decodeStats(answer.aggregations, batch) }
      },
      enabled: query !== null,
      placeholderData: keepPreviousData,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
    })),
  })
  const failed = results.find(r => r.isError)
  if (failed?.error) return <Failed error={failed.error} onRetry={() => results.map(r => r.refetch())} />
  const hidden = fields.filter(f => f.kind !== 'object' && f.searchable).length - shown.length
  return (
    <div className={styles.tab} data-stale={results.some(r => r.isPlaceholderData)}>
      <table className={styles.fields}>
        <caption className="visually-hidden">{texts.fieldsOfTheEventsFound}</caption>
        <thead>
          <tr>
            <th scope="col">{texts.field}</th>
            <th scope="col">{texts.type}</th>
            <th scope="col">{texts.coverage}</th>
            <th scope="col">{texts.distinct}</th>
            <th scope="col">{texts.values}</th>
          </tr>
        </thead>
        <tbody>
          {batches.map((batch, b) =>
            batch.map((field, i) => (
              <FieldRow
                key={field.name}
                field={field}
                stats={results[b]?.data?.stats[i] ?? null}
                total={results[b]?.data?.total ?? 0}
                edits={edits}
              />
            )),
          )}
        </tbody>
      </table>
      {(hidden > 0 || all) && (
        <p className={styles.foot}>
          <button type="button" className="button quiet small" onClick={() => setAll(!all)}>
            <Icon name={all ? 'minus' : 'plus'} size={12} />
            {all ? texts.onlyFieldsOfTheLoaded : texts.fieldsThatTheLoadedEvents(hidden)}
          </button>
        </p>
      )}
    </div>
  )
}

interface RowProps {
  field: Field
  stats: FieldStats | null
  total: number
  edits: Edits
}

function FieldRow({ field, stats, total, edits }: RowProps) {
  return (
    <tr>
      <th scope="row" title={field.name}>
        {field.name}
      </th>
      <td className={styles.quiet}>{field.type}</td>
      <td>
        {stats && (
          <button
            type="button"
            className={styles.share}
            title={texts.onlyEventsThatHave(field.name)}
            onClick={() => edits.filterExists(field.name)}
          >
            <i style={{ width: `${total > 0 ? (100 * stats.having) / total : 0}%` }} />
            <span>{formatShare(stats.having, total)}</span>
          </button>
        )}
      </td>
      <td className={styles.number}>
        {stats?.distinct !== null && stats ? `≈ ${formatCount(stats.distinct)}` : ''}
      </td>
      <td>{stats && <Values field={field} stats={stats} edits={edits} />}</td>
    </tr>
  )
}

function Values({ field, stats, edits }: { field: Field; stats: FieldStats; edits: Edits }) {
  if (stats.having === 0) return <span className={styles.quiet}>{texts.noEventHasIt}</span>
  if (stats.spread) return <Spread spread={stats.spread} />
  if (stats.first !== null && stats.last !== null)
    return (
      <span className={styles.dates}>
        {formatFull(stats.first)} → {formatFull(stats.last)}
      </span>
    )
  if (stats.top.length === 0) return <span className={styles.quiet}>{texts.textItsKindsAreUnder}</span>
  return (
    <ul className={styles.values}>
      {stats.top.map(value => (
        <li key={value.text}>
          <button
            type="button"
            title={texts.onlyWithShiftWithout(field.name, value.text)}
            onClick={event =>
              edits.filter(
                field.name,
                field.kind === 'boolean' ? value.text === 'true' : value.key,
                event.shiftKey,
              )
            }
          >
            <span>{value.text === '' ? texts.empty : value.text}</span>{' '}
            {formatShare(value.count, stats.having)}
          </button>
        </li>
      ))}
    </ul>
  )
}

const MARKS = [0, 50, 95, 99, 100] as const
const NAMES = { 0: 'min', 50: 'p50', 95: 'p95', 99: 'p99', 100: 'max' }

/** The middle half as a box, the middle nine tenths as a line, on a scale from the least to the 99th percentile. */
function Spread({ spread }: { spread: Map<number, number> }) {
  const at = (percent: number) => spread.get(percent) ?? 0
  const [low, high] = [at(0), at(99)]
  const place = (percent: number) => {
    const x = high > low ? (at(percent) - low) / (high - low) : 0
    return `${(100 * Math.min(1, Math.max(0, x))).toFixed(2)}%`
  }
  const width = (a: number, b: number) => `calc(${place(b)} - ${place(a)})`
  return (
    <div className={styles.spread}>
      <div className={styles.box} aria-hidden="true">
        <i data-part="line" style={{ left: place(5), width: width(5, 95) }} />
        <i data-part="half" style={{ left: place(25), width: width(25, 75) }} />
        <i data-part="middle" style={{ left: place(50) }} />
      </div>
      <dl>
        {MARKS.map(percent => (
          <div key={percent}>
            <dt>{NAMES[percent]}</dt>
            <dd>{formatMeasure(at(percent))}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
