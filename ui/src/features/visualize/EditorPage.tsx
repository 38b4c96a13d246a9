import { useCallback, useMemo, useRef, useState } from 'react'
import { Visualization } from '../../components/charts/Visualization'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
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
import { toCsv } from '../../lib/vis/export'
import { asText } from '../../lib/vis/json'
import type { Vis } from '../../lib/vis/model'
import { CHART_TYPES, keyOf } from '../../lib/vis/names'
import { needsSearch } from '../../lib/vis/request'
import { suggest, suggestions } from '../../lib/vis/suggest'
import { PageBar } from '../../shell/PageBar'
import { Failure } from '../../shell/States'
import { navigate } from '../../state/navigate'
import { recentRanges, rememberRange } from '../../state/recent'
import styles from './EditorPage.module.css'
import { FieldPicker } from './FieldPicker'
import { Filters } from './Filters'
import { Panel } from './Panel'
import { useSave } from './queries'
import { SaveDialog } from './SaveDialog'
import { SearchBox } from './SearchBox'
import { TypeBar } from './TypeBar'
import { EDITOR_PATH, parseEditorUrl } from './url'
import { type Editor, useEditor } from './useEditor'
import { useKeys } from './useKeys'

export function EditorPage() {
  const [box, width] = useWidth<HTMLDivElement>()
  const editor = useEditor(width)
  const { state, update, change, vis, table } = editor
  const [saving, setSaving] = useState(false)
  const [timeOpen, setTimeOpen] = useState(false)
  const searchRef = useRef<HTMLInputElement>(null)
  const picked = useRef<Field | null>(null)
  const pick = (field: Field, together: boolean) => {
    const before = together ? picked.current : null
    picked.current = field
    change(suggest(before === null ? [field] : [before, field], editor.timeField))
  }
  const drawn = table.data?.vis ?? vis
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
  useKeys({
    onType: retype,
    onSearch: () => searchRef.current?.focus(),
    onTime: () => setTimeOpen(true),
    onRefresh: editor.refresh,
    onSave: () => vis && setSaving(true),
  })
  const others = useMemo(() => (vis ? alternatives(editor, vis) : []), [editor, vis])
  const name = drawn?.title || 'visualization'
  const csv = () => {
    if (table.data?.table) saveText(`${name}.csv`, 'text/csv', toCsv(table.data.table))
  }
  const pictured = drawn !== null && !table.error && (table.data?.table != null || !needsSearch(drawn))
  const png = () => {
    if (box.current) void savePicture(box.current, `${name}.png`)
  }
  const commands = [
    { id: 'save', label: 'Save the visualization', run: () => setSaving(true), keys: ['S'] },
    { id: 'csv', label: 'Export the numbers as CSV', run: csv },
    { id: 'png', label: 'Save a picture of the chart as PNG', run: png },
    { id: 'list', label: 'All visualizations', run: () => navigate('/visualize') },
    { id: 'new', label: 'New visualization', run: () => navigate(EDITOR_PATH) },
    ...CHART_TYPES.map(({ type, label }, at) => {
      const key = keyOf(at)
      return {
        id: `type ${type}`,
        label: `Draw as ${label.toLowerCase()}`,
        run: () => vis && change(withType(vis, type)),
        ...(key !== null && { keys: [key] }),
      }
    }),
  ].map(c => ({ ...c, kind: 'visualize' }))
  return (
    <div className={styles.page}>
      <PageBar current="/visualize" commands={commands}>
        <span className={styles.name}>{editor.title || 'New visualization'}</span>
        {editor.unsaved && <span className={styles.unsaved}>not saved</span>}
        <button type="button" className="button quiet" disabled={!table.data?.table} onClick={csv}>
          CSV
        </button>
        <button type="button" className="button quiet" disabled={!pictured} onClick={png}>
          PNG
        </button>
        <button
          type="button"
          className="button primary"
          disabled={vis === null}
          title="Save (s)"
          onClick={() => setSaving(true)}
        >
          Save
        </button>
        <ZoneMenu />
      </PageBar>
      <div className={styles.search} role="search">
        <IndexMenu editor={editor} />
        <SearchBox query={state.query} inputRef={searchRef} onQuery={query => update({ query })} />
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
          aria-label="Search again"
          title="Search again (r)"
          onClick={editor.refresh}
        >
          <Icon name="refresh" />
        </button>
      </div>
      <div className={styles.body}>
        <FieldPicker
          fields={editor.fields}
          used={new Set(vis?.aggs.map(a => asText(a.params.field)).filter(f => f !== ''))}
          onPick={pick}
        />
        <main className={styles.work} aria-label="Chart">
          <h1 className="visually-hidden">Visualize</h1>
          <Filters filters={state.filters} onFilters={filters => update({ filters })} />
          {vis && <TypeBar vis={vis} onVis={change} />}
          <div className={styles.chart} ref={box}>
            {editor.failed ? (
              <Failure
                error={editor.failed}
                title="The data could not be asked for"
                onRetry={editor.refresh}
              />
            ) : vis === null || drawn === null ? (
              <Start editor={editor} onVis={change} />
            ) : (
              <Visualization
                vis={drawn}
                table={table.data?.table ?? null}
                error={table.error}
                stale={table.isPlaceholderData}
                onFilter={filters => update({ filters: addFilters(state.filters, filters) })}
                onDocuments={filters => navigate(linkTo(editor, filters))}
                onZoom={(from, to) => changeRange(absoluteRange(from, to))}
              />
            )}
          </div>
          <footer className={styles.foot}>
            <p role="status">
              {table.data?.table?.total != null &&
                !table.error &&
                `${formatCount(table.data.table.total)} documents · ${Math.round(table.data.tookMillis)} ms`}
            </p>
            {others.length > 0 && (
              <ul aria-label="Other charts">
                {others.map(other => (
                  <li key={other.title}>
                    <button type="button" className="button small" onClick={() => change(other)}>
                      {other.title}
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </footer>
        </main>
        {vis && (
          <Panel
            vis={vis}
            table={table.isPlaceholderData ? null : (table.data?.table ?? null)}
            fields={editor.fields}
            timeField={editor.timeField}
            onVis={change}
          />
        )}
      </div>
      {saving && vis && <Saving editor={editor} vis={vis} onClose={() => setSaving(false)} />}
    </div>
  )
}

const linkTo = (
  { state, index, timeField, vis }: Editor,
  filters: Parameters<typeof addFilters>[1],
): string =>
  documentsUrl({
    index: index ?? '*',
    timeField,
    range: state.range,
    queries: [state.query, ...(vis ? [vis.search.query] : [])],
    filters: [...state.filters, ...(vis?.search.filter ?? []), ...filters],
  })

/** What else the field of the chart could be. */
function alternatives({ fields, timeField, state }: Editor, vis: Vis): Vis[] {
  if (state.draft === null) return []
  const name = vis.aggs.map(a => asText(a.params.field)).find(f => f !== '' && f !== timeField)
  const field = fields.find(f => f.name === name || f.aggregateOn === name)
  if (!field) return []
  const same = (other: Vis) =>
    other.type === vis.type && JSON.stringify(other.aggs) === JSON.stringify(vis.aggs)
  return suggestions(field, timeField).filter(other => !same(other))
}

function IndexMenu({ editor }: { editor: Editor }) {
  const [open, setOpen] = useState(false)
  const { index, views, patterns, update } = editor
  const named = views.map(v => ({
    key: v.title,
    label: v.name,
    note: v.name === v.title ? 'data view' : v.title,
  }))
  const plain = patterns
    .filter(p => !views.some(v => v.title === p.pattern))
    .map(p => ({
      key: p.pattern,
      label: p.pattern === '*' ? 'All indices' : p.pattern,
      note: formatCount(p.docs),
    }))
  const trigger = (
    <button
      type="button"
      className="button"
      aria-expanded={open}
      aria-haspopup="dialog"
      title="Data view"
      onClick={() => setOpen(!open)}
    >
      <span className={styles.index}>
        {index === '*' ? 'All indices' : (views.find(v => v.title === index)?.name ?? index ?? '…')}
      </span>
      <Icon name="down" size={12} />
    </button>
  )
  return (
    <Popover open={open} onOpenChange={setOpen} trigger={trigger} label="Data view">
      <Menu
        label="Data views"
        items={[...named, ...plain].map(item => ({
          ...item,
          chosen: item.key === index,
          onSelect: () => {
            setOpen(false)
            update({ index: item.key })
          },
        }))}
      />
    </Popover>
  )
}

/** Nothing is drawn yet: what to press, and two charts that always make sense. */
function Start({ editor, onVis }: { editor: Editor; onVis: (vis: Vis) => void }) {
  if (editor.fields.length === 0) return null
  const level = editor.fields.find(f => /^(log_?level|log\.level|level|severity)$/.test(f.name))
  const first = [suggest([], editor.timeField), ...(level ? [suggest([level], editor.timeField)] : [])]
  return (
    <div className={styles.start}>
      <p>
        Press a field to see a chart of it. Shift takes it together with the field before; a key from 1 to 0
        changes the form.
      </p>
      <div>
        {first.map(vis => (
          <button key={vis.title} type="button" className="button outlined" onClick={() => onVis(vis)}>
            {vis.title}
          </button>
        ))}
      </div>
    </div>
  )
}

function Saving({ editor, vis, onClose }: { editor: Editor; vis: Vis; onClose: () => void }) {
  const save = useSave()
  const { state, index, timeField, saved } = editor
  const submit = (title: string, description: string, asNew: boolean) =>
    save.mutate(
      {
        vis: {
          ...vis,
          title,
          description,
          search: {
            ...vis.search,
            query: mergedQuery(editor, vis),
            filter: [...vis.search.filter, ...state.filters],
          },
        },
        id: asNew ? null : state.id,
        version: asNew ? null : (saved.data?.version ?? null),
        index: index ?? '*',
        timeField,
      },
      {
        onSuccess: object => {
          onClose()
          // What was part of the page is part of the chart now.
          editor.update({ ...parseEditorUrl(''), id: object.id, range: state.range }, true)
        },
      },
    )
  return (
    <SaveDialog
      title={vis.title}
      description={vis.description}
      existing={state.id !== null}
      busy={save.isPending}
      error={save.error}
      onSave={submit}
      onClose={onClose}
    />
  )
}

/** The page's search takes the place of the chart's own; where both are there they have to hold together. */
function mergedQuery({ state }: Editor, vis: Vis): Vis['search']['query'] {
  const [own, page] = [vis.search.query, state.query]
  if (page.query.trim() === '') return own
  if (own.query.trim() === '' || own.language !== page.language) return page
  return { ...own, query: `(${own.query}) ${own.language === 'kuery' ? 'and' : 'AND'} (${page.query})` }
}
