// The keys and commands of a report: its time, its pages, and those of editing.

import { useEffect, useMemo, useRef } from 'react'
import type { Action, ViewContext } from '../../actions/action'
import { refresh } from '../../actions/refresh'
import { isEditing, shortcutKeys } from '../../actions/shortcuts'
import { openTimePicker } from '../../actions/time_open'
import { useShortcuts } from '../../actions/useShortcuts'
import type { PaletteItem } from '../../components/Palette'
import { MOD } from '../../shell/PageBar'
import { texts } from '../../texts/reports'
import { usePageKeys } from './useKeys'
import type { Report } from './useReport'
import type { Selection } from './useSelection'

const ACTIONS: readonly Action<ViewContext>[] = [openTimePicker, refresh]

interface Options {
  report: Report
  selection: Selection
  editing: boolean
  pages: number
  number: number
  go: (page: number) => void
  onSave: () => void
  onTime: () => void
  onLeave: () => void
}

export function useKeysOfReport(options: Options): PaletteItem[] {
  const latest = useRef(options)
  latest.current = options
  const context = useMemo(
    (): ViewContext => ({
      focusSearch: () => {},
      openTimePicker: () => latest.current.onTime(),
      zoomOut: () => {},
      refresh: () => latest.current.report.refresh(),
    }),
    [],
  )
  useShortcuts(ACTIONS, context)
  const { report, selection, editing, onSave } = options
  usePageKeys(editing, {
    undo: report.undo,
    redo: report.redo,
    copy: selection.copy,
    cut: selection.cut,
    paste: selection.paste,
    duplicate: selection.duplicate,
    all: selection.all,
    save: onSave,
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { number, pages, go, report: now, onLeave } = latest.current
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      if (isEditing(event.target, event.key) || event.ctrlKey || event.metaKey || event.altKey) return
      const full = now.url.full
      const step =
        event.key === 'PageDown' || (full && (event.key === 'ArrowRight' || event.key === ' '))
          ? 1
          : event.key === 'PageUp' || (full && event.key === 'ArrowLeft')
            ? -1
            : 0
      const to =
        event.key === 'Home' && full
          ? 1
          : event.key === 'End' && full
            ? pages
            : step === 0
              ? number
              : number + step
      if (full && event.key === 'Escape') onLeave()
      else if (to !== number && to >= 1 && to <= pages) go(to)
      else if (step === 0) return
      event.preventDefault()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  // The browser's own full screen ends by its own key.
  useEffect(() => {
    const left = () => {
      if (!document.fullscreenElement && latest.current.report.url.full) latest.current.onLeave()
    }
    document.addEventListener('fullscreenchange', left)
    return () => document.removeEventListener('fullscreenchange', left)
  }, [])
  return ACTIONS.map(action => ({
    id: action.id,
    label: action.label,
    kind: texts.command,
    keywords: action.keywords,
    ...(action.shortcut && { keys: shortcutKeys(action.shortcut, MOD === '⌘') }),
    run: () => action.run(context),
  }))
}
