import type { ReactNode } from 'react'
import { useMemo, useState } from 'react'
import { Link } from 'wouter'
import { HealthMark } from '../../components/HealthMark'
import { JsonView } from '../../components/JsonView'
import { Tabs } from '../../components/Tabs'
import { formatBytes } from '../../lib/bytes'
import type { IlmState, IndexRow } from '../../lib/manage'
import { formatCount } from '../../lib/numbers'
import { formatConsoleUrl } from '../../lib/pages'
import { formatFull } from '../../lib/time/format'
import { DetailPane } from '../../shell/ListPage'
import { Failure, Waiting } from '../../shell/States'
import { texts } from '../../texts/management'
import styles from './Detail.module.css'
import { IndexActions } from './IndexActions'
import { MappingTree, rowsOfMapping } from './MappingTree'
import { useAliases, useMapping, useSegments, useSettings } from './queries'
import { INDEX_TABS, type IndexTab } from './url'

interface Props {
  row: IndexRow
  ilm: IlmState | undefined
  tab: IndexTab
  onTab: (tab: IndexTab) => void
  onClose: () => void
}

const TAB_NAMES: Record<IndexTab, string> = {
  overview: texts.overview,
  mapping: texts.mapping,
  settings: texts.settings,
  aliases: texts.aliases,
  segments: texts.segments,
}

/** Everything about one index, and what can be done to it. */
export function IndexDetail({ row, ilm, tab, onTab, onClose }: Props) {
  return (
    <DetailPane
      label={row.name}
      head={row.name}
      onClose={onClose}
      actions={
        <>
          <Link className="button quiet small" href={`/discover?index=${encodeURIComponent(row.name)}`}>
            {texts.discover}
          </Link>
          <Link className="button quiet small" href={formatConsoleUrl(`GET ${row.name}/_search`)}>
            {texts.console}
          </Link>
        </>
      }
    >
      <Tabs
        label={texts.aboutTheIndex}
        tabs={INDEX_TABS.map(id => [id, TAB_NAMES[id]] as const)}
        current={tab}
        onChange={onTab}
      />
      <div key={row.name} className={styles.content} role="tabpanel" aria-label={TAB_NAMES[tab]}>
        {tab === 'overview' && <Overview row={row} ilm={ilm} onGone={onClose} />}
        {tab === 'mapping' && <Mapping index={row.name} />}
        {tab === 'settings' && <Settings index={row.name} />}
        {tab === 'aliases' && <Aliases index={row.name} />}
        {tab === 'segments' && <Segments row={row} />}
      </div>
    </DetailPane>
  )
}

function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Overview({ row, ilm, onGone }: { row: IndexRow; ilm: IlmState | undefined; onGone: () => void }) {
  const copies = row.replicas > 0 ? `, ${texts.moreAskedFor(row.replicas)}` : ''
  return (
    <>
      <Facts
        facts={[
          [texts.state, <HealthMark key="h" health={row.status === 'close' ? 'closed' : row.health} words />],
          [
            texts.documents,
            `${formatCount(row.docs)}${row.deleted > 0 ? `, ${texts.andDeleted(formatCount(row.deleted))}` : ''}`,
          ],
          [texts.onDisk, row.bytes === 0 && row.docs > 0 ? texts.inMemoryAndTheLog : formatBytes(row.bytes)],
          [texts.shards, `${row.primaries}${copies}`],
          [texts.created, row.created > 0 ? formatFull(row.created) : texts.notKnown],
          [
            texts.lifecycle,
            ilm?.managed ? texts.old(ilm.policy, ilm.phase, ilm.step, ilm.age) : texts.noPolicy,
          ],
        ]}
      />
      {ilm?.fault && (
        <p className={styles.fault} role="alert">
          {texts.theLifecycleStandsStill(ilm.fault)}
        </p>
      )}
      <IndexActions row={row} onGone={onGone} />
    </>
  )
}

function Mapping({ index }: { index: string }) {
  const { data, error, refetch } = useMapping(index)
  const [find, setFind] = useState('')
  const rows = useMemo(() => (data ? rowsOfMapping(data[index]) : []), [data, index])
  if (error) return <Failure error={error} title={texts.theMappingDidNotCome} onRetry={() => refetch()} />
  if (!data) return <Waiting />
  const shown = rows.filter(row => row.path.toLowerCase().includes(find.trim().toLowerCase()))
  return (
    <>
      <div className={styles.find}>
        <input
          className="input"
          type="search"
          aria-label={texts.findAField}
          placeholder={texts.findAField}
          spellCheck={false}
          value={find}
          onChange={event => setFind(event.target.value)}
        />
        <p role="status">{texts.fieldsCount(formatCount(rows.filter(row => !row.branch).length))}</p>
      </div>
      <MappingTree rows={shown} whole={find.trim() !== ''} />
    </>
  )
}

function Settings({ index }: { index: string }) {
  const { data, error, refetch } = useSettings(index)
  if (error) return <Failure error={error} title={texts.theSettingsDidNotCome} onRetry={() => refetch()} />
  if (!data) return <Waiting />
  const own = data[index]
  const settings = typeof own === 'object' && own !== null && 'settings' in own ? own.settings : {}
  return (
    <>
      <p className={styles.note}>
        <Link
          href={formatConsoleUrl(
            `PUT ${index}/_settings\n{\n  "index": {\n    "number_of_replicas": 0\n  }\n}\n`,
          )}
        >
          {texts.changeThemInTheConsole}
        </Link>
      </p>
      <JsonView value={settings} />
    </>
  )
}

function Aliases({ index }: { index: string }) {
  const { data, error, refetch } = useAliases(index)
  if (error) return <Failure error={error} title={texts.theAliasesDidNotCome} onRetry={() => refetch()} />
  if (!data) return <Waiting rows={3} />
  if (data.length === 0) return <p className={styles.note}>{texts.noAliasStands}</p>
  return (
    <ul className={styles.plain}>
      {data.map(({ name, definition }) => (
        <li key={name}>
          <strong>{name}</strong>
          {Object.keys(definition).length > 0 && <JsonView value={definition} />}
        </li>
      ))}
    </ul>
  )
}

function Segments({ row }: { row: IndexRow }) {
  const { data, error, refetch } = useSegments(row.name)
  if (row.status === 'close') return <p className={styles.note}>{texts.aClosedIndexHasNoSegments}</p>
  if (error) return <Failure error={error} title={texts.theSegmentsDidNotCome} onRetry={() => refetch()} />
  if (!data) return <Waiting rows={4} />
  const most = Math.max(1, ...data.map(s => s.docs))
  return (
    <table className={styles.segments}>
      <thead>
        <tr>
          <th scope="col">{texts.segment}</th>
          <th scope="col">{texts.documents}</th>
          <th scope="col">{texts.deleted}</th>
          <th scope="col">{texts.onDisk}</th>
          <th scope="col">{texts.inMemory}</th>
        </tr>
      </thead>
      <tbody>
        {data
          .toSorted((a, b) => b.docs - a.docs)
          .map(segment => (
            <tr key={segment.name}>
              <td>{segment.name}</td>
              <td>
                <meter min={0} max={most} value={segment.docs} aria-label={texts.documentsOf(segment.name)} />
                {formatCount(segment.docs)}
              </td>
              <td>{formatCount(segment.deleted)}</td>
              <td>{segment.committed ? formatBytes(segment.bytes) : texts.notYet}</td>
              <td>{formatBytes(segment.memory)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  )
}
