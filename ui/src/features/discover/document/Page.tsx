import { useMemo, useState } from 'react'
import { CopyButton } from '../../../components/CopyButton'
import { DocumentView } from '../../../components/DocumentView'
import { EventTable } from '../../../components/EventTable'
import { Formats } from '../../../components/Formatted'
import { Icon } from '../../../components/Icon'
import { chooseColumns, chooseTimeField } from '../../../lib/fields'
import { addFilter, is, isFilterValue } from '../../../lib/filters'
import { countPresent } from '../../../lib/source'
import { formatDate, formatFull } from '../../../lib/time/format'
import { absoluteRange } from '../../../lib/time/range'
import { MINUTE } from '../../../lib/time/units'
import { navigate, useSearch } from '../../../state/navigate'
import { texts } from '../../../texts/discover_document'
import { Failed, Remark } from '../Notices'
import { useFields } from '../queries'
import { boolQuery, conditions } from '../request'
import { SubBar } from '../SubBar'
import { formatDiscoverUrl } from '../url'
import { useFormats } from '../useFormats'
import styles from './Page.module.css'
import { useAnchor, useNeighbours } from './queries'
import { formatDocumentUrl, parseDocumentUrl } from './url'

const NOTHING = { filter: [], must_not: [] }

/** One document with what came before and after it. */
export function Page() {
  const text = useSearch()
  const state = useMemo(() => parseDocumentUrl(text), [text])
  const pattern = state.search.index ?? state.index
  const fields = useFields(pattern === '' ? null : pattern)
  const timeField = fields.data ? chooseTimeField(fields.data) : null
  const anchor = useAnchor(pattern, state.index, state.id, timeField)
  const searched = state.search.query !== '' || state.search.filters.some(f => !f.disabled)
  const query = useMemo(() => {
    const kept = state.kept ? conditions(state.search, fields.data ?? []) : NOTHING
    return boolQuery(kept, null)
  }, [state, fields.data])
  const newer = useNeighbours(pattern, query, timeField, anchor.data, 'asc')
  const older = useNeighbours(pattern, query, timeField, anchor.data, 'desc')
  const [opened, setOpened] = useState<ReadonlySet<string> | null>(null)
  const [selected, setSelected] = useState<string | null>(null)

  const event = anchor.data?.event
  const rows = useMemo(() => {
    const after = newer.data?.pages.flatMap(p => p.events).reverse() ?? []
    const before = older.data?.pages.flatMap(p => p.events) ?? []
    return event ? [...after, event, ...before] : []
  }, [newer.data, older.data, event])
  const columns = useMemo(
    () => state.search.columns ?? chooseColumns(countPresent(rows.map(r => r.flat))),
    [state, rows],
  )
  const open = opened ?? new Set(event ? [event.key] : [])
  const toggle = (key: string) => {
    const next = new Set(open)
    if (!next.delete(key)) next.add(key)
    setOpened(next)
  }
  const filter = (field: string, value: unknown, negated: boolean) => {
    if (!event || !isFilterValue(value)) return
    const filters = addFilter(state.search.filters, is(field, value, negated))
    const range = absoluteRange(event.at - 15 * MINUTE, event.at + 15 * MINUTE)
    navigate(`/discover?${formatDiscoverUrl({ ...state.search, index: pattern, filters, range })}`)
  }
  const error = fields.error ?? anchor.error ?? newer.error ?? older.error
  const formats = useFormats(pattern)
  return (
    <Formats value={formats}>
      <div className={styles.page}>
        <SubBar title={texts.document}>
          <span className={styles.where}>
            {state.index} <span>/</span> {state.id}
          </span>
        </SubBar>
        {error ? (
          <main>
            <Failed
              error={error}
              onRetry={() => Promise.all([fields, anchor, newer, older].map(q => q.refetch()))}
            />
          </main>
        ) : anchor.data === null ? (
          <main>
            <Remark title={texts.thisDocumentIsNotThere}>
              {texts.holdsNoDocumentItMay(state.index, state.id)}
            </Remark>
          </main>
        ) : fields.isSuccess && timeField === null ? (
          <main>
            <Remark title={texts.noTimeField}>{texts.noIndexHasADateField(pattern)}</Remark>
          </main>
        ) : (
          event && (
            <main className={styles.main} aria-label={texts.surroundingDocuments}>
              <div className={styles.head}>
                <button
                  type="button"
                  className="button outlined small"
                  disabled={!newer.hasNextPage || newer.isFetchingNextPage}
                  onClick={() => newer.fetchNextPage()}
                >
                  <Icon name="up" size={12} />
                  {newer.isSuccess && !newer.hasNextPage ? texts.noNewerOnes : texts.loadNewer}
                </button>
                <p>
                  {texts.around} <strong>{formatFull(event.at)}</strong> {texts.in(pattern)}
                </p>
                {searched && (
                  <label className={styles.kept}>
                    <input
                      type="checkbox"
                      checked={state.kept}
                      onChange={e =>
                        navigate(formatDocumentUrl({ ...state, kept: e.target.checked }), { replace: true })
                      }
                    />
                    {texts.onlyWhatTheSearchFinds}
                  </label>
                )}
                <CopyButton label={texts.link} text={() => location.href} />
              </div>
              <EventTable
                events={rows}
                columns={columns}
                withDate={
                  rows.length > 0 && formatDate(rows[0]?.at ?? 0) !== formatDate(rows.at(-1)?.at ?? 0)
                }
                selected={selected ?? event.key}
                opened={open}
                marked={event.key}
                wrap={false}
                stale={false}
                listId={`${state.index}/${state.id}`}
                footer={
                  <div className={styles.footer}>
                    <button
                      type="button"
                      className="button outlined small"
                      disabled={!older.hasNextPage || older.isFetchingNextPage}
                      onClick={() => older.fetchNextPage()}
                    >
                      <Icon name="down" size={12} />
                      {older.isSuccess && !older.hasNextPage ? texts.noOlderOnes : texts.loadOlder}
                    </button>
                  </div>
                }
                onSelect={setSelected}
                onToggle={toggle}
                onFilter={filter}
                renderDocument={one => <DocumentView event={one} columns={columns} onFilter={filter} />}
              />
            </main>
          )
        )}
      </div>
    </Formats>
  )
}
