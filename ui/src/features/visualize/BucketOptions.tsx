import { Icon } from '../../components/Icon'
import { filterRows } from '../../lib/vis/buckets/filters'
import { asJson, asList, asNumber, asText } from '../../lib/vis/json'
import { metricLabel } from '../../lib/vis/metrics'
import { texts } from '../../texts/visualize'
import { type AggProps, Check, Entry, Select } from './AggEditor'
import styles from './BucketOptions.module.css'

type Props = AggProps & { onParam: (name: string, value: unknown) => void }

const INTERVALS: [string, string][] = [
  ['auto', texts.widthAutomatic],
  ['s', texts.aSecond],
  ['10s', texts.seconds10],
  ['m', texts.aMinute],
  ['5m', texts.minutes5],
  ['15m', texts.minutes15],
  ['h', texts.anHour],
  ['d', texts.aDay],
  ['w', texts.aWeek],
  ['M', texts.aMonth],
  ['y', texts.aYear],
  ['custom', texts.anotherWidth],
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
            label={texts.interval}
            value={interval}
            options={listed ? INTERVALS : [...INTERVALS, [interval, interval]]}
            onChange={v => onParam('interval', v)}
          />
          {interval === 'custom' && (
            <Entry
              label={texts.width}
              value={asText(params.customInterval, '1h')}
              placeholder="30s, 5m, 2h, 1d"
              onChange={v => onParam('customInterval', v)}
            />
          )}
          <Check
            label={texts.leaveOutWhatIsCut}
            value={params.drop_partials === true}
            onChange={on => onParam('drop_partials', on || undefined)}
          />
        </>
      )
    }
    case 'histogram':
      return (
        <Entry
          label={texts.width}
          value={(asNumber(params.interval) ?? 0) > 0 ? String(params.interval) : ''}
          placeholder={texts.automatic}
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
          label={texts.precision}
          value={String(params.precision ?? '')}
          placeholder={texts.byTheZoom}
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
        label={texts.howMany}
        value={String(params.size ?? 5)}
        onChange={text => onParam('size', Math.min(1000, Math.max(1, Math.round(Number(text)) || 5)))}
      />
      {agg.type === 'terms' && (
        <>
          <div className={`${styles.pair} ${styles.choices}`}>
            <Select
              label={texts.orderedBy}
              value={asText(params.orderBy, '_count')}
              options={[
                ['_count', texts.byCount],
                ['_key', texts.byName],
                ...metrics.map((m): [string, string] => [
                  m.id,
                  texts.by(metricLabel(m.type), asText(m.params.field)),
                ]),
              ]}
              onChange={v => onParam('orderBy', v)}
            />
            <Select
              label={texts.direction}
              value={asText(params.order, 'desc')}
              options={[
                ['desc', texts.largestFirst],
                ['asc', texts.smallestFirst],
              ]}
              onChange={v => onParam('order', v)}
            />
          </div>
          <Check
            label={texts.theRestAsOther}
            value={params.otherBucket === true}
            onChange={on => onParam('otherBucket', on || undefined)}
          />
          <Check
            label={texts.documentsWithoutTheField}
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
            placeholder={texts.everything}
            onChange={query => set(rows.with(at, { ...row, query: { ...row.query, query } }))}
          />
          <button
            type="button"
            className="button quiet small icon"
            aria-label={texts.removeTheFilter(row.query.query)}
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
        <Icon name="plus" size={12} /> {texts.filter}
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
      label={texts.ranges}
      value={text}
      placeholder="0-100, 100-500, 500-"
      onChange={written => onParam('ranges', read(written))}
    />
  )
}
