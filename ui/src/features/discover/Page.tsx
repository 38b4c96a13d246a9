import { useCallback, useMemo, useRef, useState } from 'react'
import { shortcutKeys } from '../../actions/shortcuts'
import { ACTIONS } from '../../actions/table'
import { Formats } from '../../components/Formatted'
import { HelpSheet } from '../../components/HelpSheet'
import { absoluteRange, isRelative, type TimeRange } from '../../lib/time/range'
import { CommandPalette } from '../../shell/CommandPalette'
import { useTitle } from '../../shell/useTitle'
import { useFieldList } from '../../state/fieldlist'
import { recentRanges, rememberRange } from '../../state/recent'
import { texts } from '../../texts/discover'
import { examplesOf } from './examples'
import { ExportMenu } from './export/ExportMenu'
import { Failure } from './Failure'
import { FieldList } from './FieldList'
import { FilterBar } from './FilterBar'
import { FirstEvents } from './FirstEvents'
import { titleOf } from './IndexPicker'
import styles from './Page.module.css'
import { paletteItems } from './palette'
import { hasDocuments } from './queries'
import { Results } from './Results'
import { SavedMenu } from './saved/SavedMenu'
import { TopBar } from './TopBar'
import { useCommands } from './useCommands'
import { useDiscover } from './useDiscover'
import { useEdits } from './useEdits'
import { useFormats } from './useFormats'
import { useOpenEvents } from './useOpenEvents'

/** About one bar for every 14 pixels of a usual screen; the server answers as fast for these as for ten. */
const MAX_BARS = 90

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgent)

export function Page() {
  const discover = useDiscover(MAX_BARS)
  const { state, update, range } = discover
  useTitle(texts.discover, discover.index && titleOf(discover.index, discover.views))
  const formats = useFormats(discover.index)
  const edits = useEdits(discover)
  const open = useOpenEvents(discover.rows, discover.listId)
  const searchRef = useRef<HTMLInputElement>(null)
  const [timeOpen, setTimeOpen] = useState(false)
  const [wrap, setWrap] = useState(false)
  const [dialog, setDialog] = useState<'palette' | 'help' | null>(null)
  const recent = useMemo(() => (timeOpen ? recentRanges() : []), [timeOpen])
  const changeRange = useCallback(
    (changed: TimeRange) => {
      rememberRange(changed)
      update({ range: changed, ...(isRelative(changed) ? {} : { refreshMode: null }) })
    },
    [update],
  )
  const fieldList = useFieldList()
  const toggleWrap = useCallback(() => setWrap(w => !w), [])
  const context = useCommands({ discover, open, searchRef, setTimeOpen, changeRange, toggleWrap, setDialog })

  const waiting = discover.indices.isSuccess && state.index === null && !hasDocuments(discover.indices.data)
  const body = waiting ? (
    // The first event is newer than the moment that the page was opened at.
    <FirstEvents onLeave={discover.refresh} />
  ) : (
    <div className={styles.body} data-fields={fieldList}>
      {fieldList && (
        <FieldList
          fields={discover.fields}
          present={discover.present}
          columns={discover.columns}
          pinned={discover.stackField}
          subject={discover.subject}
          range={range}
          events={discover.rows}
          onFilter={edits.filter}
          onFilterExists={edits.filterExists}
          onToggleColumn={edits.toggleColumn}
          stackField={discover.stackField}
          onStack={field => update({ breakdown: field })}
        />
      )}
      <Results
        discover={discover}
        edits={edits}
        open={open}
        wrap={wrap}
        onZoom={(from, to) => changeRange(absoluteRange(Math.round(from), Math.round(to)))}
      />
    </div>
  )
  return (
    <Formats value={formats}>
      <div className={styles.page}>
        <TopBar
          search={{
            query: state.query,
            language: state.language,
            fields: discover.fields,
            place: discover.place,
            range,
            onQuery: query => (query === state.query ? discover.refresh() : update({ query })),
            onLanguage: language => update({ language }),
            onLucene: query => update({ query, language: 'lucene' }),
            chosenRange: state.range,
            onAnswer: ({ kql, range: asked, sort, breakdown }) => {
              if (asked) rememberRange(asked)
              update({
                query: kql,
                language: 'kql',
                sort,
                tab: 'events',
                breakdown: breakdown ?? 'auto',
                ...(asked && { range: asked, refreshMode: null }),
              })
            },
          }}
          searchRef={searchRef}
          index={discover.index}
          patterns={discover.patterns}
          views={discover.views}
          range={state.range}
          now={discover.now}
          recent={recent}
          timeOpen={timeOpen}
          refreshMode={state.refreshMode}
          busy={discover.fetching}
          bare={waiting}
          onTimeOpen={setTimeOpen}
          onIndex={index => update({ index, columns: null, breakdown: 'auto' })}
          onRange={changeRange}
          onZoomOut={context.zoomOut}
          onRefresh={discover.refresh}
          onRefreshMode={refreshMode => update({ refreshMode })}
          onHelp={context.openHelp}
        />
        {!waiting && (
          <FilterBar
            filters={state.filters}
            fields={discover.fields}
            place={discover.place}
            range={range}
            wrap={wrap}
            customColumns={state.columns !== null}
            onFilters={filters => update({ filters })}
            onWrap={context.toggleWrap}
            onResetColumns={context.resetColumns}
            saved={
              <>
                <SavedMenu discover={discover} />
                <ExportMenu discover={discover} />
              </>
            }
          />
        )}
        <Failure discover={discover} />
        {body}
        {dialog === 'help' && (
          <HelpSheet
            shortcuts={ACTIONS.flatMap(a =>
              a.shortcut ? [{ id: a.id, label: a.label, keys: shortcutKeys(a.shortcut, IS_MAC) }] : [],
            )}
            examples={examplesOf(discover.fields, state.language)}
            onClose={() => setDialog(null)}
          />
        )}
        {dialog === 'palette' && (
          <CommandPalette
            items={paletteItems(context, discover, edits, IS_MAC)}
            onClose={() => setDialog(null)}
          />
        )}
      </div>
    </Formats>
  )
}
