import { useMemo, useRef } from 'react'
import type { ViewContext } from '../../actions/action'
import { shortcutKeys } from '../../actions/shortcuts'
import { VIEW_ACTIONS } from '../../actions/table'
import { useShortcuts } from '../../actions/useShortcuts'
import type { PaletteItem } from '../../components/Palette'
import { MOD } from '../../shell/PageBar'
import { texts } from '../../texts/dashboards'

/** Listens to the keys of the search and the time, as on Discover. The commands come back for the palette. */
export function useKeys(context: ViewContext): PaletteItem[] {
  const latest = useRef(context)
  latest.current = context
  const steady = useMemo(
    (): ViewContext => ({
      focusSearch: () => latest.current.focusSearch(),
      openTimePicker: () => latest.current.openTimePicker(),
      zoomOut: () => latest.current.zoomOut(),
      refresh: () => latest.current.refresh(),
    }),
    [],
  )
  useShortcuts(VIEW_ACTIONS, steady)
  return VIEW_ACTIONS.map(action => ({
    id: action.id,
    label: action.label,
    kind: texts.command,
    keywords: action.keywords,
    ...(action.shortcut && { keys: shortcutKeys(action.shortcut, MOD === '⌘') }),
    run: () => action.run(steady),
  }))
}
