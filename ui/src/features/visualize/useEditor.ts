// The state of the editor: what the link says, what is saved, and what becomes of both.

import { useCallback, useMemo, useRef, useState } from 'react'
import { useSearch } from 'wouter/use-browser-location'
import { chooseTimeField } from '../../lib/fields'
import { choosePattern, patternsOf } from '../../lib/indexpatterns'
import { resolveRange } from '../../lib/time/range'
import { zoneName } from '../../lib/time/zone'
import type { VisContext } from '../../lib/vis/context'
import { leftOut } from '../../lib/vis/left_out'
import { EMPTY_QUERY, newVis, type Vis } from '../../lib/vis/model'
import { navigate } from '../../state/navigate'
import { useDataViews, useFields, useIndices, useSavedVis, useTable } from './queries'
import { type Draft, type EditorState, formatEditorUrl, parseEditorUrl } from './url'
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

  const saved = useSavedVis(state.id)
  const views = useDataViews()
  const indices = useIndices()
  const patterns = useMemo(() => patternsOf(indices.data ?? []), [indices.data])
  const view = views.data?.find(v => v.id === saved.data?.vis.search.index)
  const known = !indices.isPending && !views.isPending && (state.id === null || !saved.isPending)
  const index = state.index ?? (known ? (view?.title ?? choosePattern(patterns)) : null)
  const fields = useFields(index)
  const timeField = useMemo(() => {
    const named = views.data?.find(v => v.title === index)
    return named?.timeField ?? chooseTimeField(fields.data ?? [])
  }, [views.data, index, fields.data])

  const { draft, query, filters } = state
  const vis = useMemo((): Vis | null => {
    const base = saved.data?.vis ?? (draft === null ? null : newVis(draft.type))
    return base && { ...base, ...draft, notes: draft === null ? base.notes : leftOut(draft) }
  }, [saved.data, draft])
  const range = useMemo(() => resolveRange(state.range, now), [state.range, now])
  const context = useMemo((): VisContext | null => {
    if (fields.data === undefined || width === 0 || range === null) return null
    return {
      range: timeField === null ? null : range,
      timeField,
      timeZone: zoneName(),
      query,
      filters,
      width,
      fields: fields.data,
    }
  }, [fields.data, width, range, timeField, query, filters])
  const table = useTable(vis, index, context, now)
  const goesOn = useTyping()
  const change = useCallback(
    ({ type, params, aggs }: Draft) => update({ draft: { type, params, aggs } }, goesOn()),
    [update, goesOn],
  )
  return {
    state,
    update,
    change,
    saved,
    views: views.data ?? [],
    patterns,
    index,
    fields: fields.data ?? [],
    timeField,
    vis,
    range,
    now,
    table,
    failed: saved.error ?? indices.error ?? fields.error,
    refresh: () => setNow(Date.now()),
    title: saved.data?.vis.title ?? '',
    unsaved: draft !== null || query.query !== EMPTY_QUERY.query || filters.length > 0,
  }
}
