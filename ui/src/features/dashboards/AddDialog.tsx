import { useMemo, useState } from 'react'
import { Dialog } from '../../components/Dialog'
import { Tabs } from '../../components/Tabs'
import { type Dashboard, emptyChoice, freshId } from '../../lib/dashboard/model'
import { addChart, addPanel } from '../../lib/dashboard/panels'
import { type Views, viewOf } from '../../lib/dashboard/views'
import { canAggregate, type Field } from '../../lib/fields'
import { titleOf as nameOf, type SavedObject } from '../../lib/savedobjects'
import { newVis, type Vis } from '../../lib/vis/model'
import { kindLabel } from '../../lib/vis/names'
import { suggestions } from '../../lib/vis/suggest'
import { useForget } from '../../state/forget'
import { texts } from '../../texts/dashboards'
import styles from './Dialogs.module.css'
import { Preview } from './Preview'
import { newView, useLibrary, usePatterns, useViewFields } from './queries'
import type { DashboardPageState } from './useDashboard'

const TABS = [
  ['field', texts.fromAField],
  ['library', texts.fromTheLibrary],
  ['text', texts.text],
  ['control', texts.control],
] as const
type Tab = (typeof TABS)[number][0]

interface Props {
  page: DashboardPageState
  views: Views
  /** The charts of the dashboard's panels. */
  charts: Iterable<Vis>
  onClose: () => void
}

/** A new panel: a chart that is suggested for a field, one of the library, a text; or a control. */
export function AddDialog({ page, views, charts, onClose }: Props) {
  const [tab, setTab] = useState<Tab>('field')
  const first = usualView(charts, views)
  const add = (change: (dashboard: Dashboard) => Dashboard) => {
    page.edit(change)
    onClose()
  }
  return (
    <Dialog label={texts.addAPanel} onClose={onClose}>
      <div className={styles.dialog}>
        <h2>{texts.addAPanel}</h2>
        <Tabs label={texts.kinds} tabs={TABS} current={tab} onChange={setTab} />
        {tab === 'field' && (
          <FromField page={page} views={views} first={first} onAdd={vis => add(d => addChart(d, vis))} />
        )}
        {tab === 'library' && <FromLibrary onAdd={object => add(d => withObject(d, object))} />}
        {tab === 'text' && (
          <TextForm onAdd={text => add(d => addChart(d, newVis('markdown', [], { markdown: text })))} />
        )}
        {tab === 'control' && <ControlForm views={views} first={first} onAdd={add} />}
      </div>
    </Dialog>
  )
}

/** The id of the data view that most panels look at, else of the standard one; empty where there is none. */
export function usualView(charts: Iterable<Vis>, views: Views): string {
  const uses = new Map<string, number>()
  for (const { search } of charts) {
    const view = search.index === null ? views.standard : viewOf(search.index, views)
    if (view && views.views.includes(view)) uses.set(view.id, (uses.get(view.id) ?? 0) + 1)
  }
  const [most] = [...uses].sort((a, b) => b[1] - a[1])
  return most?.[0] ?? views.standard?.id ?? ''
}

/** A part of the dialog that begins with the data view of this id. */
interface FirstView {
  views: Views
  first: string
}

const withObject = (dashboard: Dashboard, { type, id }: SavedObject): Dashboard =>
  addPanel(dashboard, { kind: 'library', key: { type, id } }, type === 'search' ? [48, 16] : [24, 14])
    .dashboard

interface ViewProps {
  views: Views
  value: string
  onChange: (id: string) => void
}

const NEW_VIEW = 'new '

/** The data view to take fields from; indices without one get theirs when they are chosen. */
function ViewSelect({ views, value, onChange }: ViewProps) {
  const patterns = usePatterns(views)
  const forget = useForget()
  const [fault, setFault] = useState<string | null>(null)
  const choose = async (chosen: string) => {
    setFault(null)
    if (!chosen.startsWith(NEW_VIEW)) return onChange(chosen)
    try {
      const view = await newView(chosen.slice(NEW_VIEW.length))
      await forget('data_views')
      onChange(view.id)
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <label className={styles.field}>
      <span>{texts.dataView}</span>
      <select className="input" value={value} onChange={e => void choose(e.target.value)}>
        {value === '' && <option value="">{texts.chooseTheLogsToLook}</option>}
        {views.views.map(view => (
          <option key={view.id} value={view.id}>
            {view.name}
          </option>
        ))}
        {(patterns.data ?? []).length > 0 && (
          <optgroup label={texts.indicesWithoutADataView}>
            {patterns.data?.map(pattern => (
              <option key={pattern} value={NEW_VIEW + pattern}>
                {pattern}
              </option>
            ))}
          </optgroup>
        )}
      </select>
      {fault && (
        <span className={styles.fault} role="alert">
          {fault}
        </span>
      )}
    </label>
  )
}

function FromField({
  page,
  views,
  first,
  onAdd,
}: FirstView & { page: DashboardPageState; onAdd: (vis: Vis) => void }) {
  const [picked, setView] = useState<string | null>(null)
  const view = picked ?? first
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<Field | null>(null)
  const shown = views.views.find(v => v.id === view) ?? null
  const fields = useViewFields(shown?.title ?? null)
  const found = useMemo(
    () =>
      (fields.data ?? []).filter(
        f => (canAggregate(f) || f.kind === 'geo') && f.name.toLowerCase().includes(text.toLowerCase()),
      ),
    [fields.data, text],
  )
  const charts = useMemo(
    () =>
      (chosen ? suggestions(chosen, shown?.timeField ?? null) : []).map(vis => ({
        ...vis,
        search: { ...vis.search, index: shown?.id ?? null },
      })),
    [chosen, shown],
  )
  return (
    <>
      <ViewSelect views={views} value={view} onChange={setView} />
      {chosen === null ? (
        <>
          <input
            className="input"
            type="search"
            aria-label={texts.findAField}
            placeholder={texts.findAField}
            value={text}
            onChange={e => setText(e.target.value)}
          />
          <ul className={styles.list} aria-label={texts.fields}>
            {found.slice(0, 200).map(field => (
              <li key={field.name}>
                <button type="button" className={styles.item} onClick={() => setChosen(field)}>
                  <span>{field.name}</span>
                  <em>{field.type}</em>
                </button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <div className={styles.ways}>
            <button type="button" className="button outlined" onClick={() => setChosen(null)}>
              {texts.anotherField}
            </button>
          </div>
          <ul className={styles.columns} aria-label={texts.suggestedCharts}>
            {charts.slice(0, 6).map(vis => (
              <li key={`${vis.type} ${vis.title}`}>
                <Preview vis={vis} view={shown} narrowing={page.narrowing} onAdd={() => onAdd(vis)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

function FromLibrary({ onAdd }: { onAdd: (object: SavedObject) => void }) {
  const [text, setText] = useState('')
  const found = useLibrary(text.trim() === '' ? '' : `${text.trim()}*`)
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={texts.findAChart}
        placeholder={texts.findAChartOrASaved}
        value={text}
        onChange={e => setText(e.target.value)}
      />
      <ul className={styles.list} aria-label={texts.library}>
        {found.data?.objects.map(object => (
          <li key={`${object.type} ${object.id}`}>
            <button type="button" className={styles.item} onClick={() => onAdd(object)}>
              <span>{nameOf(object)}</span>
              <em>{kindLabel(object.type, object.attributes)}</em>
            </button>
          </li>
        ))}
      </ul>
      {found.data?.total === 0 && <p className={styles.note}>{texts.nothingIsSavedUnderThisName}</p>}
    </>
  )
}

function TextForm({ onAdd }: { onAdd: (text: string) => void }) {
  const [text, setText] = useState('')
  return (
    <>
      <label className={styles.field}>
        <span>Markdown</span>
        <textarea className={`input ${styles.area}`} value={text} onChange={e => setText(e.target.value)} />
      </label>
      <div className={styles.ways} data-end="true">
        <button
          type="button"
          className="button primary"
          disabled={text.trim() === ''}
          onClick={() => onAdd(text)}
        >
          {texts.addTheText}
        </button>
      </div>
    </>
  )
}

function ControlForm({
  views,
  first,
  onAdd,
}: FirstView & { onAdd: (change: (dashboard: Dashboard) => Dashboard) => void }) {
  const [picked, setView] = useState<string | null>(null)
  const view = picked ?? first
  const [text, setText] = useState('')
  const shown = views.views.find(v => v.id === view) ?? null
  const fields = useViewFields(shown?.title ?? null)
  const found = (fields.data ?? []).filter(
    f => canAggregate(f) && f.kind !== 'date' && f.name.toLowerCase().includes(text.toLowerCase()),
  )
  const add = (field: Field) =>
    onAdd(d => {
      const kind = field.kind === 'number' ? ('range' as const) : ('options' as const)
      const control = {
        id: freshId(d),
        kind,
        title: field.name,
        field: field.aggregateOn ?? field.name,
        view: shown?.id ?? null,
        chosen: emptyChoice(kind),
      }
      return { ...d, controls: [...d.controls, control] }
    })
  return (
    <>
      <p className={styles.note}>{texts.narrowsAllPanelsDown}</p>
      <ViewSelect views={views} value={view} onChange={setView} />
      <input
        className="input"
        type="search"
        aria-label={texts.findAField}
        placeholder={texts.findAField}
        value={text}
        onChange={e => setText(e.target.value)}
      />
      <ul className={styles.list} aria-label={texts.fields}>
        {found.slice(0, 200).map(field => (
          <li key={field.name}>
            <button type="button" className={styles.item} onClick={() => add(field)}>
              <span>{field.name}</span>
              <em>{field.kind === 'number' ? texts.spanOfNumbers : texts.listOfValues}</em>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}
