// The dashboard that a chart is edited for: what it narrows the chart down to, and the way back to it.

import { useMemo } from 'react'
import { type Dashboard, newDashboard, type Panel, type PanelSource } from '../../lib/dashboard/model'
import { narrowingOf } from '../../lib/dashboard/narrow'
import { addPanel, changePanel, sizeOf } from '../../lib/dashboard/panels'
import { dashboardUrl, NEW, parseDashboardUrl } from '../../lib/dashboard/url'
import type { Board } from '../../lib/vis/editor_url'
import type { VisFilter } from '../../lib/vis/filter'
import type { Vis, VisQuery } from '../../lib/vis/model'
import { readDraft, writeDraft } from '../../state/drafts'
import { navigate } from '../../state/navigate'
import { texts } from '../../texts/visualize'
import { useSavedBoard } from './queries'

export interface OpenBoard {
  place: Board
  dashboard: Dashboard
  /** Null for a chart that becomes a new panel. */
  panel: Panel | null
  /** What holds for every panel of it. */
  narrowing: { query: VisQuery; filters: VisFilter[] }
  /** Goes back, and leaves it as it is. */
  leave: () => void
  /** Puts the chart into its panel and goes back. It is not saved: that is for the dashboard to do. */
  put: (source: PanelSource, vis: Vis) => void
}

/** Null while it comes, and where the chart is for the library. */
export function useBoard(place: Board | null): {
  board: OpenBoard | null
  pending: boolean
  error: Error | null
} {
  const id = place?.id ?? null
  const draft = useMemo(() => (id === null ? null : readDraft(id)), [id])
  const saved = useSavedBoard(draft === null && id !== NEW ? id : null)
  const found = draft ?? saved.data ?? (id === NEW ? EMPTY : null)
  const board = useMemo((): OpenBoard | null => {
    if (place === null || found === null) return null
    const { dashboard, version } = found
    const panel = dashboard.panels.find(p => p.id === place.panel) ?? null
    const back = (arrived: string | null) =>
      navigate(dashboardUrl(place.id, parseDashboardUrl(place.search)), { state: { arrived } })
    return {
      place,
      dashboard,
      panel,
      narrowing: narrowingOf(dashboard, parseDashboardUrl(place.search)),
      leave: () => back(place.panel),
      put: (source, vis) => {
        const after =
          panel === null
            ? addPanel(dashboard, source, sizeOf(vis))
            : { id: panel.id, dashboard: changePanel(dashboard, panel.id, { source, title: null }) }
        writeDraft(place.id, { dashboard: after.dashboard, version })
        back(after.id)
      },
    }
  }, [place, found])
  const lost = board !== null && board.place.panel !== null && board.panel === null
  return {
    board,
    pending: place !== null && found === null && saved.error === null,
    error: lost ? new Error(texts.theDashboardHasNoSuchPanel) : saved.error,
  }
}

const EMPTY = { dashboard: newDashboard(), version: null }
