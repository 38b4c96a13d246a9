import { useEffect, useMemo, useRef, useState } from 'react'
import { Visualization } from '../../components/charts/Visualization'
import { Icon } from '../../components/Icon'
import { Menu } from '../../components/Menu'
import { Popover } from '../../components/Popover'
import { savePicture } from '../../components/picture'
import { saveText } from '../../components/save'
import { useWidth } from '../../components/useWidth'
import { panelControls } from '../../lib/dashboard/controls'
import { documentsUrl, impliedFilters } from '../../lib/dashboard/documents'
import { freePlace } from '../../lib/dashboard/grid'
import { type Dashboard, freshId, type Panel } from '../../lib/dashboard/model'
import { addFilters } from '../../lib/dashboard/narrow'
import { type Views, viewOf } from '../../lib/dashboard/views'
import { savedUrl } from '../../lib/pages'
import { absoluteRange, describeRange, resolveRange } from '../../lib/time/range'
import { toCsv } from '../../lib/vis/export'
import type { VisFilter } from '../../lib/vis/filter'
import type { Vis } from '../../lib/vis/model'
import { needsSearch } from '../../lib/vis/request'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/dashboards'
import { ControlBar } from './ControlBar'
import { Inspect } from './Inspect'
import styles from './PanelView.module.css'
import { type Moment, type Narrowing, type PanelAnswer, usePanelData, useViewFields } from './queries'
import { useArrival } from './useArrival'
import type { DashboardPageState } from './useDashboard'

interface Props {
  panel: Panel
  vis: Vis | null
  views: Views | null
  page: DashboardPageState
  /** What charts over time mark. */
  moments: Moment[] | undefined
  editing: boolean
  /** It was edited a moment ago. */
  arrived: boolean
  onRename: () => void
  onEdit: () => void
  /** Asks for a title and saves it to the library. */
  onKeep: () => void
  onUnlink: (title: string) => void
}

export const titleOf = (panel: Panel, vis: Vis | null | undefined): string =>
  panel.title ?? (vis?.title || texts.untitledPanel)

/** One panel: its title, its menu, and its chart in whatever state it is. */
export function PanelView(props: Props) {
  const { panel, vis, views, page, moments, editing, arrived } = props
  const [root, width] = useWidth<HTMLElement>()
  useArrival(root, arrived)

  const [menu, setMenu] = useState(false)
  const [inspecting, setInspecting] = useState(false)
  const view = vis && views ? viewOf(vis.search.index, views) : null
  const fields = useViewFields(view?.title ?? null)
  const narrowing = ownTime(panel, page)
  const answer = usePanelData(vis && needsSearch(vis) ? vis : null, view, narrowing, width, views)
  const kept = useKept(answer.isPlaceholderData ? undefined : answer.data)
  const data = answer.data ?? kept
  const title = titleOf(panel, vis)
  const shown = useMemo(
    () => vis && { ...vis, title, params: moments ? { ...vis.params, moments } : vis.params },
    [vis, title, moments],
  )
  const { edit } = page
  const filterBy = (filters: VisFilter[]) => page.update({ filters: addFilters(page.filters, filters) })
  const documents = (filters: VisFilter[]) => {
    if (!vis || !view) return null
    const all = [...(narrowing?.filters ?? []), ...vis.search.filter, ...filters]
    return documentsUrl({
      index: view.title,
      timeField: view.timeField,
      range: panel.range ?? page.range,
      queries: [page.query, vis.search.query],
      filters: [...all, ...impliedFilters(vis, fields.data ?? [], all)],
    })
  }
  const choose = (act: () => void) => () => {
    setMenu(false)
    act()
  }
  const hidden = panel.hideTitle || page.dashboard.hideTitles
  const search =
    panel.source.kind === 'library' && panel.source.key.type === 'search' ? panel.source.key : null
  const own = new Set(vis ? panelControls(panel.id, vis).map(c => c.id) : [])
  const drawn = vis !== null && vis.type !== 'unsupported' && vis.type !== 'controls'
  const items = [
    ...(editing && drawn
      ? [
          search
            ? {
                key: 'edit',
                label: texts.openInDiscover,
                onSelect: choose(() => navigate(savedUrl({ ...search, attributes: {} }) ?? '/discover')),
              }
            : { key: 'edit', label: texts.edit, onSelect: choose(props.onEdit) },
        ]
      : []),
    {
      key: 'full',
      label: page.url.panel === panel.id ? texts.backToTheDashboard : texts.fillThePage,
      onSelect: choose(() => page.update({ panel: page.url.panel === panel.id ? null : panel.id })),
    },
    ...(data && vis && needsSearch(vis)
      ? [
          {
            key: 'documents',
            label: texts.documentsBehindIt,
            onSelect: choose(() => {
              const to = documents([])
              if (to) navigate(to)
            }),
          },
          { key: 'inspect', label: texts.inspectTheRequest, onSelect: choose(() => setInspecting(true)) },
        ]
      : []),
    ...(data?.table
      ? [
          {
            key: 'csv',
            label: texts.downloadAsCsv,
            onSelect: choose(() => data.table && saveText(`${title}.csv`, 'text/csv', toCsv(data.table))),
          },
        ]
      : []),
    ...(drawn && (data?.table || !needsSearch(vis))
      ? [
          {
            key: 'png',
            label: texts.downloadAsPng,
            onSelect: choose(() => root.current && void savePicture(root.current, `${title}.png`)),
          },
        ]
      : []),
    ...(editing
      ? [
          { key: 'rename', label: texts.titleAndTime, onSelect: choose(props.onRename) },
          ...(panel.source.kind === 'own'
            ? [{ key: 'keep', label: texts.saveToLibrary, onSelect: choose(props.onKeep) }]
            : []),
          ...(panel.source.kind === 'library'
            ? [
                {
                  key: 'unlink',
                  label: texts.unlinkFromLibrary,
                  onSelect: choose(() => props.onUnlink(title)),
                },
              ]
            : []),
          { key: 'clone', label: texts.clone, onSelect: choose(() => edit(d => clonePanel(d, panel))) },
          {
            key: 'remove',
            label: texts.remove,
            onSelect: choose(() =>
              edit(d => ({ ...d, panels: d.panels.filter(p => p.id !== panel.id) }), texts.removed(title)),
            ),
          },
        ]
      : []),
  ]
  return (
    <section
      ref={root}
      className={styles.panel}
      data-editing={editing}
      data-arrived={arrived}
      aria-label={title}
    >
      <header className={styles.head} data-hidden={hidden && !editing}>
        <h2 title={vis?.description || title}>{title}</h2>
        {panel.range && <span className={styles.time}>{describeRange(panel.range, page.now)}</span>}
        <span className={styles.took} aria-hidden="true">
          {data && data.tookMillis > 0 && `${data.tookMillis} ms`}
        </span>
        <Popover
          open={menu}
          onOpenChange={setMenu}
          label={texts.panel(title)}
          align="end"
          trigger={
            <button
              type="button"
              className={`button quiet small icon ${styles.more}`}
              aria-label={texts.menuOf(title)}
              aria-expanded={menu}
              onClick={() => setMenu(!menu)}
            >
              <Icon name="more" size={18} />
            </button>
          }
        >
          <Menu label={texts.panel(title)} items={items} />
        </Popover>
      </header>
      <div className={styles.body}>
        {shown === null ? (
          <p className={styles.waiting} role="status" aria-label={texts.loading} />
        ) : shown.type === 'controls' && views ? (
          <ControlBar
            page={page}
            views={views}
            controls={page.inPanels.filter(c => own.has(c.id))}
            editing={false}
          />
        ) : (
          <Visualization
            vis={shown}
            table={data?.table ?? null}
            error={data ? null : answer.error}
            stale={answer.isPlaceholderData && answer.isFetching}
            group="dashboard"
            onFilter={filterBy}
            onDocuments={filters => {
              const to = documents(filters)
              if (to) navigate(to)
            }}
            onZoom={(from, to) => page.changeRange(absoluteRange(from, to))}
          />
        )}
      </div>
      {data && answer.error && (
        <p className={styles.failed} role="alert">
          <Icon name="warning" size={12} /> {texts.theNewestAnswerFailed(answer.error.message)}
        </p>
      )}
      {inspecting && data && (
        <Inspect title={title} requests={data.requests} onClose={() => setInspecting(false)} />
      )}
    </section>
  )
}

/** A panel with a time of its own keeps it, whatever the page shows. */
function ownTime(panel: Panel, page: DashboardPageState): Narrowing | null {
  if (panel.range === null || page.narrowing === null) return page.narrowing
  const range = resolveRange(panel.range, page.now)
  return range && { ...page.narrowing, range }
}

/** The last answer, which stays while a newer one has failed. */
function useKept(answer: PanelAnswer | undefined): PanelAnswer | undefined {
  const kept = useRef(answer)
  useEffect(() => {
    if (answer) kept.current = answer
  }, [answer])
  return kept.current
}

function clonePanel(dashboard: Dashboard, panel: Panel): Dashboard {
  const place = freePlace(dashboard.panels, panel.place.w, panel.place.h)
  return { ...dashboard, panels: [...dashboard.panels, { ...panel, id: freshId(dashboard), place }] }
}
