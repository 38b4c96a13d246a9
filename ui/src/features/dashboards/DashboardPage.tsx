import { useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'wouter'
import { ApiError } from '../../api/errors'
import { exportObjects } from '../../api/saved'
import { Icon } from '../../components/Icon'
import type { PaletteItem } from '../../components/Palette'
import { RefreshMenu } from '../../components/RefreshMenu'
import { saveText } from '../../components/save'
import { TimePicker } from '../../components/TimePicker'
import { ZoneMenu } from '../../components/ZoneMenu'
import type { Panel } from '../../lib/dashboard/model'
import { changePanel } from '../../lib/dashboard/panels'
import { formatDashboardUrl, NEW } from '../../lib/dashboard/url'
import { describeRange, zoomOut } from '../../lib/time/range'
import { formatEditorUrl, parseEditorUrl } from '../../lib/vis/editor_url'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Waiting } from '../../shell/States'
import { useDataViews } from '../../shell/useDataViews'
import { navigate } from '../../state/navigate'
import { recentRanges } from '../../state/recent'
import { texts } from '../../texts/dashboards'
import { AddDialog, usualView } from './AddDialog'
import { AnnotationDialog } from './AnnotationDialog'
import { ControlBar } from './ControlBar'
import styles from './DashboardPage.module.css'
import { EditBar } from './EditBar'
import { EmptyBoard } from './EmptyBoard'
import { Grid } from './Grid'
import { LibraryDialog } from './LibraryDialog'
import { PanelDialog } from './PanelDialog'
import { PanelView, titleOf } from './PanelView'
import { Pills } from './Pills'
import { useMoments } from './queries'
import { SaveDialog } from './SaveDialog'
import { SearchBar } from './SearchBar'
import { useDashboard } from './useDashboard'
import { useKeys } from './useKeys'
import { useSave } from './useSave'
import { useUnlink } from './useUnlink'

export type Open = 'save' | 'add' | 'annotations' | { named: Panel } | { kept: Panel } | null

/** One dashboard, by its id; `new` is one that is not saved yet. */
export function DashboardPage({ id }: { id: string }) {
  const isNew = id === NEW
  const page = useDashboard(isNew ? null : id)
  const { dashboard, url, update, edit } = page
  const [editing, setEditing] = useState(isNew || page.returned || page.arrival !== null)
  const [open, setOpen] = useState<Open>(null)
  const [timeOpen, setTimeOpen] = useState(false)
  const searchRef = useRef<HTMLInputElement>(null)
  const views = useDataViews()
  const { charts, chartsError: error } = page
  const moments = useMoments(dashboard.annotations, page.narrowing)
  const save = useSave(page, changed => {
    setOpen(now => (now === 'save' ? null : now))
    // Who has gone on is not at the end.
    if (!changed) setEditing(false)
  })
  const library = useUnlink(page)
  const discard = () => {
    page.discard()
    setEditing(isNew)
    // Somebody else may have saved it meanwhile.
    if (!isNew) void page.saved.refetch()
  }
  const keys = useKeys({
    focusSearch: () => searchRef.current?.focus(),
    openTimePicker: () => !url.full && setTimeOpen(true),
    zoomOut: () => page.narrowing && page.changeRange(zoomOut(page.narrowing.range)),
    refresh: page.refresh,
  })
  const only = dashboard.panels.find(p => p.id === url.panel)
  const panels = useMemo(
    () => (only ? [{ ...only, place: { x: 0, y: 0, w: 48, h: 34 } }] : dashboard.panels),
    [only, dashboard.panels],
  )
  const toEditor = (panel: Panel | null, index: string | null) =>
    navigate(
      formatEditorUrl({
        ...parseEditorUrl(''),
        board: { id, panel: panel?.id ?? null, search: formatDashboardUrl({ ...url, panel: null }) },
        index,
        range: panel?.range ?? page.range,
      }),
    )
  const edited = (panel: Panel) => toEditor(panel, null)
  const newChart = () => {
    const usual = views.data && usualView(charts.values(), views.data)
    toEditor(null, views.data?.views.find(v => v.id === usual)?.title ?? null)
  }
  const nameOf = (panel: Panel) => titleOf(panel, charts.get(panel.id))
  useEffect(() => {
    if (!url.full && url.panel === null) return
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !document.querySelector('dialog[open]'))
        update({ full: false, panel: null })
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [url.full, url.panel, update])
  const failed = !isNew && page.saved.error !== null
  const commands: PaletteItem[] = failed
    ? keys
    : [
        command('edit', editing ? texts.stopEditing : texts.editTheDashboard, () => setEditing(!editing)),
        command('chart', texts.createAChart, newChart),
        command('add', texts.addAPanel, () => setOpen('add')),
        command('save', texts.saveTheDashboard, () => setOpen('save')),
        command('full', texts.fullScreen, () => update({ full: !url.full })),
        ...keys,
        command('export', texts.exportTheDashboard, () => void exportIt(id, dashboard.title)),
        command('print', texts.printTheDashboard, () => print()),
      ]
  const heading = dashboard.title || (isNew ? texts.newDashboard : texts.dashboard)
  return (
    <div className={styles.page} data-full={url.full}>
      {!url.full && (
        <>
          <PageBar current="/dashboards" title={heading} commands={commands} />
          <section className={styles.bar} aria-label={texts.searchAndTime}>
            <Link
              href="/dashboards"
              className="button quiet icon"
              aria-label={texts.allDashboards}
              title={texts.allDashboards}
            >
              <Icon name="left" />
            </Link>
            <h1 title={dashboard.description || heading}>{heading}</h1>
            <p className={styles.printed}>{describeRange(page.range, page.now)}</p>
            <SearchBar
              query={page.query}
              views={views.data ?? null}
              narrowing={page.narrowing}
              inputRef={searchRef}
              onQuery={query => update({ query })}
            />
            <TimePicker
              range={page.range}
              now={page.now}
              recent={timeOpen ? recentRanges() : []}
              open={timeOpen}
              onOpenChange={setTimeOpen}
              onChange={page.changeRange}
            />
            <ZoneMenu />
            <button
              type="button"
              className="button quiet icon"
              aria-label={texts.zoomOut}
              title={texts.twiceTheTime}
              onClick={() => page.narrowing && page.changeRange(zoomOut(page.narrowing.range))}
            >
              <Icon name="zoomOut" />
            </button>
            <RefreshMenu
              every={page.refreshMillis}
              onEvery={every => update({ refresh: every ?? 0 })}
              onRefresh={page.refresh}
            />
          </section>
        </>
      )}
      <section className={styles.sub} data-bare={url.full} aria-label={texts.filtersAndView}>
        <div className={styles.narrow}>
          {views.data && (
            <ControlBar page={page} views={views.data} controls={page.controls} editing={editing} />
          )}
          <Pills filters={page.filters} onFilters={filters => update({ filters })} />
          {!page.narrowed && !url.full && !failed && (
            <span className={styles.hint}>{texts.pressABarASlice}</span>
          )}
        </div>
        {url.full ? (
          <button
            type="button"
            className="button quiet small"
            onClick={() => update({ full: false, panel: null })}
          >
            <Icon name="close" size={13} /> {texts.leaveFullScreen}
          </button>
        ) : failed ? null : (
          <EditBar
            page={page}
            isNew={isNew}
            editing={editing}
            busy={save.busy}
            onEditing={setEditing}
            onOpen={setOpen}
            onNewChart={newChart}
            onSave={save.now}
            onDiscard={discard}
          />
        )}
      </section>
      {save.fault && open !== 'save' && (
        <p className={styles.fault} role="alert">
          {save.fault}
        </p>
      )}
      {library.fault && (
        <p className={styles.fault} role="alert">
          {library.fault}
        </p>
      )}
      {page.fault && (
        <p className={styles.fault} role="alert">
          {texts.theSearchCannotBeRead(page.fault.message)}
        </p>
      )}
      {moments.error && (
        <p className={styles.fault} role="alert">
          {texts.theAnnotationsDidNotCome(moments.error.message)}
        </p>
      )}
      {page.returned && (
        <p className={styles.undo} role="status">
          {texts.yourChangesFromBefore}
          <button type="button" className="button small" onClick={discard}>
            {texts.discardThem}
          </button>
        </p>
      )}
      {page.undo && (
        <p className={styles.undo} role="status">
          {page.undo.text}.
          <button type="button" className="button small" onClick={page.takeBack}>
            {texts.undo}
          </button>
        </p>
      )}
      {dashboard.notes.length > 0 && !url.full && <p className={styles.notes}>{dashboard.notes.join(' ')}</p>}
      <main className={styles.body} aria-label={heading}>
        {!isNew && page.saved.isPending ? (
          <Waiting rows={10} label={texts.loadingTheDashboard} />
        ) : page.saved.error instanceof ApiError && page.saved.error.status === 404 ? (
          <Nothing title={texts.thereIsNoSuchDashboard}>
            <p>{texts.nothingIsSavedUnder(id)}</p>
            <p>
              <Link className="button primary" href="/dashboards">
                {texts.allDashboards}
              </Link>
            </p>
          </Nothing>
        ) : page.saved.error ? (
          <Failure
            error={page.saved.error}
            title={texts.theDashboardDidNotCome}
            onRetry={() => void page.saved.refetch()}
          />
        ) : dashboard.panels.length === 0 ? (
          views.data && (
            <EmptyBoard
              page={page}
              views={views.data}
              onAdd={() => {
                setEditing(true)
                setOpen('add')
              }}
              onNewChart={newChart}
              onFilled={() => setEditing(true)}
            />
          )
        ) : (
          <>
            {(error ?? views.error) && (
              <p className={styles.fault} role="alert">
                {texts.chartsOfTheLibraryDidNotCome} {(error ?? views.error)?.message}
              </p>
            )}
            <Grid
              panels={panels}
              editing={editing && !only}
              titleOf={nameOf}
              onPanels={moved => edit(d => ({ ...d, panels: moved }))}
            >
              {panel => (
                <PanelView
                  panel={panel}
                  vis={charts.get(panel.id) ?? null}
                  views={views.data ?? null}
                  page={page}
                  moments={moments.data}
                  editing={editing}
                  onRename={() => setOpen({ named: panel })}
                  arrived={page.arrival?.panel === panel.id}
                  onEdit={() => edited(panel)}
                  onKeep={() => setOpen({ kept: panel })}
                  onUnlink={title => void library.unlink(panel, title)}
                />
              )}
            </Grid>
          </>
        )}
      </main>
      {open === 'save' && (
        <SaveDialog
          title={dashboard.title}
          description={dashboard.description}
          keepTime={dashboard.range !== null}
          isNew={isNew}
          time={describeRange(page.range, page.now)}
          busy={save.busy}
          fault={save.fault}
          onSave={save.as}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'add' && views.data && (
        <AddDialog page={page} views={views.data} charts={charts.values()} onClose={() => setOpen(null)} />
      )}
      {open === 'annotations' && views.data && (
        <AnnotationDialog page={page} views={views.data} onClose={() => setOpen(null)} />
      )}
      {open !== null && typeof open === 'object' && 'named' in open && (
        <PanelDialog
          panel={open.named}
          title={nameOf(open.named)}
          onChange={change => edit(d => changePanel(d, open.named.id, change))}
          onClose={() => setOpen(null)}
        />
      )}
      {open !== null && typeof open === 'object' && 'kept' in open && (
        <LibraryDialog
          panel={open.kept}
          title={nameOf(open.kept)}
          page={page}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

const command = (id: string, label: string, run: () => void): PaletteItem => ({
  id,
  label,
  kind: texts.command,
  run,
})

async function exportIt(id: string, title: string) {
  saveText(`${title || id}.ndjson`, 'application/ndjson', await exportObjects([{ type: 'dashboard', id }]))
}
