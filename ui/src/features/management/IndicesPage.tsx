import { useMemo, useState } from 'react'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { HealthMark } from '../../components/HealthMark'
import { Icon } from '../../components/Icon'
import { formatBytes } from '../../lib/bytes'
import { type IlmState, type IndexRow, isHidden, type StreamRow } from '../../lib/manage'
import { formatCount } from '../../lib/numbers'
import { formatDate } from '../../lib/time/format'
import { Choice, FindBox, ListPage, ListTotal } from '../../shell/ListPage'
import { Answered, Nothing } from '../../shell/States'
import { navigate, useSearch } from '../../state/navigate'
import { texts } from '../../texts/management'
import { IndexDetail } from './IndexDetail'
import styles from './IndicesPage.module.css'
import { useFieldCounts, useIndexRows, useLifecycles, useStreams } from './queries'
import { StreamDetail } from './StreamDetail'
import { formatIndicesUrl, type IndicesState, parseIndicesUrl } from './url'

const PATH = '/management/indices'

/** A row, where it is in its lifecycle, and its fields. */
type Listed = IndexRow & { ilm: IlmState | undefined; fields: number | undefined }

/** Of an index that did not open nothing is known but its name. */
const opened = (row: Listed) => row.created > 0

const INDEX_COLUMNS: DataColumn<Listed>[] = [
  {
    id: 'name',
    label: texts.index,
    width: 'minmax(140px, 3fr)',
    sort: row => row.name,
    cell: row => (
      <>
        <HealthMark health={row.status === 'close' ? 'closed' : row.health} />
        <button type="button" className={styles.name}>
          {row.name}
        </button>
      </>
    ),
  },
  {
    id: 'docs',
    label: texts.documents,
    width: 'minmax(72px, 1fr)',
    numeric: true,
    sort: row => row.docs,
    cell: row =>
      row.status === 'close' ? texts.closed : opened(row) ? formatCount(row.docs) : texts.didNotOpen,
  },
  {
    id: 'bytes',
    label: texts.onDisk,
    width: 'minmax(58px, 1fr)',
    numeric: true,
    sort: row => row.bytes,
    cell: row => ((row.bytes === 0 && row.docs > 0) || !opened(row) ? '–' : formatBytes(row.bytes)),
  },
  {
    id: 'fields',
    label: texts.fields,
    width: '48px',
    numeric: true,
    sort: row => row.fields ?? -1,
    cell: row => (row.fields === undefined || !opened(row) ? '–' : formatCount(row.fields)),
  },
  {
    id: 'shards',
    label: texts.shards,
    width: '48px',
    numeric: true,
    sort: row => row.primaries * (1 + row.replicas),
    cell: row => (opened(row) ? `${row.primaries} × ${1 + row.replicas}` : '–'),
  },
  {
    id: 'segments',
    label: texts.segments,
    width: '64px',
    numeric: true,
    sort: row => row.segments,
    cell: row => (opened(row) ? formatCount(row.segments) : '–'),
  },
  {
    id: 'phase',
    label: texts.lifecycle,
    width: 'minmax(66px, 1fr)',
    sort: row => row.ilm?.phase ?? '',
    cell: row =>
      row.ilm?.managed ? (
        <span className={row.ilm.fault ? styles.fault : undefined}>
          {row.ilm.phase}
          {row.ilm.fault && `, ${texts.failed}`}
        </span>
      ) : (
        <span className={styles.quiet}>–</span>
      ),
  },
  {
    id: 'created',
    label: texts.created,
    width: '92px',
    numeric: true,
    sort: row => row.created,
    cell: row => (opened(row) ? formatDate(row.created) : '–'),
  },
]

/** Beside the pane of one index, which has the rest, names have the room. */
const BRIEF_COLUMNS = INDEX_COLUMNS.filter(c => ['name', 'docs', 'bytes', 'segments'].includes(c.id))

const STREAM_COLUMNS: DataColumn<StreamRow>[] = [
  {
    id: 'name',
    label: texts.dataStream,
    width: 'minmax(200px, 3fr)',
    sort: row => row.name,
    cell: row => (
      <>
        <HealthMark health={row.health} />
        <button type="button" className={styles.name}>
          {row.name}
        </button>
      </>
    ),
  },
  {
    id: 'indices',
    label: texts.indices,
    width: '80px',
    numeric: true,
    sort: row => row.indices.length,
    cell: row => String(row.indices.length),
  },
  {
    id: 'generation',
    label: texts.generation,
    width: '90px',
    numeric: true,
    sort: row => row.generation,
    cell: row => String(row.generation),
  },
  {
    id: 'template',
    label: texts.template,
    width: 'minmax(100px, 1fr)',
    sort: row => row.template,
    cell: row => row.template,
  },
  {
    id: 'policy',
    label: texts.policy,
    width: 'minmax(100px, 1fr)',
    sort: row => row.policy,
    cell: row => row.policy || '–',
  },
]

const VIEWS = [
  ['indices', texts.indices],
  ['streams', texts.dataStreams],
] as const

export function IndicesPage() {
  const state = parseIndicesUrl(useSearch())
  const [find, setFind] = useState(state.find)
  const set = (patch: Partial<IndicesState>) => {
    const query = formatIndicesUrl({ ...state, find, ...patch })
    navigate(query === '' ? PATH : `${PATH}?${query}`, { replace: patch.open === undefined })
  }
  const rows = useIndexRows()
  const streams = useStreams()
  const lifecycles = useLifecycles()
  const fields = useFieldCounts()
  const fits = (name: string) =>
    (state.hidden || state.view === 'streams' || !isHidden(name)) && name.includes(find.trim())
  const listed = useMemo(
    () =>
      (rows.data ?? []).map(row => ({
        ...row,
        ilm: lifecycles.data?.[row.name],
        // An index without a field has no mapping to be counted.
        fields: fields.data && (fields.data.get(row.name) ?? 0),
      })),
    [rows.data, lifecycles.data, fields.data],
  )
  const shown = listed.filter(row => fits(row.name))
  const shownStreams = (streams.data ?? []).filter(row => fits(row.name))
  const open = listed.find(row => row.name === state.open)
  const openStream = streams.data?.find(row => row.name === state.open)
  const close = () => set({ open: null, tab: 'overview' })
  const commands = [
    {
      id: 'view',
      label: state.view === 'indices' ? texts.showDataStreams : texts.showIndices,
      kind: texts.indicesWord,
      run: () => set({ view: state.view === 'indices' ? 'streams' : 'indices', open: null }),
    },
    ...listed.slice(0, 500).map(row => ({
      id: `index ${row.name}`,
      label: row.name,
      kind: texts.indexWord,
      run: () => set({ view: 'indices', open: row.name }),
    })),
  ]
  const total = shown.reduce((sum, row) => ({ docs: sum.docs + row.docs, bytes: sum.bytes + row.bytes }), {
    docs: 0,
    bytes: 0,
  })
  const query = state.view === 'indices' ? rows : streams
  return (
    <ListPage
      path={PATH}
      commands={commands}
      title={texts.indicesAndDataStreams}
      tools={
        <>
          <Choice
            label={texts.whatIsListed}
            options={VIEWS}
            current={state.view}
            onChange={view => set({ view, open: null })}
          />
          <FindBox
            label={texts.findByName}
            value={find}
            onChange={setFind}
            onLeave={() => find !== state.find && set({ find })}
          />
          {state.view === 'indices' && (
            <label className={styles.check}>
              <input
                type="checkbox"
                checked={state.hidden}
                onChange={event => set({ hidden: event.target.checked })}
              />
              {texts.hiddenOnesToo}
            </label>
          )}
          <ListTotal>
            {' '}
            {state.view === 'indices' &&
              rows.data &&
              texts.indicesDocuments(
                formatCount(shown.length),
                shown.length,
                formatCount(total.docs),
                formatBytes(total.bytes),
              )}
            {state.view === 'streams' &&
              streams.data &&
              texts.dataStreamsCount(formatCount(shownStreams.length), shownStreams.length)}
          </ListTotal>
          <button
            type="button"
            className="button quiet icon"
            aria-label={texts.lookAgain}
            title={texts.lookAgain}
            onClick={() => query.refetch()}
          >
            <Icon name="refresh" />
          </button>
        </>
      }
      detail={
        state.view === 'indices' ? (
          open ? (
            <IndexDetail
              row={open}
              ilm={open.ilm}
              tab={state.tab}
              onTab={tab => set({ tab })}
              onClose={close}
            />
          ) : null
        ) : openStream ? (
          <StreamDetail
            row={openStream}
            onIndex={name => set({ view: 'indices', hidden: true, open: name })}
            onClose={close}
          />
        ) : null
      }
    >
      <Answered<unknown> query={query} title={texts.theListDidNotCome}>
        {() =>
          state.view === 'streams' ? (
            shownStreams.length === 0 ? (
              <Nothing title={find ? texts.noDataStreamIsCalled(find) : texts.thereAreNoDataStreams}>
                <p>
                  {texts.aDataStreamBegins} <code>"data_stream": {'{}'}</code> {texts.fitsItsName}
                </p>
              </Nothing>
            ) : (
              <DataTable
                label={texts.dataStreams}
                columns={STREAM_COLUMNS}
                rows={shownStreams}
                keyOf={row => row.name}
                selected={state.open}
                onSelect={row => set({ open: row.name })}
                order="name"
              />
            )
          ) : shown.length === 0 ? (
            <Nothing title={find ? texts.noIndexIsCalled(find) : texts.thereAreNoIndicesYet}>
              <p>
                {listed.length > 0 ? texts.othersAreThereHiddenOnes(listed.length) : texts.theFirstDocument}
              </p>
            </Nothing>
          ) : (
            <DataTable
              label={texts.indices}
              columns={open ? BRIEF_COLUMNS : INDEX_COLUMNS}
              rows={shown}
              keyOf={row => row.name}
              selected={state.open}
              onSelect={row => set({ open: row.name })}
              order="name"
            />
          )
        }
      </Answered>
    </ListPage>
  )
}
