import { type ReactNode, useCallback, useEffect } from 'react'
import { DocumentView } from '../../components/DocumentView'
import { EventTable, TIME } from '../../components/EventTable'
import { Histogram } from '../../components/Histogram'
import { later } from '../../components/later'
import { Tabs } from '../../components/Tabs'
import type { LogEvent } from '../../lib/events'
import { fitsPattern } from '../../lib/indexpatterns'
import { formatCount } from '../../lib/numbers'
import { misfitOf, queryHints } from '../../lib/query/hints'
import { formatDate } from '../../lib/time/format'
import { describeRange, rangeEndingAt } from '../../lib/time/range'
import { texts } from '../../texts/discover'
import { formatDocumentUrl } from './document/url'
import { Failed, NothingFound, Remark, Unreadable } from './Notices'
import styles from './Page.module.css'
import { ResultHead } from './ResultHead'
import { colourOf } from './timeline'
import type { Discover } from './useDiscover'
import type { Edits } from './useEdits'
import type { OpenEvents } from './useOpenEvents'

interface Props {
  discover: Discover
  edits: Edits
  open: OpenEvents
  wrap: boolean
  /** At the right of the tabs. */
  aside?: ReactNode
  onZoom: (from: number, to: number) => void
}

const Patterns = later(() => import('./tabs/Patterns').then(m => m.Patterns))
const Fields = later(() => import('./tabs/Fields').then(m => m.Fields))
const Compare = later(() => import('./tabs/Compare').then(m => m.Compare))

const TAB_NAMES = [
  ['events', texts.events],
  ['patterns', texts.patterns],
  ['fields', texts.fields],
  ['compare', texts.compare],
] as const

export function Results(props: Props) {
  const { discover, edits, onZoom } = props
  const { overviewData, range } = discover
  const timeline = overviewData?.timeline
  const { tab } = discover.state
  const missing = [
    ...new Set([...(overviewData?.missing ?? []), ...(discover.events.data?.pages[0]?.missing ?? [])]),
  ]
  return (
    <main
      className={styles.results}
      aria-label={texts.results}
      aria-busy={discover.fetching}
      data-failed={discover.error !== null}
    >
      <ResultHead
        stale={discover.staleCount}
        total={overviewData?.total ?? null}
        idle={needsNotice(discover)}
        tookMillis={overviewData?.tookMillis ?? null}
        missing={missing}
        newer={overviewData?.newer ?? 0}
        paused={discover.paused}
        stackField={discover.stackField}
        fields={discover.fields}
        series={timeline?.series ?? []}
        onStack={field => discover.update({ breakdown: field })}
        onFilter={edits.filter}
        onResume={discover.resume}
        before={discover.before?.total ?? null}
        previous={discover.state.previous}
        length={range ? range.to - range.from : 0}
        onPrevious={() => discover.update({ previous: !discover.state.previous })}
      />
      <div className={styles.chart} data-stale={discover.staleCount}>
        {timeline && overviewData && (
          <Histogram
            starts={timeline.starts}
            interval={timeline.interval}
            totals={timeline.totals}
            series={timeline.series.map((s, i) => ({
              label: s.label,
              colour: colourOf(s, i),
              counts: s.counts,
            }))}
            range={overviewData.range}
            before={discover.before}
            marks={discover.deployments.map(d => ({ at: d.at, label: `${d.field} ${d.version}` }))}
            onZoom={onZoom}
          />
        )}
      </div>
      <div className={styles.tabs}>
        <Tabs
          label={texts.resultsAs}
          tabs={TAB_NAMES}
          current={tab}
          onChange={next => discover.update({ tab: next })}
        />
        {props.aside}
      </div>
      {tab === 'events' || needsNotice(discover) ? (
        <Rows {...props} />
      ) : (
        <>
          {tab === 'patterns' && <Patterns discover={discover} edits={edits} />}
          {tab === 'fields' && <Fields discover={discover} edits={edits} />}
          {tab === 'compare' && <Compare discover={discover} edits={edits} />}
        </>
      )}
    </main>
  )
}

function Rows({ discover, edits, open, wrap }: Props) {
  const { events, rows, columns, listId, state, range, setAway, fields, timeField } = discover
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = events
  const reading = open.opened.size > 0
  useEffect(() => {
    if (reading) setAway(true)
  }, [reading, setAway])
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && rows.length < discover.maxRows) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, rows.length, discover.maxRows, fetchNextPage])
  const sortable = useCallback(
    (column: string) =>
      column === TIME ? timeField : (fields.find(f => f.name === column)?.aggregateOn ?? null),
    [fields, timeField],
  )
  const renderDocument = (event: LogEvent) => (
    <DocumentView
      event={event}
      columns={columns}
      href={formatDocumentUrl({
        index: event.index,
        id: event.id,
        search: { ...state, index: discover.index },
        kept: false,
      })}
      onFilter={edits.filter}
      onFilterExists={edits.filterExists}
      onToggleColumn={edits.toggleColumn}
    />
  )
  if (needsNotice(discover)) return <Notice discover={discover} edits={edits} />
  if (rows.length === 0) return <Skeleton />
  const withDate = range !== null && formatDate(range.from) !== formatDate(range.to)
  return (
    <EventTable
      events={rows}
      columns={columns}
      withDate={withDate}
      selected={open.selected}
      opened={open.opened}
      wrap={wrap}
      stale={discover.staleRows}
      listId={listId}
      footer={
        <Footer
          loaded={rows.length}
          total={discover.overviewData?.total ?? 0}
          more={hasNextPage}
          most={discover.maxRows}
        />
      }
      sort={state.sort}
      sortable={sortable}
      onSort={sort => discover.update({ sort })}
      onSelect={open.select}
      onToggle={open.toggle}
      onRemoveColumn={edits.toggleColumn}
      onFilter={edits.filter}
      onNearEnd={loadMore}
      onScrolled={away => setAway(away || reading)}
      renderDocument={renderDocument}
    />
  )
}

/** What stands in place of the rows, if anything must. */
function Notice({ discover, edits }: Pick<Props, 'discover' | 'edits'>) {
  const { state, range, now, newest, update } = discover
  if (discover.fault) return <Unreadable error={discover.fault} text={state.query} />
  if (range === null) return <Remark title={texts.theTimeRangeCannot}>{texts.chooseAnotherOne}</Remark>
  if (lacksTime(discover) && !finds(discover)) {
    return (
      <Remark
        title={texts.noSuchIndex}
        action={{ label: texts.searchAllIndices, run: () => update({ index: '*' }) }}
      >
        {texts.noIndexAliasOrData(String(discover.index))}
      </Remark>
    )
  }
  if (lacksTime(discover)) {
    return (
      <Remark title={texts.noTimeField}>
        {texts.noIndexHasADateField(discover.index ?? texts.thisPattern)}
      </Remark>
    )
  }
  if (discover.error) {
    return (
      <Failed
        error={discover.error}
        misfit={misfitOf(state.query, state.language, discover.fields)}
        onRetry={discover.retry}
      />
    )
  }
  return (
    <NothingFound
      rangeText={describeRange(state.range, now)}
      now={now}
      newest={newest.data}
      hints={queryHints(state.query, state.language, discover.fields)}
      onMend={({ start, end }, instead) =>
        update({ query: state.query.slice(0, start) + instead + state.query.slice(end) })
      }
      hasConditions={state.query !== '' || state.filters.some(f => !f.disabled)}
      onShow={at => update({ range: rangeEndingAt(at, range.to - range.from), refreshMode: null })}
      onClear={edits.clearConditions}
    />
  )
}

const lacksTime = (d: Discover) =>
  d.fieldsQuery.isSuccess && !d.fieldsQuery.isPlaceholderData && d.timeField === null

/** Whether the pattern finds an index. An alias is found by its fields, as the list of indices does not have it. */
const finds = ({ fields, indices, index }: Discover) =>
  fields.length > 0 || (indices.data ?? []).some(i => fitsPattern(i.name, index ?? ''))

function needsNotice(d: Discover): boolean {
  return (
    d.fault !== null ||
    d.range === null ||
    lacksTime(d) ||
    d.empty ||
    (d.error !== null && d.rows.length === 0)
  )
}

function Footer({
  loaded,
  total,
  more,
  most,
}: {
  loaded: number
  total: number
  more: boolean
  most: number
}) {
  if (more && loaded < most) return <p className={styles.footer}>{texts.loadingMore}</p>
  if (loaded >= most)
    return <p className={styles.footer}>{texts.theFirstOfNarrow(formatCount(loaded), formatCount(total))}</p>
  return <p className={styles.footer}>{texts.thatIsAll}</p>
}

const WIDTHS = [62, 78, 54, 70, 83, 49, 66, 74, 58, 80, 52, 69]

function Skeleton() {
  return (
    <div className={styles.skeleton} aria-hidden="true">
      {WIDTHS.map(width => (
        <i key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
