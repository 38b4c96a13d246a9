import { useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { ApiError } from '../../api/errors'
import { Icon } from '../../components/Icon'
import type { PaletteItem } from '../../components/Palette'
import { RefreshMenu } from '../../components/RefreshMenu'
import { TimePicker } from '../../components/TimePicker'
import { ZoneMenu } from '../../components/ZoneMenu'
import type { Page } from '../../lib/canvas/model'
import { describeRange } from '../../lib/time/range'
import { PageBar } from '../../shell/PageBar'
import { Failure, Nothing, Waiting } from '../../shell/States'
import { recentRanges } from '../../state/recent'
import { texts } from '../../texts/reports'
import { AddMenu } from './AddMenu'
import { Inspector } from './Inspector'
import { Pages } from './Pages'
import { PageView } from './PageView'
import styles from './ReportPage.module.css'
import { SaveDialog } from './SaveDialog'
import { ShareMenu } from './ShareMenu'
import { useKeysOfReport } from './useKeysOfReport'
import { usePageSize } from './usePageSize'
import { NEW, useReport } from './useReport'
import { useSave } from './useSave'
import { useSelection } from './useSelection'
import { useZoom, ZOOMS, type Zoom } from './useZoom'

type Open = 'save' | 'add' | 'time' | null

/** One report, by its id; `new` is one that is not saved yet. */
export function ReportPage({ id }: { id: string }) {
  const isNew = id === NEW
  const report = useReport(id)
  const { workpad, url, update } = report
  const [editing, setEditing] = useState(isNew || report.changed)
  const [open, setOpen] = useState<Open>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [wanted, setWanted] = useState<Zoom>('fit')
  const room = useRef<HTMLElement>(null)
  const zoom = useZoom(room, workpad, wanted, url.full)
  const number = Math.min(url.page, workpad.pages.length)
  const page = workpad.pages[number - 1] as Page
  const selection = useSelection(report, page.id)
  const save = useSave(id, report, changed => {
    setOpen(now => (now === 'save' ? null : now))
    // Who has gone on is not at the end.
    if (!changed) setEditing(false)
  })
  const shown = editing && !url.full
  const failed = !isNew && report.saved.error !== null
  const loading = !isNew && report.saved.isPending
  usePageSize(workpad.width, workpad.height)

  const go = (to: number) => {
    update({ page: to }, true)
    room.current?.querySelector(`[data-page="${to}"]`)?.scrollIntoView({ block: 'start' })
  }
  const saveNow = () => (isNew || workpad.name === '' ? setOpen('save') : save.now())
  const present = (full: boolean) => {
    update({ full })
    // Without the browser's own full screen it is a page without its head, which does as well.
    if (full) void document.documentElement.requestFullscreen?.().catch(() => {})
    else if (document.fullscreenElement) void document.exitFullscreen()
  }
  const keys = useKeysOfReport({
    report,
    selection,
    editing: shown,
    pages: workpad.pages.length,
    number,
    go,
    onSave: saveNow,
    onTime: () => !url.full && setOpen('time'),
    onLeave: () => present(false),
  })
  // A link to a page opens at it.
  const arrived = useRef(false)
  useEffect(() => {
    if (loading || arrived.current) return
    arrived.current = true
    if (number > 1) room.current?.querySelector(`[data-page="${number}"]`)?.scrollIntoView({ block: 'start' })
  }, [loading, number])
  const discard = () => {
    report.discard()
    selection.select(new Set())
    setEditing(isNew)
    if (!isNew) void report.saved.refetch()
  }
  const heading = workpad.name || (isNew ? texts.newReport : texts.report)
  const commands: PaletteItem[] = failed
    ? []
    : [
        command('edit', editing ? texts.stopEditing : texts.editTheReport, () => setEditing(!editing)),
        command('add', texts.addAnElement, () => {
          setEditing(true)
          setOpen('add')
        }),
        command('save', texts.saveTheReport, saveNow),
        command('full', texts.slideShow, () => present(!url.full)),
        command('print', texts.printTheReport, () => print()),
        ...keys,
      ]
  const list = url.full ? [page] : workpad.pages
  return (
    <div className={styles.page} data-full={url.full}>
      {!url.full && (
        <>
          <PageBar current="/reports" commands={commands} />
          <section className={styles.bar} aria-label={texts.report}>
            <Link
              href="/reports"
              className="button quiet icon"
              aria-label={texts.allReports}
              title={texts.allReports}
            >
              <Icon name="left" />
            </Link>
            <h1 title={heading}>{heading}</h1>
            <span className={styles.gap} />
            {!failed && (
              <>
                <TimePicker
                  range={report.range}
                  now={report.now}
                  recent={open === 'time' ? recentRanges() : []}
                  open={open === 'time'}
                  onOpenChange={now => setOpen(now ? 'time' : null)}
                  onChange={report.changeRange}
                />
                <ZoneMenu />
                <RefreshMenu
                  every={report.every}
                  onEvery={every => update({ refresh: every ?? 0 })}
                  onRefresh={report.refresh}
                />
              </>
            )}
          </section>
          {!failed && (
            <section className={styles.tools} aria-label={texts.tools}>
              <select
                className="input"
                aria-label={texts.zoom}
                value={String(wanted)}
                onChange={e => setWanted(e.target.value === 'fit' ? 'fit' : Number(e.target.value))}
              >
                {ZOOMS.map(z => (
                  <option key={z} value={String(z)}>
                    {z === 'fit' ? texts.fit(Math.round(zoom * 100)) : `${z * 100} %`}
                  </option>
                ))}
              </select>
              {editing && (
                <>
                  <button
                    type="button"
                    className="button quiet small"
                    disabled={!report.canUndo}
                    onClick={report.undo}
                  >
                    {texts.undo}
                  </button>
                  <button
                    type="button"
                    className="button quiet small"
                    disabled={!report.canRedo}
                    onClick={report.redo}
                  >
                    {texts.redo}
                  </button>
                </>
              )}
              <span className={styles.gap} />
              {editing && (
                <AddMenu
                  report={report}
                  selection={selection}
                  open={open === 'add'}
                  onOpenChange={now => setOpen(now ? 'add' : null)}
                  onFault={setFault}
                />
              )}
              {(editing || report.changed) && (
                <button type="button" className="button primary small" disabled={save.busy} onClick={saveNow}>
                  {texts.save}
                </button>
              )}
              {editing && !isNew && (
                <button type="button" className="button quiet small" onClick={() => setOpen('save')}>
                  {texts.saveAs}
                </button>
              )}
              {report.changed && (
                <button type="button" className="button quiet small" onClick={discard}>
                  {texts.discard}
                </button>
              )}
              <button
                type="button"
                className="button quiet small"
                aria-pressed={editing}
                onClick={() => {
                  selection.select(new Set())
                  setEditing(!editing)
                }}
              >
                {editing ? texts.done : texts.edit}
              </button>
              <button type="button" className="button quiet small" onClick={() => present(true)}>
                <Icon name="play" size={13} /> {texts.present}
              </button>
              <ShareMenu id={id} report={report} page={page} number={number} room={room} onFault={setFault} />
            </section>
          )}
        </>
      )}
      {(fault ?? (open !== 'save' && save.fault)) && (
        <p className={styles.fault} role="alert">
          {fault ?? save.fault}
          {fault && (
            <button type="button" className="button small" onClick={() => setFault(null)}>
              {texts.close}
            </button>
          )}
        </p>
      )}
      {workpad.notes.length > 0 && !url.full && <p className={styles.notes}>{workpad.notes.join(' ')}</p>}
      <div className={styles.body}>
        {!url.full && !failed && !loading && (
          <Pages report={report} current={page} editing={editing} onGo={go} />
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
        <main ref={room} className={styles.room} aria-label={heading} tabIndex={0} data-full={url.full}>
          {shown && (
            <p className="visually-hidden" id="report-keys">
              {texts.arrowKeysMove}
            </p>
          )}
          {loading ? (
            <Waiting rows={10} label={texts.loadingTheReport} />
          ) : report.saved.error instanceof ApiError && report.saved.error.status === 404 ? (
            <Nothing title={texts.thereIsNoSuchReport}>
              <p>{texts.nothingIsSavedUnderItMay(id)}</p>
              <p>
                <Link className="button primary" href="/reports">
                  {texts.allReports}
                </Link>
              </p>
            </Nothing>
          ) : failed && report.saved.error ? (
            <Failure
              error={report.saved.error}
              title={texts.theReportDidNotCome}
              onRetry={() => void report.saved.refetch()}
            />
          ) : (
            list.map(one => (
              <PageView
                key={one.id}
                page={one}
                number={workpad.pages.indexOf(one) + 1}
                workpad={workpad}
                moment={report.moment}
                zoom={zoom}
                editing={
                  shown
                    ? {
                        selected: selection.ids,
                        onSelect: ids => {
                          selection.select(ids)
                          const to = workpad.pages.indexOf(one) + 1
                          if (to !== number) update({ page: to }, true)
                        },
                        onPlaces: selection.place,
                        onKey: selection.onKey,
                      }
                    : null
                }
              />
            ))
          )}
        </main>
        {shown && !failed && !loading && <Inspector report={report} selection={selection} pageId={page.id} />}
      </div>
      {url.full && (
        <p className={styles.slide}>
          <button type="button" disabled={number === 1} onClick={() => update({ page: number - 1 }, true)}>
            <Icon name="left" /> <span className="visually-hidden">{texts.pageBefore}</span>
          </button>
          <span aria-live="polite">{texts.pageOf(number, workpad.pages.length)}</span>
          <button
            type="button"
            disabled={number === workpad.pages.length}
            onClick={() => update({ page: number + 1 }, true)}
          >
            <Icon name="right" /> <span className="visually-hidden">{texts.nextPage}</span>
          </button>
          <button type="button" onClick={() => present(false)}>
            <Icon name="close" /> <span className="visually-hidden">{texts.leaveTheSlideShow}</span>
          </button>
        </p>
      )}
      <p className="visually-hidden" aria-live="polite">
        {selection.said}
      </p>
      {open === 'save' && (
        <SaveDialog
          name={workpad.name}
          keepTime={workpad.range !== null}
          isNew={isNew}
          time={describeRange(report.range, report.now)}
          busy={save.busy}
          fault={save.fault}
          onSave={save.as}
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
