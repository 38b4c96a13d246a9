import { Icon } from '../../components/Icon'
import { filterRows } from '../../lib/vis/buckets/filters'
import { asJson, asList, asNumber, asText } from '../../lib/vis/json'
import { metricLabel } from '../../lib/vis/metrics'
import { type AggProps, Check, Entry, Select } from './AggEditor'
import styles from './BucketOptions.module.css'

type Props = AggProps & { onParam: (name: string, value: unknown) => void }

const INTERVALS: [string, string][] = [
  ['auto', 'Width: automatic'],
  ['s', 'a second'],
  ['10s', '10 seconds'],
  ['m', 'a minute'],
  ['5m', '5 minutes'],
  ['15m', '15 minutes'],
  ['h', 'an hour'],
  ['d', 'a day'],
  ['w', 'a week'],
  ['M', 'a month'],
  ['y', 'a year'],
  ['custom', 'Another width'],
]

export function BucketOptions(props: Props) {
  const { agg, onParam } = props
  const { params } = agg
  const interval = asText(params.interval, 'auto')
  switch (agg.type) {
    case 'date_histogram': {
      const listed = INTERVALS.some(([key]) => key === interval)
      return (
        <>
          <Select
            label="Interval"
            value={interval}
            options={listed ? INTERVALS : [...INTERVALS, [interval, interval]]}
            onChange={v => onParam('interval', v)}
          />
          {interval === 'custom' && (
            <Entry
              label="Width"
              value={asText(params.customInterval, '1h')}
              placeholder="30s, 5m, 2h, 1d"
              onChange={v => onParam('customInterval', v)}
            />
          )}
          <Check
            label="Leave out what is cut off at the ends"
            value={params.drop_partials === true}
            onChange={on => onParam('drop_partials', on || undefined)}
          />
        </>
      )
    }
    case 'histogram':
      return (
        <Entry
          label="Width"
          value={(asNumber(params.interval) ?? 0) > 0 ? String(params.interval) : ''}
          placeholder="automatic"
          onChange={text => onParam('interval', Number(text) > 0 ? Number(text) : 'auto')}
        />
      )
    case 'terms':
    case 'significant_terms':
      return <TermsOptions {...props} />
    case 'filters':
      return <FilterRows {...props} />
    case 'range':
      return <RangeRows {...props} />
    case 'geohash_grid':
      return (
        <Entry
          label="Precision"
          value={String(params.precision ?? '')}
          placeholder="by the zoom"
          onChange={text => onParam('precision', Number(text) || undefined)}
        />
      )
    default:
      return null
  }
}

function TermsOptions({ vis, agg, onParam }: Props) {
  const { params } = agg
  const metrics = vis.aggs.filter(a => a.schema === 'metric' && a.type !== 'formula')
  return (
    <>
      <Entry
        label="How many"
        value={String(params.size ?? 5)}
        onChange={text => onParam('size', Math.min(1000, Math.max(1, Math.round(Number(text)) || 5)))}
      />
      {agg.type === 'terms' && (
        <>
          <div className={styles.pair}>
            <Select
              label="Ordered by"
              value={asText(params.orderBy, '_count')}
              options={[
                ['_count', 'by count'],
                ['_key', 'by name'],
                ...metrics.map((m): [string, string] => [
                  m.id,
                  `by ${metricLabel(m.type)} ${asText(m.params.field)}`,
                ]),
              ]}
              onChange={v => onParam('orderBy', v)}
            />
            <Select
              label="Direction"
              value={asText(params.order, 'desc')}
              options={[
                ['desc', 'largest first'],
                ['asc', 'smallest first'],
              ]}
              onChange={v => onParam('order', v)}
            />
          </div>
          <Check
            label="The rest as “Other”"
            value={params.otherBucket === true}
            onChange={on => onParam('otherBucket', on || undefined)}
          />
          <Check
            label="Documents without the field as “Missing”"
            value={params.missingBucket === true}
            onChange={on => onParam('missingBucket', on || undefined)}
          />
        </>
      )}
    </>
  )
}

function FilterRows({ agg, onParam }: Props) {
  const rows = filterRows(agg).map((row, at) => ({
    query: row.query,
    label: asText(asJson(asList(agg.params.filters)[at]).label),
  }))
  const set = (next: typeof rows) =>
    onParam(
      'filters',
      next.map(r => ({ input: r.query, label: r.label })),
    )
  return (
    <>
      {rows.map((row, at) => (
        <div key={at} className={styles.pair}>
          <Entry
            label={row.query.language === 'kuery' ? 'KQL' : 'Lucene'}
            value={row.query.query}
            placeholder="everything"
            onChange={query => set(rows.with(at, { ...row, query: { ...row.query, query } }))}
          />
          <button
            type="button"
            className="button quiet small icon"
            aria-label={`Remove the filter ${row.query.query}`}
            onClick={() => set(rows.toSpliced(at, 1))}
          >
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button quiet small"
        onClick={() => set([...rows, { query: { query: '', language: 'kuery' }, label: '' }])}
      >
        <Icon name="plus" size={12} /> filter
      </button>
    </>
  )
}

/** Ranges as a person writes them: 0-100, 100-500, 500-. */
function RangeRows({ agg, onParam }: Props) {
  const text = asList(agg.params.ranges)
    .map(r => `${asJson(r).from ?? ''}-${asJson(r).to ?? ''}`)
    .join(', ')
  const read = (written: string) =>
    written.split(/[,;]/).flatMap(part => {
      const [, from, to] = /^\s*(-?[\d.]*)\s*-\s*(-?[\d.]*)\s*$/.exec(part) ?? []
      if (from === undefined || (from === '' && to === '')) return []
      return [{ ...(from !== '' && { from: Number(from) }), ...(to !== '' && { to: Number(to) }) }]
    })
  return (
    <Entry
      label="Ranges"
      value={text}
      placeholder="0-100, 100-500, 500-"
      onChange={written => onParam('ranges', read(written))}
    />
  )
}
