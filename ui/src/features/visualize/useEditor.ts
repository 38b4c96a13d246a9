// The state of the editor: what the link says, what is saved, and what becomes of both.

import { useCallback, useMemo, useRef, useState } from 'react'
import type { PanelSource } from '../../lib/dashboard/model'
import { viewOf } from '../../lib/dashboard/views'
import { chooseTimeField } from '../../lib/fields'
import { choosePattern, patternsOf } from '../../lib/indexpatterns'
import { resolveRange } from '../../lib/time/range'
import { zoneName } from '../../lib/time/zone'
import type { VisContext } from '../../lib/vis/context'
import { type Draft, type EditorState, formatEditorUrl, parseEditorUrl } from '../../lib/vis/editor_url'
import { leftOut } from '../../lib/vis/left_out'
import { EMPTY_QUERY, newVis, type Vis } from '../../lib/vis/model'
import { useDataViews } from '../../shell/useDataViews'
import { navigate, useSearch } from '../../state/navigate'
import { useChart, useFields, useIndices, useTable } from './queries'
import { useBoard } from './useBoard'
import { useTyping } from './useTyping'

export type Editor = ReturnType<typeof useEditor>

export function useEditor(width: number) {
  const search = useSearch()
  const state = useMemo(() => parseEditorUrl(search), [search])
  const latest = useRef(state)
  latest.current = state
  const [now, setNow] = useState(() => Date.now())
  const update = useCallback((patch: Partial<EditorState>, replace = false) => {
    // Two changes in one moment must not undo each other.
    latest.current = { ...latest.current, ...patch }
    navigate(formatEditorUrl(latest.current), { replace })
  }, [])

  const { id, draft } = state
  const place = useSteady(state.board)
  const { board, ...boardState } = useBoard(place)
  const panelSource = board?.panel?.source ?? null
  const source = useMemo(
    (): PanelSource | null =>
      panelSource ?? (id === null ? null : { kind: 'library', key: { type: 'visualization', id } }),
    [panelSource, id],
  )
  const chart = useChart(source)
  const saved = source === null ? null : (chart.data ?? null)
  const views = useDataViews()
  const indices = useIndices()
  const patterns = useMemo(() => patternsOf(indices.data ?? []), [indices.data])
  const comes = boardState.pending || (source !== null && chart.isPending)
  const view = saved && views.data ? viewOf(saved.vis.search.index, views.data) : null
  const known = !indices.isPending && !views.isPending && !comes
  const index = state.index ?? (known ? (view?.title ?? choosePattern(patterns)) : null)
  const fields = useFields(index)
  const timeField = useMemo(() => {
    const named = view?.title === index ? view : views.data?.views.find(v => v.title === index)
    return named ? named.timeField : chooseTimeField(fields.data ?? [])
  }, [view, views.data, index, fields.data])

  const title = state.title ?? board?.panel?.title ?? saved?.vis.title ?? ''
  const query = state.query ?? saved?.vis.search.query ?? EMPTY_QUERY
  const filters = state.filters ?? saved?.vis.search.filter ?? NO_FILTERS
  const vis = useMemo((): Vis | null => {
    const base = saved?.vis ?? (draft === null || comes ? null : newVis(draft.type))
    if (base === null) return null
    const notes = draft === null ? base.notes : leftOut(draft)
    return { ...base, ...draft, title, search: { ...base.search, query, filter: filters }, notes }
  }, [saved, draft, comes, title, query, filters])
  const range = useMemo(() => resolveRange(state.range, now), [state.range, now])
  const narrowing = board?.narrowing ?? NO_NARROWING
  const context = useMemo((): VisContext | null => {
    if (fields.data === undefined || width === 0 || range === null) return null
    return {
      range: timeField === null ? null : range,
      timeField,
      timeZone: zoneName(),
      ...narrowing,
      width,
      fields: fields.data,
    }
  }, [fields.data, width, range, timeField, narrowing])
  const table = useTable(vis, index, context, now)
  const goesOn = useTyping()
  const change = useCallback(
    ({ type, params, aggs }: Draft) => update({ draft: { type, params, aggs } }, goesOn()),
    [update, goesOn],
  )
  const retitle = useCallback((text: string) => update({ title: text }, goesOn()), [update, goesOn])
  return {
    state,
    update,
    change,
    retitle,
    board,
    source,
    saved,
    views: views.data?.views ?? [],
    patterns,
    index,
    fields: fields.data ?? [],
    timeField,
    title,
    query,
    filters,
    vis,
    range,
    now,
    table,
    failed: boardState.error ?? chart.error ?? indices.error ?? fields.error,
    refresh: () => setNow(Date.now()),
    unsaved:
      vis !== null &&
      (saved === null ||
        (state.index !== null && state.index !== view?.title) ||
        differs(vis, saved.vis, title, board?.panel?.title ?? null)),
  }
}

const NO_FILTERS: Vis['search']['filter'] = []
const NO_NARROWING = { query: EMPTY_QUERY, filters: NO_FILTERS }

function differs(vis: Vis, saved: Vis, title: string, panelTitle: string | null): boolean {
  const part = ({ type, params, aggs, search }: Vis) => JSON.stringify([type, params, aggs, search])
  return title !== (panelTitle ?? saved.title) || part(vis) !== part(saved)
}

/** The same object for as long as it says the same. */
function useSteady<T>(value: T): T {
  const text = JSON.stringify(value)
  return useMemo(() => value, [text])
}
