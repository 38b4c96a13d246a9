import { useCallback, useRef, useState } from 'react'
import { Visualization } from '../../components/charts/Visualization'
import { Icon } from '../../components/Icon'
import { savePicture } from '../../components/picture'
import { saveText } from '../../components/save'
import { TimePicker } from '../../components/TimePicker'
import { useWidth } from '../../components/useWidth'
import { ZoneMenu } from '../../components/ZoneMenu'
import { documentsUrl } from '../../lib/dashboard/documents'
import { addFilters } from '../../lib/dashboard/narrow'
import type { Field } from '../../lib/fields'
import { formatCount } from '../../lib/numbers'
import { absoluteRange, type TimeRange } from '../../lib/time/range'
import { canBe, withType } from '../../lib/vis/edit'
import { EDITOR_PATH } from '../../lib/vis/editor_url'
import { toCsv } from '../../lib/vis/export'
import type { VisFilter } from '../../lib/vis/filter'
import { asText } from '../../lib/vis/json'
import { CHART_TYPES, keyOf } from '../../lib/vis/names'
import { dropField, putField } from '../../lib/vis/place'
import { needsSearch } from '../../lib/vis/request'
import { suggest } from '../../lib/vis/suggest'
import { usualTitle } from '../../lib/vis/title'
import { PageBar } from '../../shell/PageBar'
import { Failure } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { recentRanges, rememberRange } from '../../state/recent'
import { texts } from '../../texts/visualize'
import { useDrop } from './Drop'
import styles from './EditorPage.module.css'
import { FieldPicker } from './FieldPicker'
import { Filters } from './Filters'
import { Head } from './Head'
import { IndexMenu } from './IndexMenu'
import { Others } from './Others'
import { Panel } from './Panel'
import { SaveDialog } from './SaveDialog'
import { SearchBox } from './SearchBox'
import { Start } from './Start'
import { TypeBar } from './TypeBar'
import { type Editor, useEditor } from './useEditor'
import { useKeys } from './useKeys'
import { useSaving } from './useSaving'

export function EditorPage() {
  const [box, width] = useWidth<HTMLDivElement>()
  const editor = useEditor(width)
  const saving = useSaving(editor)
  const { state, update, change, vis, table, board } = editor
  const [naming, setNaming] = useState(false)
  const [timeOpen, setTimeOpen] = useState(false)
  const [dragging, setDragging] = useState(false)
  const searchRef = useRef<HTMLInputElement>(null)
  const picked = useRef<Field | null>(null)
  const pick = (field: Field, together: boolean) => {
    const before = together ? picked.current : null
    picked.current = field
    change(suggest(before === null ? [field] : [before, field], editor.timeField))
  }
  const dropped = useDrop(fieldName => {
    const field = editor.fields.find(f => f.name === fieldName)
    if (!field) return
    if (vis) change(dropField(vis, field, editor.timeField))
    else pick(field, false)
  })
  const name = editor.title || (vis ? usualTitle(vis) : '')
  const drawn = vis && { ...(table.data?.vis ?? vis), title: name }
  const changeRange = (range: TimeRange) => {
    rememberRange(range)
    update({ range })
  }
  const retype = useCallback(
    (key: string) => {
      const type = CHART_TYPES.find((_, at) => keyOf(at) === key)?.type
      if (vis && type && type !== vis.type && canBe(vis, type)) change(withType(vis, type))
    },
    [vis, change],
  )
  const save = () => {
    if (vis === null) return
    if (board) saving.back.mutate(vis)
    else setNaming(true)
  }
  useKeys({
    onType: retype,
    onSearch: () => searchRef.current?.focus(),
    onTime: () => setTimeOpen(true),
    onRefresh: editor.refresh,
    onSave: save,
  })
  const csv = () => {
    if (table.data?.table) saveText(`${name}.csv`, 'text/csv', toCsv(table.data.table))
  }
  const pictured = drawn !== null && !table.error && (table.data?.table != null || !needsSearch(drawn))
  const png = () => {
    if (box.current) void savePicture(box.current, `${name}.png`)
  }
  const commands = [
    ...(board
      ? [
          { id: 'save', label: texts.saveAndReturnToTheDashboard, run: save, keys: ['S'] },
          { id: 'cancel', label: texts.backToTheDashboardNothing, run: board.leave },
          { id: 'library', label: texts.saveToTheLibrary, run: () => setNaming(true) },
        ]
      : [
          { id: 'save', label: texts.saveTheVisualization, run: save, keys: ['S'] },
          { id: 'list', label: texts.allVisualizations, run: () => navigate('/visualize') },
          { id: 'new', label: texts.newVisualization, run: () => navigate(EDITOR_PATH) },
        ]),
    { id: 'csv', label: texts.exportTheNumbersAsCsv, run: csv },
    { id: 'png', label: texts.saveAPicture, run: png },
    ...CHART_TYPES.map(({ type, label }, at) => {
      const key = keyOf(at)
      return {
        id: `type ${type}`,
        label: texts.drawAs(label.toLowerCase()),
        run: () => vis && change(withType(vis, type)),
        ...(key !== null && { keys: [key] }),
      }
    }),
  ].map(c => ({ ...c, kind: texts.visualizeWord }))
  return (
    <div className={styles.page}>
      <PageBar current="/visualize" title={name} commands={commands}>
        <Head editor={editor} saving={saving} onLibrary={() => setNaming(true)} />
        <ZoneMenu />
      </PageBar>
      <div className={styles.search} role="search">
        <IndexMenu editor={editor} />
        <SearchBox query={editor.query} inputRef={searchRef} onQuery={query => update({ query })} />
        <TimePicker
          range={state.range}
          now={editor.now}
          recent={timeOpen ? recentRanges() : []}
          open={timeOpen}
          onOpenChange={setTimeOpen}
          onChange={changeRange}
        />
        <button
          type="button"
          className="button icon"
          aria-label={texts.searchAgain}
          title={texts.searchAgainWithKey}
          onClick={editor.refresh}
        >
          <Icon name="refresh" />
        </button>
      </div>
      <div className={styles.body}>
        <FieldPicker
          fields={editor.fields}
          used={new Set(vis?.aggs.map(a => asText(a.params.field)).filter(f => f !== ''))}
          vis={vis}
          onPick={pick}
          onPut={(field, schema) => vis && change(putField(vis, field, editor.timeField, schema))}
          onDragging={setDragging}
        />
        <main className={styles.work} aria-label={texts.chart}>
          <h1 className="visually-hidden">{texts.visualize}</h1>
          <Filters
            filters={editor.filters}
            narrowing={board?.narrowing ?? null}
            onFilters={filters => update({ filters })}
          />
          {editor.saved?.made && <p className={styles.made}>{texts.madeWithSavedHere(editor.saved.made)}</p>}
          {vis && <TypeBar vis={vis} onVis={change} />}
          <div
            className={styles.chart}
            ref={box}
            data-dragging={dragging}
            data-over={dropped.over}
            {...dropped.places}
          >
            {editor.failed ? (
              <Failure
                error={editor.failed}
                title={texts.theDataCouldNotBeAskedFor}
                onRetry={editor.refresh}
              />
            ) : drawn === null ? (
              <Start editor={editor} onVis={change} />
            ) : (
              <Visualization
                vis={drawn}
                table={table.data?.table ?? null}
                error={table.error}
                stale={table.isPlaceholderData}
                onFilter={added => update({ filters: addFilters(editor.filters, added) })}
                onDocuments={filters => navigate(linkTo(editor, filters))}
                onZoom={(from, to) => changeRange(absoluteRange(from, to))}
              />
            )}
          </div>
          <footer className={styles.foot}>
            <p role="status">
              {table.data?.table?.total != null &&
                !table.error &&
                texts.documentsMs(formatCount(table.data.table.total), Math.round(table.data.tookMillis))}
            </p>
            <Others editor={editor} vis={vis} />
            <span className={styles.take}>
              <button
                type="button"
                className="button quiet small"
                disabled={!table.data?.table}
                title={texts.takeTheNumbersAlong}
                onClick={csv}
              >
                CSV
              </button>
              <button
                type="button"
                className="button quiet small"
                disabled={!pictured}
                title={texts.takeThePictureAlong}
                onClick={png}
              >
                PNG
              </button>
            </span>
          </footer>
        </main>
        {vis && (
          <Panel
            vis={vis}
            table={table.isPlaceholderData ? null : (table.data?.table ?? null)}
            fields={editor.fields}
            timeField={editor.timeField}
            dragging={dragging}
            onVis={change}
          />
        )}
      </div>
      {naming && vis && (
        <SaveDialog
          title={name}
          description={vis.description}
          existing={saving.kept !== null && board === null}
          ofPanel={board !== null}
          busy={saving.toLibrary.isPending}
          error={saving.toLibrary.error}
          onSave={choice =>
            saving.toLibrary.mutate(
              { vis, choice: board ? { ...choice, asNew: true } : choice },
              {
                onSuccess: () => setNaming(false),
              },
            )
          }
          onClose={() => setNaming(false)}
        />
      )}
    </div>
  )
}

const linkTo = ({ state, index, timeField, vis, board }: Editor, filters: VisFilter[]): string =>
  documentsUrl({
    index: index ?? '*',
    timeField,
    range: state.range,
    queries: [...(board ? [board.narrowing.query] : []), ...(vis ? [vis.search.query] : [])],
    filters: [...(board?.narrowing.filters ?? []), ...(vis?.search.filter ?? []), ...filters],
  })
